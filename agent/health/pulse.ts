// The sign of life of an agent that stays: its main loop writes it to a small file, which `gabion-agent healthcheck` reads.
import { closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { awakeMs, isoTime } from '../../runtime/clock.ts'
import { errnoOf, messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { version } from '../../runtime/version.ts'
import { replaceFile } from '../../runtime/write-file.ts'
import type { PulseRecord, Uplink } from '../parse/pulse.ts'
import type { Probe } from '../probe.ts'
import { readProcess } from './read-process.ts'

export const pulseFile = 'alive.json'
/** Written as text of this length, so that a full disk still takes it where the file is. */
export const pulseBytes = 512

export interface Pulse {
  /** the main loop is here; it may sleep for as many milliseconds as this returns, to be here again */
  turn(): number
  /** probes have looked */
  looked(): void
  /** the agent ends as it was told to */
  end(): void
}

export interface PulseOptions {
  readonly stateDirectory: string
  readonly log: Pick<Log, 'warn'>
  /** whose answers the main loop waits for */
  readonly probes: readonly Pick<Probe, 'deadlineMs'>[]
  readonly uplink: () => Uplink
  /** changes that wait for the collector */
  readonly queued: () => number
  /** CLOCK_MONOTONIC and the wall clock, in milliseconds */
  readonly awakeMs?: () => number
  readonly now: () => number
}

const everyMs = 60_000
/** So many times in a row that it was due may be missed, on a machine that has no time for it. */
const mostMissed = 3

/** Writes nothing before the first turn. What cannot be written is logged once: an agent without a sign of life works. */
export function createPulse(options: PulseOptions): Pulse {
  const awake = options.awakeMs ?? awakeMs
  const path = join(options.stateDirectory, pulseFile)
  const self = {
    pid: process.pid,
    startTicks: startOf(process.pid),
    pidNamespace: pidNamespace(),
    version,
    patienceMs: Math.max(0, ...options.probes.map(({ deadlineMs }) => deadlineMs)) + mostMissed * everyMs,
  }
  let dueMs = Number.NEGATIVE_INFINITY
  let lookedMs = -1
  let isDirectoryMade = false
  let failure = ''

  function write(turnedMs: number, ended: boolean): void {
    const [uplink, queued] = [options.uplink(), options.queued()]
    const record: PulseRecord = { ...self, turnedMs, lookedMs, uplink, queued, ended }
    const text = JSON.stringify({ at: isoTime(options.now()), ...record })
    try {
      // One that somebody took away from under a running agent stays away.
      if (!isDirectoryMade) mkdirSync(options.stateDirectory, { recursive: true, mode: 0o700 })
      isDirectoryMade = true
      writePulse(options.stateDirectory, `${text.padEnd(pulseBytes - 1)}\n`)
      failure = ''
    } catch (error) {
      const reason = errnoOf(error) || messageOf(error)
      if (reason !== failure) options.log.warn('no sign of life can be written', { path, reason })
      failure = reason
    }
  }

  return {
    turn() {
      const now = awake()
      if (now >= dueMs) {
        dueMs = now + everyMs
        write(now, false)
      }
      return dueMs - now
    },
    looked() {
      // The first look is told at the next turn: whoever asks sees that it is over.
      if (lookedMs === -1) dueMs = Number.NEGATIVE_INFINITY
      lookedMs = awake()
    },
    // The file stays: the next one finds it in its place also when the disk is full by then.
    end: () => write(awake(), true),
  }
}

/** Whole or not at all. @throws system errors */
export function writePulse(directory: string, text: string, replace: typeof replaceFile = replaceFile): void {
  const path = join(directory, pulseFile)
  try {
    replace(path, text, 0o600)
  } catch (error) {
    if (!['ENOSPC', 'EDQUOT'].includes(errnoOf(error))) throw error
    overwrite(path, text, error)
  }
}

/** Takes no space. What is no file of this one's making is left alone. */
function overwrite(path: string, text: string, full: unknown): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const found = fstatSync(file)
    if (!found.isFile() || found.nlink !== 1 || found.size !== pulseBytes) throw full
    writeSync(file, text, 0)
  } finally {
    closeSync(file)
  }
}

/** What process numbers are of: `pid:[4026531836]`, '' where that is not told. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}

function startOf(pid: number): number {
  const seen = readProcess(pid)
  return typeof seen === 'string' ? -1 : seen.startTicks
}
