// How an agent keeps to its processor time: it looks less often when it takes too much, more often again when it can.
import t from 'tap'
import { createCpuGovernor } from '../../../agent/health/cpu-governor.ts'

const halfMinute = 30_000

/** Goes on for a while with so much of a core, a sample each half minute. */
function drive() {
  const governor = createCpuGovernor()
  let [nowMs, cpuMs] = [0, 0]
  const run = (minutes: number, permille: (slowdown: number) => number, limit = 100) => {
    const slowdowns: number[] = []
    for (let sample = 0; sample < minutes * 2; sample++) {
      governor.take(nowMs, cpuMs, limit)
      nowMs += halfMinute
      cpuMs += (halfMinute * permille(governor.slowdown)) / 1_000
      slowdowns.push(governor.slowdown)
    }
    return slowdowns
  }
  return { governor, run }
}

t.test('within its budget it looks as often as it likes', t => {
  const { governor, run } = drive()
  t.same(new Set(run(60, () => 99)), new Set([1]))
  t.equal(governor.permille, 99)
  t.end()
})

t.test('over it the agent looks half as often each two minutes, until that is enough', t => {
  const { governor, run } = drive()
  const slowdowns = run(20, slowdown => 350 / slowdown)
  t.equal(slowdowns.indexOf(2), 4, 'not before two minutes')
  t.equal(slowdowns.indexOf(4), 8, 'and again when the effect of the first step is seen')
  t.equal(governor.slowdown, 4)
  t.equal(governor.permille, 88)
  t.end()
})

t.test('it looks more often again when twice the cost is within the budget, one step each five minutes', t => {
  const { governor, run } = drive()
  run(20, slowdown => 350 / slowdown)
  const slowdowns = run(30, slowdown => 40 / slowdown)
  t.same([...new Set(slowdowns)], [4, 2, 1])
  t.ok(slowdowns.lastIndexOf(2) - slowdowns.indexOf(2) + 1 >= 10)
  t.equal(governor.slowdown, 1)
  t.end()
})

t.test('a load between does not make it swing', t => {
  const { run } = drive()
  run(20, slowdown => 150 / slowdown)
  t.same([...new Set(run(60, slowdown => 150 / slowdown))], [2])
  t.end()
})

t.test('there is an end to it, and without a limit there is none', t => {
  const { governor, run } = drive()
  run(120, () => 900)
  t.equal(governor.slowdown, 32)
  run(1, () => 900, 0)
  t.equal(governor.slowdown, 1)
  t.end()
})

t.test('a short burst is averaged away', t => {
  const { run } = drive()
  run(5, () => 10)
  t.same(new Set(run(0.5, () => 700)), new Set([1]))
  t.same(new Set(run(30, () => 10)), new Set([1]))
  t.end()
})
