// The policy in force as collectors on one database see it: the row that names it, and who has which.
import type { PolicyReader, PolicyTransaction, StandingPolicy } from '../policy-records.ts'
import { alone } from './alone.ts'
import { type Connection, slot } from './connection.ts'
import { addWaiver, putPolicy, removeWaiver } from './put-policy.ts'

export function policyReads(connection: Connection): PolicyReader {
  const { database } = connection
  const catalog = connection.prepare(
    database.selectFrom('policy_in_force').select('catalog').where('version', '=', slot<string>('version')),
  )
  return {
    standingPolicy: standing(connection),
    standingCatalog: async version => (await catalog.get({ version }))?.catalog,
    policiesOfCollectors: async sinceMs => {
      const query = database.selectFrom('replica').select('policy').where('policy', '<>', '')
      const rows = await query.where('seen_at', '>=', sinceMs).execute()
      return rows.map(({ policy }) => policy)
    },
  }
}

export function policyWrites(connection: Connection): PolicyTransaction {
  const { database } = connection
  const standingPolicy = standing(connection)
  return {
    standingPolicy,
    holdPolicy: () => alone(database, standingPolicy),
    putPolicy: policy => putPolicy(connection, policy),
    // Nobody writes results by waivers that are over once this is on disk.
    addWaiver: waiver => alone(database, () => addWaiver(connection, waiver)),
    removeWaiver: id => alone(database, () => removeWaiver(connection, id)),
  }
}

function standing(connection: Connection): () => Promise<StandingPolicy | undefined> {
  const row = connection.prepare(
    connection.database
      .selectFrom('policy_in_force')
      .select(['version', 'revision', 'put_by as putBy'])
      .where('id', '=', slot<number>('id')),
  )
  return () => row.get({ id: 1 })
}
