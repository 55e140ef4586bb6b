// Identities: few rows, asked seldom, so the statements are made when they are needed.
import type { Kysely, Selectable } from 'kysely'
import { decodeCursor } from '../cursor.ts'
import { enrolledKey } from '../enrolled-key.ts'
import type {
  Credential,
  Enrollment,
  EnrollmentState,
  EnrollmentToken,
  HostStanding,
  IdentityReader,
  IdentityTransaction,
  StandingRecord,
  StoredToken,
} from '../identity-records.ts'
import type { StoreReader } from '../store.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'
import { newHost, newHostId } from './write-hosts.ts'

/** Lists are for people; whoever has more asks for one token's. */
const listLimit = 1_000

export function identityReads(database: Kysely<Tables>): IdentityReader & Pick<StoreReader, 'enrollmentPage'> {
  return {
    tokens: async () => {
      const rows = await database.selectFrom('enrollment_token').selectAll().orderBy('created_at', 'desc').execute()
      return rows.map(row => withoutSecret(toToken(row)))
    },
    enrollments: async ({ tokenId, state }) => {
      let query = database.selectFrom('enrollment').selectAll()
      if (tokenId !== undefined) query = query.where('token_id', '=', tokenId)
      if (state !== undefined) query = query.where('state', '=', state)
      return (await query.orderBy('requested_at', 'desc').limit(listLimit).execute()).map(toEnrollment)
    },
    enrollmentPage: async ({ state }, { limit, cursor }) => {
      let query = database.selectFrom('enrollment').selectAll()
      if (state !== undefined) query = query.where('state', '=', state)
      if (cursor !== undefined)
        query = query.where('request_id', '>', decodeCursor('enrollments', cursor, ['string'])[0])
      const rows = await query
        .orderBy('request_id')
        .limit(limit + 1)
        .execute()
      return pageOf(rows, limit, 'enrollments', last => [last.request_id], toEnrollment)
    },
    credential: async serialNumber => {
      const query = database.selectFrom('credential').selectAll().where('serial_number', '=', serialNumber)
      const row = await query.executeTakeFirst()
      return row && toCredential(row)
    },
    standing: async hostId => {
      const row = await standings(database).where('id', '=', hostId).executeTakeFirst()
      return row && toStanding(row)
    },
    standings: async () => {
      const rows = await standings(database).where('standing', '<>', 'active').execute()
      return rows.map(row => ({ ...toStanding(row), host: row.host_no }))
    },
  }
}

