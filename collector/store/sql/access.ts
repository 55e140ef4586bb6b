// Users of the API: few rows, so the statements are made when they are needed.
import { type Kysely, type Selectable, sql } from 'kysely'
import type { ApiRole, ApiToken, AuditFilter, AuditOutcome, AuditRecord, StoredApiToken } from '../access-records.ts'
import type { AccessReader, AccessTransaction } from '../access-store.ts'
import { decodeCursor } from '../cursor.ts'
import type { Page, PageRequest } from '../records.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

export function accessReads(database: Kysely<Tables>): AccessReader {
  return {
    apiTokens: page => readTokens(database, page),
    apiToken: async id => {
      const row = await database.selectFrom('api_token').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toToken(row)
    },
    apiSession: async idHash => {
      const row = await database.selectFrom('api_session').selectAll().where('id_hash', '=', idHash).executeTakeFirst()
      return row && { idHash, tokenId: row.token_id, createdAtMs: row.created_at, expiresAtMs: row.expires_at }
    },
    apiSessions: async nowMs => {
      const counted = sql<number>`count(*)`.as('sessions')
      const row = await database
        .selectFrom('api_session')
        .select(counted)
        .where('expires_at', '>', nowMs)
        .executeTakeFirst()
      return row?.sessions ?? 0
    },
    audit: (filter, page) => readAudit(database, filter, page),
  }
}

export function accessWrites(database: Kysely<Tables>): AccessTransaction {
  return {
    putApiToken: async token => void (await database.insertInto('api_token').values(fromToken(token)).execute()),
    revokeApiToken: async (id, atMs) => {
      await database.deleteFrom('api_session').where('token_id', '=', id).execute()
      const query = database.updateTable('api_token').set({ revoked_at: atMs })
      const { numUpdatedRows } = await query.where('id', '=', id).where('revoked_at', '=', 0).executeTakeFirst()
      return numUpdatedRows > 0n
    },
    touchApiTokens: async used => {
      for (const [id, atMs] of [...used].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const query = database.updateTable('api_token').set({ last_used_at: atMs })
        await query.where('id', '=', id).where('last_used_at', '<', atMs).execute()
      }
    },
    putApiSession: async ({ idHash, tokenId, createdAtMs, expiresAtMs }) =>
      void (await database
        .insertInto('api_session')
        .values({ id_hash: idHash, token_id: tokenId, created_at: createdAtMs, expires_at: expiresAtMs })
        .execute()),
    deleteApiSession: async idHash => {
      const { numDeletedRows } = await database
        .deleteFrom('api_session')
        .where('id_hash', '=', idHash)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
    deleteApiSessions: async endedByMs => {
      const query = database.deleteFrom('api_session').where('expires_at', '<=', endedByMs)
      return Number((await query.executeTakeFirst()).numDeletedRows)
    },
    appendAudit: async ({ atMs, requestId, detail, ...entry }) =>
      void (await database
        .insertInto('audit')
        .values({ ...entry, at: atMs, request_id: requestId, detail: JSON.stringify(detail) })
        .execute()),
  }
}

async function readTokens(database: Kysely<Tables>, { limit, cursor }: PageRequest): Promise<Page<ApiToken>> {
  let query = database.selectFrom('api_token').selectAll()
  if (cursor !== undefined) {
    const [createdAt, id] = decodeCursor('api-tokens', cursor, ['number', 'string'])
    query = query.where(({ eb, or, and }) =>
      or([eb('created_at', '<', createdAt), and([eb('created_at', '=', createdAt), eb('id', '<', id)])]),
    )
  }
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const keyOf = (last: ApiTokenRow) => [last.created_at, last.id]
  return pageOf(rows, limit, 'api-tokens', keyOf, row => withoutSecret(toToken(row)))
}

async function readAudit(
  database: Kysely<Tables>,
  filter: AuditFilter,
  { limit, cursor }: PageRequest,
): Promise<Page<AuditRecord>> {
  let query = database.selectFrom('audit').selectAll()
  if (filter.actor !== undefined) query = query.where('actor', '=', filter.actor)
  if (filter.action !== undefined) query = query.where('action', '=', filter.action)
  if (filter.target !== undefined) query = query.where('target', '=', filter.target)
  if (filter.outcome !== undefined) query = query.where('outcome', '=', filter.outcome)
  if (filter.sinceMs !== undefined) query = query.where('at', '>=', filter.sinceMs)
  if (cursor !== undefined) query = query.where('id', '<', decodeCursor('audit', cursor, ['number'])[0])
  const rows = await query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  return pageOf(rows, limit, 'audit', last => [last.id], toAudit)
}

type ApiTokenRow = Selectable<Tables['api_token']>

function toToken(row: ApiTokenRow): StoredApiToken {
  return {
    ...{ id: row.id, description: row.description, secretHash: row.secret_hash, role: row.role as ApiRole },
    ...{ labels: JSON.parse(row.labels), createdAtMs: row.created_at, createdBy: row.created_by },
    ...{ expiresAtMs: row.expires_at, lastUsedAtMs: row.last_used_at, revokedAtMs: row.revoked_at },
  }
}

function fromToken(token: StoredApiToken) {
  return {
    ...{ id: token.id, description: token.description, secret_hash: token.secretHash, role: token.role },
    ...{ labels: JSON.stringify(token.labels), created_at: token.createdAtMs, created_by: token.createdBy },
    ...{ expires_at: token.expiresAtMs, last_used_at: token.lastUsedAtMs, revoked_at: token.revokedAtMs },
  }
}

function withoutSecret({ secretHash: _, ...token }: StoredApiToken): ApiToken {
  return token
}

function toAudit(row: Selectable<Tables['audit']>): AuditRecord {
  const { id, at, actor, address, request_id: requestId, action, target, outcome, detail } = row
  return {
    ...{ id, atMs: at, actor, address, requestId, action, target },
    ...{ outcome: outcome as AuditOutcome, detail: JSON.parse(detail) },
  }
}
