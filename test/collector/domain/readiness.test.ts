// Readiness: what keeps a collector from its work is told, and nothing else is.
import t from 'tap'
import { createReadiness } from '../../../collector/domain/readiness.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { recordingLog } from '../../recording-log.ts'

const now = 10_000_000

function readiness(state: {
  ping?: () => Promise<void>
  next?: number | Promise<number>
  ingesting?: boolean
  hangs?: boolean
}) {
  const { log, lines } = recordingLog()
  const sleep = (ms: number, signal?: AbortSignal) =>
    ms === 15_000 ? Promise.resolve() : systemClock.sleep(ms, signal)
  const clock = { ...systemClock, now: () => now, sleep: state.hangs ? sleep : systemClock.sleep }
  const store = {
    ping: state.ping ?? (async () => undefined),
    read: { nextJudgementMs: async () => state.next },
  }
  const ask = createReadiness({
    ...{ store: store as never, isIngesting: () => state.ingesting ?? true, clock, log },
  })
  return { ask, lines }
}

t.test('a collector that does its work says nothing', async t => {
  t.same(await readiness({}).ask(), [])
  t.same(await readiness({ next: now - 60_000 }).ask(), [], 'a minute is not far behind')
  t.same(await readiness({ next: now + 60_000 }).ask(), [])
})

t.test('one that stops, cannot write, hangs or is far behind says which', async t => {
  t.same(await readiness({ ingesting: false }).ask(), ['the collector stops: agents cannot connect'])
  t.same(await readiness({ ping: () => new Promise(() => undefined), hangs: true }).ask(), [
    'the database has not answered for 15 s',
  ])
  t.same(await readiness({ next: now - 20 * 60_000 }).ask(), ['judging is 20 minutes behind'])
})

t.test('every reason is told, and reads that fail are one', async t => {
  const ping = () => Promise.reject(new Error('disk is full'))
  t.same(await readiness({ ping, next: now - 20 * 60_000 }).ask(), [
    'the database cannot be written: disk is full',
    'judging is 20 minutes behind',
  ])
  t.same(await readiness({ ping, next: Promise.reject(new Error('closed')) }).ask(), [
    'the database cannot be written: disk is full',
    'the database cannot be read: closed',
  ])
})

t.test('trouble is logged when it begins, once', async t => {
  const { ask, lines } = readiness({ ingesting: false })
  await ask()
  await ask()
  t.match(lines, [{ level: 'warn', message: 'not ready' }])
  t.equal(lines.length, 1)
})
