// GET /api/v1/hosts: the hosts of the fleet; GET /api/v1/hosts/{id}: one of them.
import * as z from 'zod'
import { severities } from '../../../policy/check.ts'
import { type HostSelection, hostSelection, selectHosts } from '../host-selection.ts'
import { withAgents } from '../host-with-agent.ts'
import { withSync } from '../host-with-sync.ts'
import { idParameter, pageParameters, pageRequest } from '../parameters.ts'
import { requireThere } from '../require-host.ts'
import { defineRoute } from '../route.ts'
import { HostSchema, pageOf } from '../schemas.ts'

export const listHosts = defineRoute({
  path: '/api/v1/hosts',
  summary: 'Hosts of the fleet',
  access: { resource: 'hosts', verb: 'list' },
  query: z.strictObject({
    ...hostSelection,
    state: z
      .enum(['connected', 'disconnected', 'catching-up'])
      .optional()
      .describe('whether the agent has an open stream, or has one and is behind'),
    severity: z.enum(severities).optional().describe('hosts with a finding of that severity'),
    sort: z.enum(['hostname', 'score']).optional().describe('by name (default), or the lowest score first'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of hosts', schema: pageOf(HostSchema) },
  handle: async ({ query }, context) => {
    const { state, severity } = query
    const filter = {
      ...selectHosts(query as HostSelection, context.clock.now()),
      sort: query.sort ?? 'hostname',
      ...(severity === undefined ? {} : { severity }),
      ...(state === undefined ? {} : { state }),
    } as const
    const { items, ...page } = await context.read.hosts(filter, pageRequest(query))
    const known = items.map(host => withSync(host, context))
    return { items: await withAgents(known, context), ...page }
  },
})

export const getHost = defineRoute({
  path: '/api/v1/hosts/{id}',
  summary: 'One host',
  access: { resource: 'hosts', verb: 'get' },
  params: z.strictObject({ id: idParameter }),
  answer: { status: 200, description: 'the host', schema: HostSchema },
  problems: [404],
  handle: async ({ params }, context) => {
    const host = requireThere(params.id, await context.read.host(params.id))
    const [known] = await withAgents([withSync(host, context)], context)
    return known
  },
})
