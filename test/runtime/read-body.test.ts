// Bodies within a limit: all of what fits, nothing of what does not, and what breaks is told.
import t from 'tap'
import { BodyTooLarge, readBody } from '../../runtime/read-body.ts'

async function* pieces(...texts: readonly string[]) {
  for (const text of texts) yield Buffer.from(text)
}

t.test('what fits is read whole, up to the last byte', async t => {
  t.equal((await readBody(pieces('ab', '', 'c'), 3)).toString(), 'abc')
  t.equal((await readBody(pieces(), 0)).length, 0)
})

t.test('what is larger is given up at once', async t => {
  let asked = 0
  async function* endless() {
    for (;;) {
      asked++
      yield Buffer.alloc(1_000)
    }
  }
  await t.rejects(readBody(endless(), 2_500), {
    name: 'BodyTooLarge',
    message: 'more than 2500 bytes',
    maxBytes: 2_500,
  })
  t.equal(asked, 3)
  t.ok(new BodyTooLarge(1) instanceof Error)
})

t.test('a stream that breaks says so', async t => {
  async function* broken() {
    yield Buffer.from('a')
    throw new Error('reset')
  }
  await t.rejects(readBody(broken(), 10), /reset/)
})
