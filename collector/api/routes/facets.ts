// GET /api/v1/hosts/{id}/facets…: what a host is and was.
import * as z from 'zod'
import type { ScopedReader } from '../../domain/scoped-reader.ts'
import type { FacetRecord } from '../../store/records.ts'
import { FacetAtSchema, FacetSummaryAtSchema } from '../history-schema.ts'
import { facetParameter, idParameter, pageParameters, pageRequest, timeParameter } from '../parameters.ts'
import { Problem } from '../problem.ts'
import { requireHost } from '../require-host.ts'
import { defineRoute } from '../route.ts'
import { FacetHistorySchema, GapSchema, pageOf } from '../schemas.ts'

const facetParams = z.strictObject({ id: idParameter, facet: facetParameter })

export const listFacets = defineRoute({
  path: '/api/v1/hosts/{id}/facets',
  summary: 'Facets of a host, without their facts, now or at a time',
  access: { resource: 'facets', verb: 'list' },
  params: z.strictObject({ id: idParameter }),
  query: z.strictObject({ at: timeParameter.optional().describe('the states that held then') }),
  answer: { status: 200, description: 'all facets', schema: pageOf(FacetSummaryAtSchema) },
  problems: [404, 410],
  handle: async ({ params: { id }, query: { at } }, { read }) => {
    await requireHost(read, id)
    if (at === undefined) return { items: await read.facets(id) }
    const { items, gone } = await read.facetsAt(id, at)
    if (gone.length > 0) throw new Problem(410, `what held then of ${gone.join(', ')} is no longer kept`)
    return { items }
  },
})

export const getFacet = defineRoute({
  path: '/api/v1/hosts/{id}/facets/{facet}',
  summary: 'One facet of a host, now or at a time',
  access: { resource: 'facets', verb: 'get' },
  params: facetParams,
  query: z.strictObject({ at: timeParameter.optional().describe('the state that held then, without observations') }),
  answer: { status: 200, description: 'the facet', schema: FacetAtSchema },
  problems: [404, 410],
  handle: async ({ params: { id, facet }, query: { at } }, { read }) => {
    await requireHost(read, id)
    const record = at === undefined ? await read.facet(id, facet) : await read.facetAt(id, facet, at)
    if (record) return { ...present(record), ...(await gapOf(read, id, facet, at)) }
    if (at === undefined) throw new Problem(404, `host ${id} has no facet ${facet}`)
    const { gone } = await read.facetsAt(id, at)
    if (gone.includes(facet)) throw new Problem(410, `what held then of ${facet} is no longer kept`)
    throw new Problem(404, `host ${id} had no facet ${facet} at that time`)
  },
})

export const listFacetHistory = defineRoute({
  path: '/api/v1/hosts/{id}/facets/{facet}/history',
  summary: 'States of a facet and how long each held, newest first',
  access: { resource: 'facets', verb: 'list' },
  params: facetParams,
  query: z.strictObject(pageParameters),
  answer: { status: 200, description: 'a page of states', schema: pageOf(FacetHistorySchema) },
  problems: [404],
  handle: async ({ params: { id, facet }, query }, { read }) => {
    await requireHost(read, id)
    return read.facetHistory(id, facet, pageRequest(query))
  },
})

export const listGaps = defineRoute({
  path: '/api/v1/hosts/{id}/gaps',
  summary: 'Stretches of time in which facets of a host changed and nobody can tell how, newest first',
  access: { resource: 'facets', verb: 'list' },
  params: z.strictObject({ id: idParameter }),
  query: z.strictObject(pageParameters),
  answer: { status: 200, description: 'a page of gaps', schema: pageOf(GapSchema) },
  problems: [404],
  handle: async ({ params: { id }, query }, { read }) => {
    await requireHost(read, id)
    return read.gaps(id, pageRequest(query))
  },
})

async function gapOf(read: Pick<ScopedReader, 'gapAt'>, id: string, facet: string, at: number | undefined) {
  const gap = at === undefined ? undefined : await read.gapAt(id, facet, at)
  return gap ? { gap } : {}
}

function present({ hostId, current, since, receivedAt, observedAt, lastGood }: FacetRecord): object {
  return { hostId, ...current, observedAt, since, receivedAt, ...(lastGood ? { lastGood } : {}) }
}
