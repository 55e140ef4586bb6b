// The shapes of a controls file in kube-bench's format, and of what came of its checks.

/** One file: a list of groups of checks for one kind of node. */
export interface Controls {
  readonly path: string
  readonly id: string
  /** such as `cis-1.12`, empty when the file says none */
  readonly version: string
  readonly text: string
  /** master, node, etcd, controlplane, policies, managedservices */
  readonly type: string
  readonly groups: readonly ControlsGroup[]
}

export interface ControlsGroup {
  readonly id: string
  readonly text: string
  /** only `skip` means something; older files say `skip: true` */
  readonly type: string
  readonly checks: readonly ControlsCheck[]
}

export interface ControlsCheck {
  /** `file:line:column` of the check */
  readonly place: string
  readonly id: string
  readonly text: string
  /** shell script whose text is searched for flags */
  readonly audit: string
  /** shell script that prints JSON or YAML, for paths */
  readonly auditConfig: string
  /** shell script whose text is searched for environment variables */
  readonly auditEnv: string
  /** empty, `manual` or `skip` */
  readonly type: string
  readonly tests: Tests | undefined
  readonly remediation: string
  readonly scored: boolean
  /** each line of an audit's text is judged by itself */
  readonly multiple: boolean
}

export interface Tests {
  /** `and`, `or`, empty for and; anything else is a mistake of the check */
  readonly binOp: string
  readonly items: readonly TestItem[]
}

export interface TestItem {
  readonly flag: string
  /** JSONPath with its braces */
  readonly path: string
  readonly env: string
  /** whether the value has to be there */
  readonly set: boolean
  /** an empty operator compares nothing */
  readonly op: string
  readonly value: string
}

/** `right`: what the author of a check means; `strict`: what kube-bench itself would say, with its quirks. */
export type Reading = 'right' | 'strict'

export type ControlsState = 'PASS' | 'FAIL' | 'WARN' | 'INFO'

export interface ControlsResult {
  readonly check: ControlsCheck
  readonly state: ControlsState
  /** why it is in that state, empty where the values say it */
  readonly reason: string
  /** what was found; the whole text of an audit in the strict reading */
  readonly actual: string
  readonly expected: string
  /** an audit could not be evaluated, so that nothing is known */
  readonly unanswered: boolean
}

/** What one of a check's scripts came to. */
export type AuditOutcome =
  | {
      readonly state: 'done'
      readonly stdout: string
      /** standard output and error as they were written */
      readonly text: string
      readonly exitCode: number
      /** first line of standard error */
      readonly complaint: string
    }
  | { readonly state: 'unanswered'; readonly reason: string }

export interface Audits {
  readonly audit: AuditOutcome
  readonly auditConfig: AuditOutcome
  readonly auditEnv: AuditOutcome
}
