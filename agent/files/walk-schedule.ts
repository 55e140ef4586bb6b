// Decides when the file systems are walked: at once when somebody asked, in the background once an hour, else not.

import { resolve } from 'node:path'
import { systemClock } from '../../runtime/clock.ts'
import type { Failure } from '../host/host.ts'
import { runWalk } from '../host/walk/run-walk.ts'
import { ownStateDirectory } from '../own-state.ts'
import type { ProbeContext } from '../probe.ts'
import { type WalkAnswer, WalkAnswerSchema } from './walk-answer.ts'
import { frame, unframe, type WalkRequest } from './walk-request.ts'

export interface Walked {
  readonly answer: WalkAnswer
  readonly beganAtMs: number
  readonly durationMs: number
}

/** `undefined` when nothing was walked yet and nobody asked. */
export type LastWalk = Walked | Failure | undefined

export const walkDurationMs = 300_000
/** What the process may take besides: to start, to read package lists, to answer. */
const graceMs = 20_000
const periodMs = 3_600_000
/** An agent that just started has better things to do, and may not live long. */
const firstWalkMs = 600_000
const maxEntries = 5_000_000
const maxRows = 500
const maxAnswerBytes = 256 * 1024 * 1024

/** What stays between the sweeps of one agent. */
interface Kept {
  readonly bornAtMs: number
  last: LastWalk
  /** what the last walk remembers of directories; only the process that walks understands it */
  memory: Uint8Array
  turn: number
  beganAtMs: number
  isWalking: boolean
}

export type Walk = (request: WalkRequest, memory: Uint8Array, background: boolean) => ReturnType<typeof runWalk>

/** @param walk how to walk; tests pass their own */
export async function lastWalk(root: string, context: ProbeContext, walk: Walk = walkInProcess): Promise<LastWalk> {
  const kept = keptOf(context)
  const nowMs = context.now.getTime()
  if (context.asked) await look(root, kept, nowMs, false, walk)
  else if (!context.oneShot && !kept.isWalking && nowMs >= dueAt(kept)) void look(root, kept, nowMs, true, walk)
  return kept.last
}

const dueAt = (kept: Kept) => (kept.beganAtMs < 0 ? kept.bornAtMs + firstWalkMs : kept.beganAtMs + periodMs)

function keptOf({ memory, now }: ProbeContext): Kept {
  const kept = (memory.get('walk') as Kept | undefined) ?? {
    ...{ bornAtMs: now.getTime(), last: undefined, memory: new Uint8Array(), turn: 0, beganAtMs: -1, isWalking: false },
  }
  memory.set('walk', kept)
  return kept
}

/** Never rejects: what fails is the answer. */
async function look(root: string, kept: Kept, nowMs: number, background: boolean, walk: Walk): Promise<void> {
  kept.isWalking = true
  kept.beganAtMs = nowMs
  // A walk gives way to everything else; one that somebody waits for must come to an end on a busy machine, too.
  const bounds = { durationMs: walkDurationMs, maxEntries, maxRows, niceness: background ? 19 : 10 }
  // The process that walks has another current directory.
  const request = { root: resolve(root), turn: kept.turn, ...bounds, stateDirectory: ownStateDirectory() }
  kept.turn += 1
  const began = systemClock.monotonic()
  const output = await walk(request, kept.memory, background)
  const durationMs = Math.round(systemClock.monotonic() - began)
  kept.isWalking = false
  kept.last = output.state === 'present' ? read(output.value, kept, nowMs, durationMs) : failureOf(output)
}

/** A walk that could not be started is no fact of the host: it is unknown. */
const failureOf = (failure: Failure): Failure =>
  failure.state === 'absent' ? { ...failure, state: 'unavailable' } : failure

function read(bytes: Uint8Array, kept: Kept, beganAtMs: number, durationMs: number): LastWalk {
  try {
    const { message, memory } = unframe(bytes)
    const answer = WalkAnswerSchema.parse(message)
    kept.memory = Uint8Array.from(memory)
    return { answer, beganAtMs, durationMs }
  } catch {
    return { state: 'unavailable', path: 'file walk', detail: 'answered nothing that can be read' }
  }
}

const walkInProcess: Walk = (request, memory, background) =>
  runWalk({
    ...{ input: frame(request, memory), background },
    ...{ timeoutMs: request.durationMs + graceMs, maxOutputBytes: maxAnswerBytes },
  })