export function identityWrites(database: Kysely<Tables>): IdentityTransaction {
  return {
    token: async id => {
      const query = database.selectFrom('enrollment_token').selectAll().where('id', '=', id)
      const row = await query.executeTakeFirst()
      return row && toToken(row)
    },
    putToken: async token => void (await database.insertInto('enrollment_token').values(fromToken(token)).execute()),
    countUse: async id =>
      void (await database
        .updateTable('enrollment_token')
        .set(({ eb }) => ({ uses: eb('uses', '+', 1) }))
        .where('id', '=', id)
        .execute()),
    revokeToken: async (id, atMs) => {
      const query = database.updateTable('enrollment_token').set({ revoked_at: atMs })
      const { numUpdatedRows } = await query.where('id', '=', id).where('revoked_at', '=', 0).executeTakeFirst()
      return numUpdatedRows > 0n
    },
    enrollment: async requestId => {
      const query = database.selectFrom('enrollment').selectAll().where('request_id', '=', requestId)
      const row = await query.executeTakeFirst()
      return row && toEnrollment(row)
    },
    putEnrollment: async enrollment => {
      const row = fromEnrollment(enrollment)
      const { request_id: _, ...rest } = row
      await database
        .insertInto('enrollment')
        .values(row)
        .onConflict(conflict => conflict.column('request_id').doUpdateSet(rest))
        .execute()
    },
    addEnrolledHost: async host => {
      const id = newHostId()
      const { hostname, machineId, bootId, agentVersion, grantedLabels, atMs } = host
      const labels = JSON.stringify(grantedLabels)
      const attributes = { hostname, machine_id: machineId, boot_id: bootId, agent_version: agentVersion }
      const seen = { skew_ms: 0, first_seen: atMs, last_seen: atMs }
      await database
        .insertInto('host')
        .values({ ...newHost, id, host_key: enrolledKey(id), labels, granted_labels: labels, ...attributes, ...seen })
        .execute()
      return id
    },
    putCredential: async ({ serialNumber, hostId, issuedAtMs, expiresAtMs, revokedAtMs }) =>
      void (await database
        .insertInto('credential')
        .values({
          ...{ serial_number: serialNumber, host_id: hostId },
          ...{ issued_at: issuedAtMs, expires_at: expiresAtMs, revoked_at: revokedAtMs },
        })
        .execute()),
    revokeCredentials: async (hostId, atMs) => {
      const query = database.updateTable('credential').set({ revoked_at: atMs })
      const { numUpdatedRows } = await query
        .where('host_id', '=', hostId)
        .where('revoked_at', '=', 0)
        .executeTakeFirst()
      return Number(numUpdatedRows)
    },
    setStanding: async ({ hostId, standing, reason, sinceMs }) => {
      const query = database.updateTable('host').set({ standing, standing_reason: reason, standing_since: sinceMs })
      const { numUpdatedRows } = await query.where('id', '=', hostId).executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}

const standings = (database: Kysely<Tables>) =>
  database.selectFrom('host').select(['host_no', 'id', 'standing', 'standing_reason', 'standing_since'])

function toStanding(row: {
  readonly id: string
  readonly standing: HostStanding
  readonly standing_reason: string
  readonly standing_since: number
}): StandingRecord {
  return { hostId: row.id, standing: row.standing, reason: row.standing_reason, sinceMs: row.standing_since }
}

function toToken(row: Selectable<Tables['enrollment_token']>): StoredToken {
  return {
    ...{ id: row.id, description: row.description, secretHash: row.secret_hash, createdAtMs: row.created_at },
    ...{ expiresAtMs: row.expires_at, maxUses: row.max_uses, uses: row.uses, labels: JSON.parse(row.labels) },
    ...{ needsApproval: row.needs_approval === 1, revokedAtMs: row.revoked_at },
  }
}

function withoutSecret({ secretHash: _, ...token }: StoredToken): EnrollmentToken {
  return token
}

function fromToken(token: StoredToken) {
  return {
    ...{ id: token.id, description: token.description, secret_hash: token.secretHash, created_at: token.createdAtMs },
    ...{ expires_at: token.expiresAtMs, max_uses: token.maxUses, uses: token.uses },
    ...{
      labels: JSON.stringify(token.labels),
      needs_approval: token.needsApproval ? 1 : 0,
      revoked_at: token.revokedAtMs,
    },
  }
}

function toEnrollment(row: Selectable<Tables['enrollment']>): Enrollment {
  return {
    ...{ requestId: row.request_id, tokenId: row.token_id, state: row.state, hostId: row.host_id },
    ...{ hostname: row.hostname, machineId: row.machine_id, requestHash: row.request_hash, address: row.address },
    ...{ requestedAtMs: row.requested_at, decidedAtMs: row.decided_at },
  }
}

function fromEnrollment(enrollment: Enrollment) {
  const { requestId, tokenId, state, hostId, hostname, machineId, requestHash, address } = enrollment
  return {
    ...{ request_id: requestId, token_id: tokenId, state: state satisfies EnrollmentState, host_id: hostId },
    ...{ hostname, machine_id: machineId, request_hash: requestHash, address },
    ...{ requested_at: enrollment.requestedAtMs, decided_at: enrollment.decidedAtMs },
  }
}

function toCredential(row: Selectable<Tables['credential']>): Credential {
  return {
    ...{ serialNumber: row.serial_number, hostId: row.host_id, issuedAtMs: row.issued_at },
    ...{ expiresAtMs: row.expires_at, revokedAtMs: row.revoked_at },
  }
}
