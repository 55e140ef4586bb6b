// GET /api/v1/hosts: the hosts of the fleet; GET /api/v1/hosts/{id}: one of them.
import * as z from 'zod'
import { idParameter, pageParameters, pageRequest } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'
import { HostSchema, pageOf } from '../schemas.ts'

const label = z
  .string()
  .max(600)
  .regex(/^[^=]+=/, 'expected key=value')
  .transform(text => ({ key: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) }))
  .meta({ type: 'string', description: 'key=value of a label' })

export const listHosts = defineRoute({
  path: '/api/v1/hosts',
  summary: 'Hosts of the fleet',
  query: z.strictObject({
    q: z.string().min(1).max(255).optional().describe('part of the host name, id or machine id'),
    label: label.optional(),
    state: z.enum(['connected', 'disconnected']).optional().describe('whether the agent has an open stream'),
    sort: z.enum(['hostname', 'score']).optional().describe('by name (default), or the lowest score first'),
    ...pageParameters,
  }),
  answer: { status: 200, description: 'a page of hosts', schema: pageOf(HostSchema) },
  handle: ({ query }, { store, connections }) => {
    const filter = {
      connected: connections.hosts,
      sort: query.sort ?? 'hostname',
      ...(query.q === undefined ? {} : { q: query.q }),
      ...(query.label === undefined ? {} : { labels: [query.label] }),
      ...(query.state === undefined ? {} : { state: query.state }),
    }
    return store.read.hosts(filter, pageRequest(query))
  },
})

export const getHost = defineRoute({
  path: '/api/v1/hosts/{id}',
  summary: 'One host',
  params: z.strictObject({ id: idParameter }),
  answer: { status: 200, description: 'the host', schema: HostSchema },
  problems: [404],
  handle: async ({ params }, { store, connections }) => {
    const host = await store.read.host(params.id, connections.hosts)
    if (!host) throw new Problem(404, `no host has the id ${params.id}`)
    return host
  },
})
