// What agents told about themselves: one row per host, written in bulk.
import type { Kysely } from 'kysely'
import {
  type AgentCondition,
  type AgentHealth,
  type AgentHealthReader,
  type AgentHealthTransaction,
  conditionOf,
} from '../agent-health.ts'
import { inScope } from './in-scope.ts'
import type { Tables } from './tables.ts'

export function agentHealthReads(database: Kysely<Tables>): AgentHealthReader {
  const rows = () => database.selectFrom('agent_health').innerJoin('host', 'host.host_no', 'agent_health.host_no')
  return {
    agentReport: async hostId => {
      const row = await rows()
        .select(['agent_health.body', 'agent_health.received_at'])
        .where('host.id', '=', hostId)
        .executeTakeFirst()
      return row && { health: JSON.parse(row.body) as AgentHealth, receivedAtMs: row.received_at }
    },
    agentConditions: async (hostIds, scope) => {
      if (hostIds.length === 0) return new Map()
      const found = await rows()
        .select(['host.id', 'agent_health.condition'])
        .where('host.id', 'in', [...hostIds])
        .where(({ and }) => and(inScope(database, scope)))
        .execute()
      return new Map(found.map(({ id, condition }) => [id, JSON.parse(condition) as AgentCondition]))
    },
  }
}

export function agentHealthWrites(database: Kysely<Tables>): AgentHealthTransaction {
  return {
    putAgentReports: async reports => {
      // In the order of their keys: two collectors never wait for each other.
      for (const [host, report] of [...reports].sort(([a], [b]) => a - b)) {
        const row = {
          received_at: report.receivedAtMs,
          condition: JSON.stringify(conditionOf(report)),
          body: JSON.stringify(report.health),
        }
        // A host may be gone since: its agent speaks to nobody then.
        const known = await database.selectFrom('host').select('host_no').where('host_no', '=', host).executeTakeFirst()
        if (!known) continue
        await database
          .insertInto('agent_health')
          .values({ host_no: host, ...row })
          .onConflict(conflict => conflict.column('host_no').doUpdateSet(row))
          .execute()
      }
    },
  }
}
