// GET /api/v1/hosts/{id}/health: how the agent of a host does.
import * as z from 'zod'
import { isoTime } from '../../../runtime/clock.ts'
import { conditionOf } from '../../store/agent-health.ts'
import { AgentHealthSchema } from '../agent-health-schema.ts'
import { agentState } from '../host-with-agent.ts'
import { idParameter } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { requireThere } from '../require-host.ts'
import { defineRoute } from '../route.ts'

export const getAgentHealth = defineRoute({
  path: '/api/v1/hosts/{id}/health',
  summary: 'How the agent of a host does: what it takes, its probes, and the limits that it keeps to',
  access: { resource: 'hosts', verb: 'get' },
  params: z.strictObject({ id: idParameter }),
  answer: { status: 200, description: 'what it told last', schema: AgentHealthSchema },
  problems: [404],
  handle: async ({ params: { id } }, { read, agents }) => {
    const host = requireThere(id, await read.host(id))
    const report = agents.reportOf(id) ?? (await read.agentReport(id))
    if (!report) throw new Problem(404, `the agent of host ${id} told nothing about itself yet`)
    const { startedAtMs, outbox, limits, ...health } = report.health
    const { oldestMs, ...queued } = outbox
    return {
      ...{ hostId: id, agentVersion: host.agentVersion, ...agentState(conditionOf(report)), ...health, limits },
      startedAt: isoTime(startedAtMs),
      outbox: { ...queued, oldestAt: oldestMs > 0 ? isoTime(oldestMs) : '' },
    }
  },
})
