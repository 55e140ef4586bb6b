// Failures for values that stay unknown although nothing went wrong: they must leave a gap, too.
import type { Failure } from './host/host.ts'

/** What only the running system knows, asked of a root that is not it. */
export function offline(path: string): Failure {
  return { state: 'unavailable', path, detail: 'offline root' }
}

/** What costs too much to be read unasked: a check that needs it says so, and judges nothing. */
export function notWalked(path: string): Failure {
  return {
    state: 'unavailable',
    path,
    detail: 'not walked: only with --probe files, and hourly by an agent that stays',
  }
}

/** Absence of a source without which the value is unknown: unlike other absences it leaves a trace. */
export function unavailable(failure: Failure): Failure {
  return failure.state === 'absent' ? { state: 'unavailable', path: failure.path, detail: failure.detail } : failure
}
