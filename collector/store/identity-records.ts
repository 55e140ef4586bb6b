// Who may speak for a host: enrollment tokens, what they were used for, credentials, and how a host stands.

/** What lets a host that nobody knows get a credential. The secret is kept as a hash only. */
export interface EnrollmentToken {
  readonly id: string
  readonly description: string
  readonly createdAtMs: number
  readonly expiresAtMs: number
  readonly maxUses: number
  /** enrollments that were begun with it, whether approved or not */
  readonly uses: number
  /** labels that every host enrolled with it gets; they go over those the host gives itself */
  readonly labels: Readonly<Record<string, string>>
  /** each host waits until somebody approves it */
  readonly needsApproval: boolean
  /** 0 while it is not revoked */
  readonly revokedAtMs: number
}

export interface StoredToken extends EnrollmentToken {
  /** sha256:<hex> */
  readonly secretHash: string
}

export const enrollmentStates = ['pending', 'issued', 'refused'] as const
export type EnrollmentState = (typeof enrollmentStates)[number]

/** One host that asked for a credential. */
export interface Enrollment {
  readonly requestId: string
  readonly tokenId: string
  readonly state: EnrollmentState
  /** empty while pending and when refused */
  readonly hostId: string
  readonly hostname: string
  readonly machineId: string
  /** sha256:<hex> of the signing request: a repeated request has to bring the same */
  readonly requestHash: string
  /** address that it came from */
  readonly address: string
  readonly requestedAtMs: number
  readonly decidedAtMs: number
}

/** A client certificate that was issued to a host. */
export interface Credential {
  /** lower-case hex */
  readonly serialNumber: string
  readonly hostId: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** 0 while it is not revoked */
  readonly revokedAtMs: number
}

export const hostStandings = ['active', 'quarantined', 'revoked', 'retired'] as const
/**
 * quarantined: two machines spoke with its credential; revoked: somebody took its credentials away; retired: it is no
 * more, and its past is kept.
 */
export type HostStanding = (typeof hostStandings)[number]

export interface StandingRecord {
  readonly hostId: string
  readonly standing: HostStanding
  readonly reason: string
  readonly sinceMs: number
}

export interface NewHost {
  readonly hostname: string
  readonly machineId: string
  readonly bootId: string
  readonly agentVersion: string
  readonly grantedLabels: Readonly<Record<string, string>>
  readonly atMs: number
}

/** Questions about identities; they see what was committed when they began. */
export interface IdentityReader {
  tokens(): Promise<readonly EnrollmentToken[]>
  /** the newest 1,000 of one token or of all, newest first */
  enrollments(filter: { readonly tokenId?: string; readonly state?: EnrollmentState }): Promise<readonly Enrollment[]>
  credential(serialNumber: string): Promise<Credential | undefined>
  /** undefined for a host that is not known */
  standing(hostId: string): Promise<StandingRecord | undefined>
  /** every host that is not active, with the store's own number of it */
  standings(): Promise<readonly (StandingRecord & { readonly host: number })[]>
}

/** Part of a store's transaction. */
export interface IdentityTransaction {
  token(id: string): Promise<StoredToken | undefined>
  putToken(token: StoredToken): Promise<void>
  countUse(tokenId: string): Promise<void>
  /** @returns whether there was one to revoke */
  revokeToken(id: string, atMs: number): Promise<boolean>
  enrollment(requestId: string): Promise<Enrollment | undefined>
  putEnrollment(enrollment: Enrollment): Promise<void>
  /** @returns its id */
  addEnrolledHost(host: NewHost): Promise<string>
  putCredential(credential: Credential): Promise<void>
  /** @returns how many were in force */
  revokeCredentials(hostId: string, atMs: number): Promise<number>
  setStanding(record: StandingRecord): Promise<boolean>
}
