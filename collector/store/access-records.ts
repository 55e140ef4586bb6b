// Who may use the API, their sessions, and what was done through it.

export const apiRoles = ['viewer', 'operator', 'admin'] as const
/** viewer reads; operator also works on hosts and enrollments; admin also decides who may use the API. */
export type ApiRole = (typeof apiRoles)[number]

/** Hosts that somebody may see: those with all of these labels; without any, every host. */
export type Scope = Readonly<Record<string, string>>

/** What lets a program or a person use the API. The secret is kept as a hash only. */
export interface ApiToken {
  readonly id: string
  readonly description: string
  readonly role: ApiRole
  readonly labels: Scope
  readonly createdAtMs: number
  /** who made it, as the audit log names them */
  readonly createdBy: string
  readonly expiresAtMs: number
  /** to the minute; 0 before the first use */
  readonly lastUsedAtMs: number
  /** 0 while it is not revoked */
  readonly revokedAtMs: number
}

export interface StoredApiToken extends ApiToken {
  /** sha256:<hex> */
  readonly secretHash: string
}

/** A login of a browser with an API token; it ends with the token. */
export interface ApiSession {
  /** sha256:<hex> of what the cookie holds */
  readonly idHash: string
  readonly tokenId: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

export const auditOutcomes = ['done', 'refused', 'failed'] as const
/** done: it took effect; refused: it was not allowed or not possible; failed: the collector could not. */
export type AuditOutcome = (typeof auditOutcomes)[number]

/** One attempt to change something. */
export interface AuditEntry {
  readonly atMs: number
  /** such as `token:1a2b3c`, `kubernetes:local/system:serviceaccount:ops:ci` or `cli:root` */
  readonly actor: string
  /** address that it came from, empty for the command line */
  readonly address: string
  /** stands in the answer, too */
  readonly requestId: string
  /** resource and verb, such as `hosts.delete` */
  readonly action: string
  /** id of what it concerned, empty when there is none */
  readonly target: string
  readonly outcome: AuditOutcome
  /** what more there is to know, without secrets */
  readonly detail: Readonly<Record<string, unknown>>
}

export interface AuditRecord extends AuditEntry {
  /** ascending with the order of entries */
  readonly id: number
}

export interface AuditFilter {
  readonly actor?: string
  readonly action?: string
  readonly target?: string
  readonly outcome?: AuditOutcome
  readonly sinceMs?: number
}
