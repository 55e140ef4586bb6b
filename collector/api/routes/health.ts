// GET /healthz, /readyz and /metrics: for those who keep the collector running.
import * as z from 'zod'
import { Problem } from '../problem.ts'
import { defineRoute } from '../route.ts'

const ok = z.object({ status: z.literal('ok') }).meta({ id: 'Health' })

export const healthz = defineRoute({
  path: '/healthz',
  summary: 'Whether the process answers',
  access: 'anyone',
  answer: { status: 200, description: 'it does', schema: ok },
  handle: async () => ({ status: 'ok' }),
})

export const readyz = defineRoute({
  path: '/readyz',
  summary: 'Whether agents can connect, the database can be written and judging keeps up',
  access: 'anyone',
  answer: { status: 200, description: 'all of it', schema: ok },
  problems: [503],
  handle: async (_, { readiness }) => {
    const reasons = await readiness()
    if (reasons.length > 0) throw new Problem(503, reasons.join('; '))
    return { status: 'ok' }
  },
})

export const getMetrics = defineRoute({
  path: '/metrics',
  summary: 'Counters for Prometheus',
  access: { resource: 'metrics', verb: 'get' },
  answer: {
    status: 200,
    description: 'text exposition format',
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  },
  handle: async (_, { metrics }) => (await metrics.expose()).text,
})
