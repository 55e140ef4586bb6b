// What waits for collectors of earlier versions is tried again until it is done.
import t from 'tap'
import { keepContracting } from '../../../collector/domain/keep-contracting.ts'
import { silentLog } from '../../../runtime/log.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'

function keeping(answers: readonly (boolean | Error)[]) {
  const clock = createFakeClock()
  const stopping = new AbortController()
  const told: string[] = []
  let asked = 0
  const contract = async (progress: (text: string) => void) => {
    const answer = answers[asked++]
    if (answer instanceof Error) throw answer
    if (answer === false) progress('less')
    return answer ?? true
  }
  const log = {
    ...silentLog,
    info: (text: string) => void told.push(text),
    error: (text: string, fields?: object) => void told.push(`${text}: ${JSON.stringify(fields)}`),
  }
  const done = keepContracting({ store: { upkeep: { contract } }, clock, log }, stopping.signal)
  return { clock, stopping, told, done, asked: () => asked }
}

t.test('it is tried every ten seconds, and not again when it is done', async t => {
  const { clock, done, told, asked } = keeping([true, true, false])
  await settle()
  await clock.advance(9_999)
  t.equal(asked(), 1)
  await clock.advance(1)
  t.equal(asked(), 2)
  await clock.advance(10_000)
  await done
  t.same(told, ['less'])
  await clock.advance(60_000)
  t.equal(asked(), 3)
})

t.test('what fails is said and tried again, until the collector stops', async t => {
  const { clock, done, told, asked, stopping } = keeping([new Error('the server is away'), true])
  await settle()
  await clock.advance(10_000)
  t.equal(asked(), 2)
  t.match(told, [/could not be taken away: .*the server is away/])
  stopping.abort()
  await done
  t.equal(asked(), 2)
})
