// What a check, a profile and a result are: the words that the engine, the reports and the API share.
import type { JsonObject } from '../proto/facet.ts'

export const severities = ['critical', 'high', 'medium', 'low'] as const
export type Severity = (typeof severities)[number]

/** Weight of a severity in the score. */
export const severityWeight: Readonly<Record<Severity, number>> = { critical: 10, high: 5, medium: 2, low: 1 }

export const resultStates = ['pass', 'fail', 'manual', 'not_applicable', 'error'] as const
export type ResultState = (typeof resultStates)[number]

export interface Reference {
  /** benchmark or guide, such as `cis-kubernetes`, `cis-debian-linux-12`, `nist-800-190`, `mitre-attack` */
  readonly source: string
  /** version of it, empty when it has none */
  readonly version: string
  /** number or id in it */
  readonly id: string
}

/** One row of a check's own test: facts in, state out. */
export interface CheckTest {
  readonly name: string
  /** facet property → partial facts, or `absent`, `unreadable`, `error` for the facet's state */
  readonly facets: Readonly<Record<string, JsonObject | 'absent' | 'unreadable' | 'error'>>
  /** time of the evaluation, ISO 8601 */
  readonly now?: string
  readonly parameters?: JsonObject
  readonly expect: ResultState
  /** what the evidence must contain, for fail rows */
  readonly evidence?: readonly string[]
  /** what the remediation of this host must contain, for fail rows */
  readonly remediation?: readonly string[]
}

/** One step of a fix as it stands in a check; `{{ CEL }}` puts in values of the host. */
export type FixTemplate =
  /** a file of our own: a drop-in that sets what the check wants */
  | { readonly file: string; readonly lines: readonly string[]; readonly mode?: string }
  /** rights of files that are there; `owner` is `USER:GROUP` */
  | { readonly paths: string; readonly mode?: string; readonly owner?: string }
  /** a program with its arguments; what follows is done only when it ends well. `undo` takes it back */
  | { readonly run: readonly string[]; readonly undo?: readonly string[] }

/** One step of a fix with the values of a host in it. */
export type FixStep =
  | { readonly file: string; readonly lines: readonly string[]; readonly mode: string }
  | { readonly paths: readonly string[]; readonly mode: string; readonly owner: string }
  | { readonly run: readonly string[]; readonly undo: readonly string[] }

export interface Check {
  /** says the expectation, never a benchmark number: `kubelet-anonymous-auth-disabled` */
  readonly id: string
  readonly title: string
  readonly severity: Severity
  /** CEL, bool: false makes the check not_applicable */
  readonly applies?: string
  /** CEL, bool: true is a pass; left out for a manual check */
  readonly pass?: string
  /** CEL, list of strings: what violates the check, on this host */
  readonly evidence?: string
  /** what to look at, for a manual check */
  readonly manual?: string
  readonly rationale: string
  /** what to do; `{{ CEL }}` is replaced by a value of this host, shell-quoted */
  readonly remediation: string
  /** what the remediation says, in steps for a program, where that is safe and plain */
  readonly fix?: readonly FixTemplate[]
  readonly references: readonly Reference[]
  /** named values that profiles may set; the value here is the default and fixes the type */
  readonly parameters: JsonObject
  /** name of each parameter → what it sets, in one sentence */
  readonly parameterNotes?: Readonly<Record<string, string>>
  readonly tests: readonly CheckTest[]
}

export interface Profile {
  readonly id: string
  readonly title: string
  /** CEL over the facets, bool: whether a host takes this profile by itself */
  readonly appliesTo: string
  readonly checks: readonly string[]
  /** check id → parameter → value */
  readonly parameters: Readonly<Record<string, JsonObject>>
  /** profiles that stand in for this one, each on the hosts where its condition holds; the first that does counts */
  readonly versions?: readonly ProfileVersion[]
}

/** One version of a benchmark that has several: which hosts are to be held against it. */
export interface ProfileVersion {
  /** id of the profile, such as `cis-kubernetes-worker@1.10` */
  readonly profile: string
  /** CEL over the facets, bool */
  readonly when: string
}

export interface Catalog {
  readonly checks: readonly Check[]
  readonly profiles: readonly Profile[]
  /** sha256 over the canonical catalog without its tests */
  readonly digest: string
}

/** Who accepted a failure, and until when. The check still ran, and its state is what it found. */
export interface WaiverMark {
  readonly id: string
  readonly reason: string
  readonly owner: string
  /** where it was decided, empty when there is no such place */
  readonly ticket: string
  /** ISO 8601 time at which the failure counts again */
  readonly expiresAt: string
}

export interface Result {
  readonly check: string
  readonly state: ResultState
  /** one sentence: why it is error, not_applicable or manual; empty for pass and fail */
  readonly reason: string
  /** what violates the check, for people */
  readonly evidence: readonly string[]
  /** remediation with this host's values, empty unless fail */
  readonly remediation: string
  /** the remediation in steps, only on a fail and when they were asked for; left out where there is none that is safe */
  readonly fix?: readonly FixStep[]
  /** facet properties that were read */
  readonly facets: readonly string[]
  /** ISO 8601 time at which time itself may change the state */
  readonly validUntil?: string
  /** only on a fail or an error that somebody accepted */
  readonly waiver?: WaiverMark
}

export interface Score {
  /**
   * 0–100, Σ weight of pass ÷ Σ weight of (pass + fail + error), what is waived left out; 100 when all of it is waived,
   * missing when nothing was judged
   */
  readonly score?: number
  /** 0–100, (pass + fail) ÷ (all − not_applicable), rounded down; missing when nothing applies */
  readonly coverage?: number
  /** results by what was found, waived or not */
  readonly counts: Readonly<Record<ResultState, number>>
  /** results that somebody accepted */
  readonly waived: number
}
