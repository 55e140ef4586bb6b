// The sign of life: written by the main loop and nobody else, rarely, whole, and where it belongs.
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { createPulse, pidNamespace, pulseBytes, writePulse } from '../../../agent/health/pulse.ts'
import { parsePulse, type Uplink } from '../../../agent/parse/pulse.ts'
import { version } from '../../../runtime/version.ts'
import { recordingLog } from '../../recording-log.ts'

function pulseIn(t: Pick<Test, 'testdir'>, stateDirectory = join(t.testdir({}), 'deep/state')) {
  const { log, lines } = recordingLog()
  let [awake, queued] = [1_000_000, 0]
  let uplink: Uplink = 'away'
  const pulse = createPulse({
    ...{ stateDirectory, log, now: () => 0, awakeMs: () => awake },
    probes: [{ deadlineMs: 10_000 }, { deadlineMs: 330_000 }],
    uplink: () => uplink,
    queued: () => queued,
  })
  const path = join(stateDirectory, 'alive.json')
  return {
    ...{ pulse, path, lines, stateDirectory },
    read: () => parsePulse(readFileSync(path, 'utf8')),
    after: (ms: number) => {
      awake += ms
    },
    connect: (changes: number) => {
      uplink = 'connected'
      queued = changes
    },
  }
}

t.test('the first turn tells who lives, in a directory and a file of its own', t => {
  const { pulse, path, read, stateDirectory } = pulseIn(t)
  t.equal(pulse.turn(), 60_000)
  t.match(read(), {
    ...{ pid: process.pid, version, pidNamespace: pidNamespace(), turnedMs: 1_000_000, lookedMs: -1 },
    ...{ patienceMs: 330_000 + 3 * 60_000, uplink: 'away', queued: 0 },
  })
  t.ok((read()?.startTicks ?? -1) > 0)
  t.match(pidNamespace(), /^pid:\[\d+\]$/)
  t.equal(statSync(path).mode & 0o777, 0o600)
  t.equal(statSync(path).size, pulseBytes)
  t.equal(statSync(stateDirectory).mode & 0o777, 0o700)
  t.same(readdirSync(stateDirectory), ['alive.json'])
  t.end()
})

t.test('it is written once a minute, and when the first look is over', t => {
  const { pulse, read, after, connect } = pulseIn(t)
  pulse.turn()
  after(2_000)
  pulse.looked()
  t.equal(read()?.lookedMs, -1, 'by the main loop only')
  t.equal(pulse.turn(), 60_000)
  t.match(read(), { turnedMs: 1_002_000, lookedMs: 1_002_000 })
  connect(7)
  after(59_999)
  pulse.looked()
  t.equal(pulse.turn(), 1)
  t.match(read(), { turnedMs: 1_002_000, uplink: 'away' })
  after(1)
  t.equal(pulse.turn(), 60_000)
  t.match(read(), { turnedMs: 1_062_000, lookedMs: 1_061_999, uplink: 'connected', queued: 7 })
  t.end()
})

t.test('an agent that ends says so at once', t => {
  const { pulse, read, after } = pulseIn(t)
  pulse.turn()
  t.equal(read()?.ended, false)
  after(1_000)
  pulse.end()
  t.match(read(), { ended: true, turnedMs: 1_001_000 })
  t.end()
})

t.test('a directory that was taken away from under it stays away', t => {
  const { pulse, stateDirectory, lines } = pulseIn(t)
  pulse.turn()
  rmSync(stateDirectory, { recursive: true })
  pulse.end()
  t.notOk(existsSync(stateDirectory))
  t.match(lines, [{ fields: { reason: 'ENOENT' } }])
  t.end()
})

t.test('a link that stands there is replaced, not followed', t => {
  const directory = t.testdir({ elsewhere: 'theirs' })
  symlinkSync('elsewhere', join(directory, 'alive.json'))
  const { pulse, read } = pulseIn(t, directory)
  pulse.turn()
  t.equal(readFileSync(join(directory, 'elsewhere'), 'utf8'), 'theirs')
  t.equal(read()?.pid, process.pid)
  t.end()
})

t.test('a FIFO that stands there is replaced', t => {
  const directory = t.testdir({})
  execFileSync('mkfifo', [join(directory, 'alive.json')])
  const { pulse, read } = pulseIn(t, directory)
  pulse.turn()
  t.equal(read()?.pid, process.pid)
  t.end()
})

t.test('what cannot be written is told once, until it can be and cannot again', t => {
  const { pulse, path, lines, after } = pulseIn(t)
  mkdirSync(join(path, 'in-the-way'), { recursive: true })
  const turn = () => {
    pulse.turn()
    after(60_000)
  }
  turn()
  turn()
  t.equal(lines.length, 1)
  t.match(lines[0], { level: 'warn', message: 'no sign of life can be written', fields: { path, reason: 'EISDIR' } })
  rmSync(path, { recursive: true })
  turn()
  t.equal(lines.length, 1)
  rmSync(path)
  mkdirSync(join(path, 'in-the-way'), { recursive: true })
  turn()
  t.equal(lines.length, 2)
  t.end()
})

t.test('a full disk still takes it where the file is, and nothing else is touched', t => {
  const directory = t.testdir({})
  const path = join(directory, 'alive.json')
  const [before, after] = ['a', 'b'].map(letter => letter.repeat(pulseBytes))
  const isFull = () => {
    throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  }
  t.throws(() => writePulse(directory, after ?? '', isFull), { code: 'ENOENT' }, 'there is nothing to write to')
  writeFileSync(path, before ?? '')
  writePulse(directory, after ?? '', isFull)
  t.equal(readFileSync(path, 'utf8'), after)
  linkSync(path, join(directory, 'other'))
  t.throws(() => writePulse(directory, before ?? '', isFull), { code: 'ENOSPC' }, 'another name of the same file')
  rmSync(path)
  writeFileSync(path, 'short')
  t.throws(() => writePulse(directory, before ?? '', isFull), { code: 'ENOSPC' }, 'no file of ours')
  rmSync(path)
  symlinkSync('other', path)
  t.throws(() => writePulse(directory, before ?? '', isFull), { code: 'ELOOP' })
  t.equal(readFileSync(join(directory, 'other'), 'utf8'), after)
  const denied = () => {
    throw Object.assign(new Error('denied'), { code: 'EROFS' })
  }
  t.throws(() => writePulse(directory, after ?? '', denied), { code: 'EROFS' })
  t.end()
})
