// Whether an agent lives, as it looks from outside: by time where its clock can be trusted, by its process where it can be seen.
import { execFileSync } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { SeenProcess } from '../../../agent/health/read-process.ts'
import { readHealth, type Sight } from '../../../agent/health/read-pulse.ts'
import type { PulseRecord } from '../../../agent/parse/pulse.ts'

const minute = 60_000
const startedMs = Date.UTC(2026, 10, 22)
const namespace = 'pid:[4026531836]'
const alive: SeenProcess = { startTicks: 500, state: 'S' }

const said: PulseRecord = {
  ...{ pid: 812, startTicks: 500, pidNamespace: namespace, version: '0.1.0', patienceMs: 8 * minute },
  ...{ turnedMs: 100 * minute, lookedMs: 99 * minute, uplink: 'connected', queued: 0, ended: false },
}

/** @param awakeMs milliseconds that the machine was awake; @param now the wall clock */
const sightAt = (awakeMs: number, seen: SeenProcess = alive, now = startedMs + awakeMs): Sight => ({
  awakeMs: () => awakeMs,
  now: () => now,
  pidNamespace: () => namespace,
  process: () => seen,
  isReadOnly: () => false,
})

function healthOf(t: Pick<Test, 'testdir'>, record: object, sight: Sight, stuckAfterMs?: number) {
  const directory = t.testdir({ 'alive.json': JSON.stringify(record) })
  return readHealth(directory, stuckAfterMs, sight)
}

t.test('an agent whose main loop was there of late lives', t => {
  const health = (record: object) => healthOf(t, record, sightAt(101 * minute))
  t.match(health(said), {
    ...{ state: 'lives', ageMs: minute },
    reason: 'process 812, version 0.1.0, looked 120 s ago, connected',
  })
  t.match(health({ ...said, uplink: 'none' }).reason, /looked 120 s ago, has no collector$/)
  t.end()
})

t.test('one that has just started, and one without its collector, live as well', t => {
  const health = (record: object) => healthOf(t, record, sightAt(101 * minute))
  t.match(health({ ...said, lookedMs: -1 }), { state: 'lives', reason: /looks for the first time, connected$/ })
  t.match(health({ ...said, uplink: 'away', queued: 7 }), { state: 'lives', reason: /, keeps 7 changes for its / })
  t.match(health({ ...said, uplink: 'away', queued: 1 }), { state: 'lives', reason: /, keeps 1 change for its / })
  t.end()
})

t.test('one that was away for longer than it says that it may be is stuck', t => {
  t.equal(healthOf(t, said, sightAt(108 * minute)).state, 'lives')
  t.match(healthOf(t, said, sightAt(109 * minute)), {
    state: 'stuck',
    reason: 'process 812 is stuck since 2026-11-22T01:40:00.000Z, for 540 s; up to 480 s is usual',
  })
  t.match(healthOf(t, said, sightAt(101 * minute), 59_000), { state: 'stuck', reason: /; up to 59 s is usual$/ })
  t.equal(healthOf(t, said, sightAt(109 * minute), 10 * minute).state, 'lives')
  const stopped = sightAt(109 * minute, { startTicks: 500, state: 'T' })
  t.match(healthOf(t, said, stopped).reason, /for 540 s and is stopped by a signal; /)
  t.end()
})

t.test('a wall clock that jumps makes nobody sick or well', t => {
  for (const years of [-30, 30]) {
    const now = startedMs + years * 365 * 86_400_000
    t.equal(healthOf(t, said, sightAt(101 * minute, alive, now)).state, 'lives')
    t.equal(healthOf(t, said, sightAt(109 * minute, alive, now)).state, 'stuck')
  }
  t.end()
})

t.test('while a machine sleeps nothing ages, since the clock of both counts what it was awake', t => {
  const nextMorning = startedMs + 101 * minute + 8 * 3_600_000
  t.equal(healthOf(t, said, sightAt(101 * minute, alive, nextMorning)).state, 'lives')
  t.end()
})

t.test('a process that has ended, or another one with its number, does not run', t => {
  for (const seen of ['gone', { startTicks: 501, state: 'R' }, { startTicks: 500, state: 'Z' }] as const) {
    t.match(healthOf(t, said, sightAt(101 * minute, seen)), {
      state: 'not-running',
      reason: 'process 812 has ended',
    })
  }
  t.equal(healthOf(t, { ...said, startTicks: -1 }, sightAt(101 * minute)).state, 'lives', 'a start that nobody knows')
  t.end()
})

