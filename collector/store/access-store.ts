// What a store has to answer and to write about users of the API.
import type { ApiSession, ApiToken, AuditEntry, AuditFilter, AuditRecord, StoredApiToken } from './access-records.ts'
import type { Page, PageRequest } from './records.ts'

/** Questions about users of the API; they see what was committed when they began. */
export interface AccessReader {
  /** newest first */
  apiTokens(page: PageRequest): Promise<Page<ApiToken>>
  apiToken(id: string): Promise<StoredApiToken | undefined>
  apiSession(idHash: string): Promise<ApiSession | undefined>
  /** how many have not ended */
  apiSessions(nowMs: number): Promise<number>
  /** newest first */
  audit(filter: AuditFilter, page: PageRequest): Promise<Page<AuditRecord>>
}

/** Part of a store's transaction. */
export interface AccessTransaction {
  putApiToken(token: StoredApiToken): Promise<void>
  /** ends its sessions, too. @returns whether there was one to revoke */
  revokeApiToken(id: string, atMs: number): Promise<boolean>
  /** @param used token id → when it was used last */
  touchApiTokens(used: ReadonlyMap<string, number>): Promise<void>
  putApiSession(session: ApiSession): Promise<void>
  /** @returns whether there was one */
  deleteApiSession(idHash: string): Promise<boolean>
  /** @returns how many had ended */
  deleteApiSessions(endedByMs: number): Promise<number>
  /** nothing changes or takes away an entry afterwards */
  appendAudit(entry: AuditEntry): Promise<void>
}
