// Has the expressions that people of a site wrote judged elsewhere, where one that does not end can be stopped.
import type { FacetState, JsonObject } from '../proto/facet.ts'
import type { Check, Profile, Result } from './check.ts'

/** A place to evaluate in that can be ended from outside, at any time. */
export interface Sandbox {
  ask(request: SandboxRequest): void
  /** The next answer; late when none came within the time. */
  next(timeoutMs: number): Promise<SandboxAnswer>
  end(): void
}

export type SandboxAnswer =
  | { readonly state: 'answer'; readonly value: unknown }
  | { readonly state: 'late' }
  | { readonly state: 'ended'; readonly detail: string }

export type StartSandbox = () => Sandbox

/** Plain data throughout, so that it survives the way as JSON. */
export interface SandboxRequest {
  /** what it judges by */
  readonly catalog: { readonly checks: readonly Check[]; readonly profiles: readonly Profile[] }
  readonly facets: readonly (readonly [property: string, state: FacetState])[]
  readonly nowMs: number
  /** judged and answered one by one, in this order */
  readonly checks: readonly string[]
  readonly profiles: readonly string[]
  readonly parameters?: Readonly<Record<string, JsonObject>>
  /** as in an evaluation */
  readonly fixes?: boolean
}

export interface SandboxLimits {
  /** for the sandbox to be ready */
  readonly startMs: number
  /** for one check */
  readonly checkMs: number
  /** so many may be stopped in one evaluation before the rest is left alone */
  readonly stoppedChecks: number
}

export const sandboxLimits: SandboxLimits = { startMs: 20_000, checkMs: 2_000, stoppedChecks: 5 }

/** The answer of a sandbox that has its catalog and is ready to judge. */
export const sandboxReady = 'ready'

export interface SandboxJudgement {
  /** in the order they were asked for */
  readonly results: readonly Result[]
  /** checks that had to be stopped */
  readonly stopped: readonly string[]
}

/**
 * Judges the checks of a request. One that does not end in its time, or needs more memory than there is, is an `error`
 * that says so, and the checks after it are judged in a new sandbox. After some that were stopped the rest is not judged.
 */
export async function judgeInSandbox(
  request: SandboxRequest,
  start: StartSandbox,
  limits: SandboxLimits = sandboxLimits,
): Promise<SandboxJudgement> {
  const results: Result[] = []
  const stopped: string[] = []
  while (results.length < request.checks.length) {
    const left = request.checks.slice(results.length)
    if (stopped.length >= limits.stoppedChecks) {
      const reason = `not judged: ${stopped.length} checks of this site had to be stopped before it`
      results.push(...left.map(check => failed(check, reason)))
      break
    }
    const sandbox = start()
    try {
      sandbox.ask({ ...request, checks: left })
      const failure = await take(sandbox, left, results, limits)
      const check = request.checks[results.length]
      if (failure === undefined || check === undefined) continue
      if (failure.beforeAny) {
        results.push(...left.map(id => failed(id, `not judged: ${failure.reason}`)))
        break
      }
      stopped.push(check)
      results.push(failed(check, `the check was stopped: ${failure.reason}`))
    } finally {
      sandbox.end()
    }
  }
  return { results, stopped }
}

interface Failure {
  readonly reason: string
  /** the sandbox did not get as far as to judge */
  readonly beforeAny: boolean
}

async function take(
  sandbox: Sandbox,
  checks: readonly string[],
  results: Result[],
  limits: SandboxLimits,
): Promise<Failure | undefined> {
  const ready = await sandbox.next(limits.startMs)
  if (ready.state !== 'answer' || ready.value !== sandboxReady) {
    const why = ready.state === 'ended' ? ready.detail : 'no answer'
    return { reason: `what judges the checks of this site did not start: ${why}`, beforeAny: true }
  }
  for (const check of checks) {
    const answer = await sandbox.next(limits.checkMs)
    if (answer.state === 'late') return { reason: `no result within ${limits.checkMs} ms`, beforeAny: false }
    if (answer.state === 'ended')
      return { reason: `what judged it ended, most likely for want of memory (${answer.detail})`, beforeAny: false }
    if (!isResultOf(check, answer.value)) return { reason: 'its result cannot be read', beforeAny: false }
    results.push(answer.value)
  }
  return undefined
}

function isResultOf(check: string, value: unknown): value is Result {
  return typeof value === 'object' && value !== null && 'check' in value && value.check === check && 'state' in value
}

function failed(check: string, reason: string): Result {
  return { check, state: 'error', reason, evidence: [], remediation: '', facets: [] }
}

export interface KeptSandbox {
  readonly start: StartSandbox
  readonly end: () => void
}

/** For many evaluations in a row: a sandbox that answered everything it was asked serves again, until the end. */
export function keepSandbox(start: StartSandbox): KeptSandbox {
  let kept: Sandbox | undefined
  const drop = () => {
    kept?.end()
    kept = undefined
  }
  return {
    end: drop,
    start() {
      kept ??= start()
      const own = kept
      let isSound = true
      return {
        ask: request => own.ask(request),
        async next(timeoutMs) {
          const answer = await own.next(timeoutMs)
          isSound = answer.state === 'answer'
          return answer
        },
        end: () => (isSound ? undefined : drop()),
      }
    },
  }
}
