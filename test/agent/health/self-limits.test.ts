// An agent over its budget: it says so, holds itself back, and ends only when nothing else helps.
import t from 'tap'
import { createSelfLimits } from '../../../agent/health/self-limits.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'

const mebibyte = 1024 * 1024

function open(budget = { memoryLimitMib: 200, cpuLimitPercent: 10 }) {
  const clock = createFakeClock()
  const { log, lines } = recordingLog()
  const taken = { rssMib: 100, cpuMs: 0 }
  const calls: string[] = []
  const meters = { rssBytes: () => taken.rssMib * mebibyte, cpuMs: () => taken.cpuMs }
  const limits = createSelfLimits({
    ...{ clock, log, meters, budget: () => budget },
    collectGarbage: () => calls.push('collect'),
  })
  limits.onShortage(() => calls.push('forget'))
  limits.onSlowdown(() => calls.push(`slowdown ${limits.slowdown}`))
  const stop = new AbortController()
  let ended: boolean | undefined
  void limits.run(stop.signal).then(isOver => {
    ended = isOver
  })
  /** so many looks, each with so much processor time before it */
  const look = async (times: number, cpuMs = 0) => {
    for (let time = 0; time < times; time++) {
      taken.cpuMs += cpuMs
      await clock.advance(30_000)
    }
  }
  return { budget, clock, lines, taken, calls, limits, look, stop, ended: () => ended }
}

t.test('memory over the limit is given back first; when that helps, nothing else happens', async t => {
  const { taken, calls, limits, look, lines, ended } = open()
  await look(30)
  taken.rssMib = 201
  await look(1)
  t.same(calls, ['forget', 'collect'])
  t.equal(limits.isMemoryShort, true)
  taken.rssMib = 199
  await look(119)
  t.equal(limits.isMemoryShort, true, 'it is told for an hour')
  await look(2)
  t.equal(limits.isMemoryShort, false)
  t.equal(ended(), undefined)
  t.match(lines, [{ level: 'warn', message: /too much memory/, fields: { rssMib: 201, memoryLimitMib: 200 } }])
})

t.test('when it does not help, the agent ends, and says so', async t => {
  const { taken, calls, look, lines, ended } = open()
  await look(30)
  taken.rssMib = 300
  await look(2)
  t.equal(ended(), undefined)
  await look(1)
  t.equal(ended(), true)
  t.same(calls, ['forget', 'collect'], 'what was given back once is not there to give again')
  t.match(lines.at(-1), { level: 'error', message: /the agent ends/ })
})

t.test('an agent that needs more from its start on is of use for ten minutes before it ends', async t => {
  const { taken, look, lines, ended } = open()
  taken.rssMib = 300
  await look(19)
  t.equal(ended(), undefined)
  t.equal(lines.filter(({ level }) => level === 'error').length, 1, 'and says so once')
  await look(1)
  t.equal(ended(), true)
})

t.test('processor time over the limit makes it look less often, and the other way round', async t => {
  const { look, calls, limits, lines } = open()
  await look(8, 6_000)
  t.same(calls, ['slowdown 2', 'slowdown 4'])
  t.equal(limits.cpuPermille, 200)
  t.match(lines[0], { level: 'warn', fields: { cpuPercent: 20, cpuLimitPercent: 10, slowdown: 2 } })
  await look(30, 300)
  t.same(calls, ['slowdown 2', 'slowdown 4', 'slowdown 2', 'slowdown 1'])
  t.match(lines.at(-1), { level: 'info', message: /more often again/ })
})

t.test('limits that are changed while it runs hold from the next look on, and 0 is none', async t => {
  const { budget, taken, look, calls, limits, ended } = open()
  await look(4, 6_000)
  t.equal(limits.slowdown, 2)
  budget.cpuLimitPercent = 0
  budget.memoryLimitMib = 0
  taken.rssMib = 9_999
  await look(30, 20_000)
  t.equal(limits.slowdown, 1)
  t.same(calls, ['slowdown 2', 'slowdown 1'])
  t.equal(ended(), undefined)
  t.same(limits.budget, { memoryLimitMib: 0, cpuLimitPercent: 0 })
})

t.test('told to stop, it does', async t => {
  const { stop, ended } = open()
  stop.abort()
  await settle()
  t.equal(ended(), false)
})
