// When probes run again: timers, requests, and never two rounds at once.
import t, { type Test } from 'tap'
import { defineProbe, every, type Probe, present, watch } from '../../../agent/probe.ts'
import { createSchedule, periodOf, type Slowdown } from '../../../agent/watch/schedule.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { SmallFacet } from '../../small-facet.ts'

function probe(name: string, ...triggers: Probe['triggers'][number][]): Probe {
  const run = async () => present({ rows: [], note: '' }, { seen: 0 })
  return { ...defineProbe({ facet: SmallFacet, triggers, run }), name }
}

function start(probes: readonly Probe[], slowdown?: Slowdown, onTurn?: () => number) {
  const clock = createFakeClock()
  const rounds: string[] = []
  const stop = new AbortController()
  let hold: Promise<void> = Promise.resolve()
  const sweep = async (due: readonly Probe[]) => {
    rounds.push(due.map(item => item.name).join('+'))
    await hold
  }
  const schedule = createSchedule(probes, clock, sweep, undefined, undefined, slowdown)
  const ended = schedule.run(stop.signal, onTurn)
  return {
    clock,
    rounds,
    schedule,
    stop: () => {
      stop.abort()
      return ended
    },
    holdNext: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      hold = promise
      return () => {
        hold = Promise.resolve()
        resolve()
      }
    },
  }
}

t.test('a probe without a timer runs every hour', t => {
  t.equal(periodOf(probe('a', watch('/etc'))), 3_600_000)
  t.equal(periodOf(probe('a', watch('/etc'), every(2_000), every(60_000))), 2_000)
  t.end()
})

t.test('each probe runs on its own timer, and those that are due together run together', async t => {
  const { clock, rounds, stop } = start([probe('fast', every(2_000)), probe('slow', every(6_000))])
  await clock.advance(6_000)
  t.same(rounds, ['fast', 'fast', 'fast+slow'])
  await stop()
})

t.test('a request runs a probe after a short debounce, many requests only once', async t => {
  const { clock, rounds, schedule, stop } = start([probe('a'), probe('b')])
  await settle()
  const first = schedule.request(['a', 'unknown'])
  const second = schedule.request(['a'])
  await clock.advance(140)
  t.same(rounds, [])
  await clock.advance(10)
  t.same(rounds, ['a'])
  await Promise.all([first, second])
  await schedule.request(['unknown'])
  t.same(rounds, ['a'], 'and what is not known runs nothing')
  await stop()
})

t.test('a request made while its probe runs is served by another run', async t => {
  const { clock, rounds, schedule, stop, holdNext } = start([probe('a')])
  await settle()
  const release = holdNext()
  const first = schedule.request(['a'])
  await clock.advance(150)
  t.same(rounds, ['a'])
  let served = false
  const second = schedule.request(['a']).then(() => {
    served = true
  })
  release()
  await first
  await settle()
  t.notOk(served, 'the run under way began before the request')
  await clock.advance(150)
  await second
  t.same(rounds, ['a', 'a'])
  await stop()
})

t.test('a period that somebody set goes over the probe’s own, at once when it is told', async t => {
  const { clock, runs, schedule, seconds } = startTimed(t)
  await clock.advance(10_000)
  t.same(runs, [], 'the probe runs every minute by itself')
  seconds.set('small', 2)
  schedule.retime()
  await clock.advance(2_000)
  await clock.advance(2_000)
  t.same(runs, [12_000, 14_000])
  seconds.delete('small')
  schedule.retime()
  await clock.advance(50_000)
  t.same(runs.length, 3, 'once more as it was planned, then by the minute')
})

function startTimed(t: Test) {
  const clock = createFakeClock()
  const runs: number[] = []
  const seconds = new Map<string, number>()
  const sweep = async () => {
    runs.push(clock.monotonic())
  }
  const schedule = createSchedule([probe('small', every(60_000))], clock, sweep, ({ name }) => seconds.get(name))
  const stop = new AbortController()
  const running = schedule.run(stop.signal)
  t.teardown(async () => {
    stop.abort()
    await running
  })
  return { clock, runs, schedule, seconds }
}

t.test('with a host key the hourly run has its time within the hour, and keeps it', async t => {
  const clock = createFakeClock()
  const runs: number[] = []
  const stop = new AbortController()
  const sweep = async () => void runs.push(clock.now() % 3_600_000)
  const schedule = createSchedule([probe('hourly')], clock, sweep, undefined, 'a-host')
  const running = schedule.run(stop.signal)
  for (let hour = 0; hour < 3; hour++) await clock.advance(3_600_000)
  stop.abort()
  await running
  t.equal(runs.length, 3)
  t.equal(new Set(runs).size, 1, 'the same time of each hour')
})

t.test('an agent that is to look less often does, with timers, hints and the hourly round, within bounds', async t => {
  let times = 4
  const { clock, rounds, schedule, stop } = start([probe('fast', every(2_000)), probe('hourly')], {
    all: () => times,
    of: () => 1,
  })
  await clock.advance(8_000)
  t.same(rounds, ['fast'])
  schedule.hint(['hourly'])
  await clock.advance(599)
  t.same(rounds, ['fast'])
  await clock.advance(1)
  t.same(rounds, ['fast', 'hourly'], 'changes are waited for longer, so that bursts cost less')
  times = 64
  await clock.advance(7_400)
  rounds.length = 0
  await clock.advance(4 * 3_600_000)
  t.equal(rounds.filter(round => round.includes('hourly')).length, 1, 'once in four hours in any case')
  times = 1
  schedule.retime()
  rounds.length = 0
  await clock.advance(2_000)
  t.same(rounds, ['fast'], 'and at once as often as before when that is told')
  await stop()
})

t.test('a probe that gives no answer is asked less often, whatever changes; who asks for it gets it', async t => {
  const failures = { count: 0 }
  const { clock, rounds, schedule, stop } = start([{ ...probe('stuck', every(2_000)), deadlineMs: 10_000 }], {
    all: () => 1,
    of: () => 2 ** failures.count,
  })
  await settle()
  failures.count = 1
  await clock.advance(2_000)
  t.same(rounds, ['stuck'])
  await clock.advance(19_999)
  schedule.hint(['stuck'])
  t.same(rounds, ['stuck'], 'twice its deadline, though it runs each two seconds')
  failures.count = 9
  await clock.advance(1)
  t.equal(rounds.length, 2)
  schedule.hint(['stuck'])
  await clock.advance(3_599_999)
  t.equal(rounds.length, 2, 'a changed file is no reason to hang again')
  await clock.advance(1)
  t.equal(rounds.length, 3, 'but once an hour it may')
  const asked = schedule.request(['stuck'])
  await clock.advance(150)
  await asked
  t.equal(rounds.length, 4)
  failures.count = 0
  schedule.retime()
  await clock.advance(2_000)
  t.equal(rounds.length, 5)
  await stop()
})

t.test('whoever is told of each turn is told nothing while a round hangs, whatever timers go on', async t => {
  let turns = 0
  const onTurn = () => {
    turns++
    return 60_000
  }
  const { clock, rounds, holdNext, stop } = start([probe('slow', every(150_000))], undefined, onTurn)
  await clock.advance(120_000)
  t.equal(turns, 3, 'more often than there is something to do')
  t.same(rounds, [])
  const release = holdNext()
  await clock.advance(30_000)
  t.same([rounds, turns], [['slow'], 4])
  await clock.advance(3_600_000)
  t.same([rounds, turns], [['slow'], 4])
  release()
  await settle()
  t.ok(turns > 4)
  await stop()
})