t.test('one that said that it ends does not run, whoever has its number now', t => {
  const health = healthOf(t, { ...said, ended: true }, sightAt(101 * minute, 'hidden'))
  t.match(health, { state: 'not-running', reason: 'process 812 has ended' })
  t.end()
})

t.test('one that can write nothing lives while its process is there', t => {
  const readOnly = (seen: SeenProcess) => healthOf(t, said, { ...sightAt(200 * minute, seen), isReadOnly: () => true })
  t.match(readOnly(alive), {
    state: 'lives',
    reason: /^process 812 is there; .* is read-only, so that it cannot say more$/,
  })
  t.equal(readOnly({ startTicks: 500, state: 'T' }).state, 'stuck', 'that would be able to say it')
  t.equal(readOnly('hidden').state, 'stuck', 'nobody saw it')
  t.equal(readOnly('gone').state, 'not-running')
  t.end()
})

t.test('what was said before the machine was started anew counts for nothing', t => {
  t.match(healthOf(t, said, sightAt(2 * minute, 'hidden')), {
    state: 'not-running',
    reason: 'no agent said that it lives since this machine started',
  })
  t.end()
})

t.test('where the process cannot be seen the time alone says it', t => {
  const elsewhere = (record: object, awakeMs: number) =>
    healthOf(t, record, { ...sightAt(awakeMs, 'gone'), pidNamespace: () => 'pid:[1]' })
  t.equal(elsewhere(said, 101 * minute).state, 'lives', 'of another namespace')
  t.match(elsewhere(said, 109 * minute), {
    state: 'stuck',
    reason: /^process 812 of another namespace, if it runs, is stuck since /,
  })
  t.equal(elsewhere({ ...said, pidNamespace: '' }, 101 * minute).state, 'lives', 'of one that nobody knows')
  t.equal(healthOf(t, said, sightAt(101 * minute, 'hidden')).state, 'lives')
  t.equal(healthOf(t, said, sightAt(109 * minute, 'hidden')).state, 'stuck')
  t.end()
})

t.test('without a file none runs', t => {
  const directory = t.testdir({})
  t.match(readHealth(directory), {
    state: 'not-running',
    reason: `no agent says that it lives: ${directory}/alive.json is not there`,
  })
  t.equal(readHealth(join(directory, 'nowhere')).state, 'not-running')
  t.end()
})

t.test('what is no file of an agent’s is told as such, and harms nobody', t => {
  const reasonOf = (make: (path: string) => void) => {
    const path = join(t.testdir({ other: JSON.stringify(said) }), 'alive.json')
    make(path)
    const { state, reason } = readHealth(join(path, '..'), undefined, sightAt(101 * minute))
    t.equal(state, 'unknown')
    t.ok(reason.startsWith(`${path}: `))
    return reason.slice(path.length + 2)
  }
  t.equal(
    reasonOf(path => symlinkSync('other', path)),
    'is no plain file',
  )
  t.equal(
    reasonOf(path => symlinkSync('alive.json', path)),
    'is no plain file',
  )
  t.equal(
    reasonOf(path => execFileSync('mkfifo', [path])),
    'is no plain file',
  )
  t.equal(
    reasonOf(path => execFileSync('mkdir', [path])),
    'is no plain file',
  )
  t.equal(
    reasonOf(path => symlinkSync('/dev/zero', path)),
    'is no plain file',
  )
  const huge = (path: string) => writeFileSync(path, `${JSON.stringify(said)}${' '.repeat(4_096)}`)
  t.equal(reasonOf(huge), 'is not what an agent writes')
  for (const content of ['', 'no JSON', '{"pid":1}', JSON.stringify({ ...said, version: '\u001b[2J' })])
    t.equal(
      reasonOf(path => writeFileSync(path, content)),
      'is not what an agent writes',
    )
  t.end()
})

t.test('a directory that cannot be read is named with the errno', t => {
  const directory = t.testdir({ file: '' })
  t.match(readHealth(join(directory, 'file')), {
    state: 'unknown',
    reason: /file\/alive\.json: cannot be read \(ENOTDIR\)$/,
  })
  t.end()
})
