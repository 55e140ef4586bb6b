// Hosts with how their agents do.
import type * as z from 'zod'
import { isoTime } from '../../runtime/clock.ts'
import { type AgentCondition, conditionOf, unknownCondition } from '../store/agent-health.ts'
import type { AgentStateSchema } from './agent-health-schema.ts'
import type { RequestContext } from './request-context.ts'

type AgentState = z.infer<typeof AgentStateSchema>

/** @param hosts that may be seen */
export async function withAgents<T extends { readonly id: string }>(
  hosts: readonly T[],
  { read, agents }: Pick<RequestContext, 'read' | 'agents'>,
): Promise<readonly (T & { readonly agent: AgentState })[]> {
  const written = await read.agentConditions(hosts.map(({ id }) => id))
  return hosts.map(host => {
    const report = agents.reportOf(host.id)
    return { ...host, agent: agentState(report ? conditionOf(report) : written.get(host.id)) }
  })
}

export function agentState(condition: AgentCondition = unknownCondition): AgentState {
  const { state, limits, failingProbes, receivedAtMs } = condition
  return {
    ...{ state, limits: [...limits], failingProbes: [...failingProbes] },
    reportedAt: receivedAtMs > 0 ? isoTime(receivedAtMs) : '',
  }
}
