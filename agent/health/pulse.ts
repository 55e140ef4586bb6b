// The sign of life of an agent that stays: its main loop writes it to a small file, which `gabion-agent healthcheck` reads.
import { closeSync, constants, fstatSync, mkdirSync, openSync, readlinkSync, rmSync, writeSync } from 'node:fs'
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
  let writtenMs = Number.NEGATIVE_INFINITY
  let lookedMs = -1
  let failure = ''

  function write(turnedMs: number): void {
    const record: PulseRecord = { ...self, turnedMs, lookedMs, uplink: options.uplink(), queued: options.queued() }
    const text = JSON.stringify({ at: isoTime(options.now()), ...record })
    try {
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
      if (now - writtenMs >= everyMs) {
        writtenMs = now
        write(now)
      }
      return writtenMs + everyMs - now
    },
    looked() {
      // The first look is told at the next turn: whoever asks sees that it is over.
      if (lookedMs === -1) writtenMs = Number.NEGATIVE_INFINITY
      lookedMs = awake()
    },
    end() {
      try {
        rmSync(path, { force: true })
      } catch (error) {
        options.log.warn('the sign of life stays behind', { path, reason: errnoOf(error) })
      }
    },
  }
}

/** Whole or not at all. @throws system errors */
export function writePulse(directory: string, text: string, replace: typeof replaceFile = replaceFile): void {
  const path = join(directory, pulseFile)
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
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
    const { nlink, size } = fstatSync(file)
    if (nlink !== 1 || size !== pulseBytes || !fstatSync(file).isFile()) throw full
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
