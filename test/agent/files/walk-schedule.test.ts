// When the file systems are walked, and what comes of walks that fail.
import t from 'tap'
import type { WalkAnswer } from '../../../agent/files/walk-answer.ts'
import { frame, unframe, type WalkRequest } from '../../../agent/files/walk-request.ts'
import { lastWalk, type Walk } from '../../../agent/files/walk-schedule.ts'
import type { Failure, Outcome } from '../../../agent/host/host.ts'
import { Gaps, type ProbeContext } from '../../../agent/probe.ts'

const answer: WalkAnswer = {
  ...{ complete: true, reason: '', fileSystems: ['/'], setIdFiles: [], capabilityFiles: [], worldWritableFiles: [] },
  ...{ worldWritableDirectories: [], unowned: [], unownedUnknown: '', cut: [], entries: 1, directories: 1, reused: 0 },
  unreadable: { count: 0, path: '', detail: '' },
}
const minute = 60_000

/** An agent at some time after its start, with walks that end when the test says so. */
function agent(
  outcome: Outcome<Uint8Array> = { state: 'present', path: 'w', value: frame(answer, Buffer.from('m1')) },
) {
  const memory = new Map<string, unknown>()
  const walks: { readonly request: WalkRequest; readonly memory: string; readonly background: boolean }[] = []
  let end: () => void = () => undefined
  const walk: Walk = (request, memory, background) => {
    walks.push({ request, memory: Buffer.from(memory).toString(), background })
    return new Promise(resolve => {
      end = () => resolve(outcome)
    })
  }
  const context = (minutes: number, more: Partial<ProbeContext>): ProbeContext => ({
    ...{ now: new Date(minutes * minute), signal: new AbortController().signal, gaps: new Gaps(), memory },
    ...{ processes: () => Promise.reject(new Error('not asked for')), probePorts: true, oneShot: false, asked: false },
    ...more,
  })
  const look = (minutes: number, more: Partial<ProbeContext> = {}) => lastWalk('/', context(minutes, more), walk)
  const finish = async () => {
    end()
    await new Promise(resolve => setImmediate(resolve))
  }
  return { look, finish, walks }
}

t.test('a look at the host walks only when the probe was asked for by name', async t => {
  const one = agent()
  t.equal(await one.look(0, { oneShot: true }), undefined)
  t.equal(one.walks.length, 0)
  const asked = one.look(0, { oneShot: true, asked: true })
  await one.finish()
  t.match(await asked, { answer: { complete: true }, beganAtMs: 0 })
  t.match(one.walks, [{ request: { root: '/', turn: 0, niceness: 10 }, background: false, memory: '' }])
})

t.test('an agent that stays walks ten minutes after its start, then hourly, and waits for no walk', async t => {
  const one = agent()
  t.equal(await one.look(0), undefined)
  t.equal(await one.look(9), undefined)
  t.equal(one.walks.length, 0)
  t.equal(await one.look(10), undefined, 'the sweep goes on')
  t.equal(await one.look(11), undefined)
  t.equal(one.walks.length, 1, 'one walk at a time')
  await one.finish()
  t.match(await one.look(12), { answer: { fileSystems: ['/'] }, beganAtMs: 10 * minute })
  t.match(await one.look(69), { beganAtMs: 10 * minute })
  t.equal(one.walks.length, 1)
  t.match(await one.look(70), { beganAtMs: 10 * minute }, 'the last walk holds until the next has ended')
  await one.finish()
  t.match(await one.look(71), { beganAtMs: 70 * minute })
  t.match(one.walks, [
    { request: { turn: 0, niceness: 19 }, memory: '', background: true },
    { request: { turn: 1 }, memory: 'm1', background: true },
  ])
})

t.test('a walk that failed is a failure, and is tried again an hour later', async t => {
  const failure: Failure = { state: 'timedOut', path: 'file walk', detail: 'no end after 1 ms' }
  const one = agent(failure)
  await one.look(0)
  await one.look(10)
  await one.finish()
  t.same(await one.look(11), failure)
  t.same(await one.look(69), failure)
  t.equal(one.walks.length, 1)
  await one.look(70)
  t.equal(one.walks.length, 2)
})

t.test('an answer that is none is a failure', async t => {
  for (const text of ['', 'x', '{}', '{"complete":true}\n', JSON.stringify({ ...answer, more: 1 })]) {
    const one = agent({ state: 'present', path: 'w', value: Buffer.from(text) })
    const asked = one.look(0, { asked: true })
    await one.finish()
    t.match(await asked, { state: 'unavailable', detail: 'answered nothing that can be read' }, text)
  }
})

t.test('a message and the bytes behind it are told apart, also when these hold line feeds', async t => {
  const memory = Buffer.from('\n\n\u0000x\n')
  t.same(unframe(frame({ a: 'b\nc' }, memory)), { message: { a: 'b\nc' }, memory })
  t.same(unframe(Buffer.from('{"a":1}')), { message: { a: 1 }, memory: new Uint8Array() })
  t.throws(() => unframe(Buffer.from('')), SyntaxError)
})
