// Judges from outside whether an agent lives: by the sign of life in its state directory and by its process.
import { accessSync, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { awakeMs, isoTime, systemClock } from '../../runtime/clock.ts'
import { errnoOf } from '../../runtime/errors.ts'
import { type PulseRecord, parsePulse } from '../parse/pulse.ts'
import { pidNamespace, pulseFile } from './pulse.ts'
import { readProcess, type SeenProcess } from './read-process.ts'

export interface Health {
  readonly state: 'lives' | 'stuck' | 'not-running' | 'unknown'
  /** one line for people */
  readonly reason: string
  /** what the agent said last, where it can be read */
  readonly record?: PulseRecord
  /** milliseconds since its main loop was there */
  readonly ageMs?: number
}

/** How the world looks to whoever asks. */
export interface Sight {
  /** CLOCK_MONOTONIC and the wall clock, in milliseconds */
  readonly awakeMs: () => number
  readonly now: () => number
  readonly pidNamespace: () => string
  readonly process: (pid: number) => SeenProcess
  /** whether a directory is on a file system that takes nothing */
  readonly isReadOnly: (directory: string) => boolean
}

const ownSight: Sight = { awakeMs, now: systemClock.now, pidNamespace, process: readProcess, isReadOnly }
const mostBytes = 4_096

/** @param stuckAfterMs when the main loop counts as stuck; as the agent itself says when left out */
export function readHealth(directory: string, stuckAfterMs?: number, sight: Sight = ownSight): Health {
  const path = join(directory, pulseFile)
  let text: string | undefined
  try {
    text = readPlainFile(path)
  } catch (error) {
    const errno = errnoOf(error)
    if (errno === 'ENOENT') return { state: 'not-running', reason: `no agent says that it lives: ${path} is not there` }
    if (errno === 'ELOOP') return { state: 'unknown', reason: `${path}: is no plain file` }
    return { state: 'unknown', reason: `${path}: cannot be read (${errno})` }
  }
  if (text === undefined) return { state: 'unknown', reason: `${path}: is no plain file` }
  const record = parsePulse(text)
  if (!record) return { state: 'unknown', reason: `${path}: is not what an agent writes` }
  return judge(record, stuckAfterMs ?? record.patienceMs, directory, sight)
}

/** Whether nothing can be written below a directory, whoever tries. */
function isReadOnly(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK)
    return false
  } catch (error) {
    return errnoOf(error) === 'EROFS'
  }
}

/** Undefined for what is none, the empty text for one longer than any of an agent's. Waits for no FIFO. @throws system errors */
function readPlainFile(path: string): string | undefined {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    if (!fstatSync(file).isFile()) return undefined
    const bytes = Buffer.alloc(mostBytes + 1)
    const length = readSync(file, bytes, 0, bytes.length, 0)
    return length > mostBytes ? '' : bytes.toString('utf8', 0, length)
  } finally {
    closeSync(file)
  }
}

function judge(record: PulseRecord, stuckAfterMs: number, directory: string, sight: Sight): Health {
  const { pid } = record
  // Of another namespace the number says nothing: the time alone does.
  const isOurs = record.pidNamespace !== '' && record.pidNamespace === sight.pidNamespace()
  const seen = isOurs ? sight.process(pid) : 'hidden'
  const ageMs = sight.awakeMs() - record.turnedMs
  const as = (state: Health['state'], reason: string): Health => ({ state, reason, record, ageMs })
  if (record.ended || hasEnded(seen, record)) return as('not-running', `process ${pid} has ended`)
  if (ageMs < 0) return as('not-running', 'no agent said that it lives since this machine started')
  if (ageMs <= stuckAfterMs) return as('lives', `process ${pid}, version ${record.version}, ${doing(record, sight)}`)
  const isStopped = typeof seen === 'object' && /[Tt]/.test(seen.state)
  // One that cannot say it may well do all else, and would not start again.
  if (typeof seen === 'object' && !isStopped && sight.isReadOnly(directory))
    return as('lives', `process ${pid} is there; ${directory} is read-only, so that it cannot say more`)
  const since = `since ${isoTime(sight.now() - ageMs)}, for ${Math.round(ageMs / 1_000)} s`
  const whose = isOurs ? `process ${pid}` : `process ${pid} of another namespace, if it runs,`
  const how = isStopped ? ' and is stopped by a signal' : ''
  return as('stuck', `${whose} is stuck ${since}${how}; up to ${Math.round(stuckAfterMs / 1_000)} s is usual`)
}

/** Another process may have its number by now. */
function hasEnded(seen: SeenProcess, { startTicks }: PulseRecord): boolean {
  if (typeof seen === 'string') return seen === 'gone'
  return /[ZXx]/.test(seen.state) || (startTicks !== -1 && seen.startTicks !== startTicks)
}

function doing({ lookedMs, uplink, queued }: PulseRecord, sight: Sight): string {
  const looked =
    lookedMs < 0 ? 'looks for the first time' : `looked ${Math.round((sight.awakeMs() - lookedMs) / 1_000)} s ago`
  if (uplink === 'none') return `${looked}, has no collector`
  const kept = `keeps ${queued} ${queued === 1 ? 'change' : 'changes'} for its collector`
  return `${looked}, ${uplink === 'connected' ? 'connected' : kept}`
}
