// GET /healthz, /readyz and /metrics: for those who keep the collector running.
import * as z from 'zod'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'

const ok = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })

export const healthz = defineRoute({
  path: '/healthz',
  summary: 'Whether the process answers',
  answer: { status: 200, description: 'it does', schema: ok },
  handle: async () => ({ status: 'ok' }),
})

export const readyz = defineRoute({
  path: '/readyz',
  summary: 'Whether agents can connect and the database can be written',
  answer: { status: 200, description: 'both', schema: ok },
  problems: [503],
  handle: async (_, { store, isIngesting }) => {
    if (!isIngesting()) throw new Problem(503, 'agents cannot connect')
    try {
      await store.ping()
    } catch (cause) {
      const problem = new Problem(503, 'the database cannot be written')
      problem.cause = cause
      throw problem
    }
    return { status: 'ok' }
  },
})

export const getMetrics = defineRoute({
  path: '/metrics',
  summary: 'Counters for Prometheus',
  answer: {
    status: 200,
    description: 'text exposition format',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  },
  handle: async (_, { metrics }) => (await metrics.expose()).text,
})
