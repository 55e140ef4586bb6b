// Pins: what a facet of the hosts of a cohort should be, and who differs from it.
import * as z from 'zod'
import { cohortId } from '../../../policy/cohorts.ts'
import { DeviationSchema, PinSchema, PinsSchema } from '../cohort-schemas.ts'
import { facetParameter, idParameter, pageParameters, pageRequest } from '../parameters.ts'
import { Problem } from '../problem.ts'
import type { RequestContext } from '../request-context.ts'
import { requireCohort } from '../require-cohort.ts'
import { defineRoute } from '../route.ts'
import { pageOf } from '../schemas.ts'

const params = z.strictObject({ id: cohortId })
const pinParams = z.strictObject({ id: cohortId, facet: facetParameter })

export const listPins = defineRoute({
  path: '/api/v1/cohorts/{id}/pins',
  summary: 'Facets of a cohort that are pinned, and how many hosts are as they should be',
  access: { resource: 'cohorts', verb: 'get' },
  params,
  answer: { status: 200, description: 'pins, by facet', schema: PinsSchema },
  problems: [404],
  handle: async ({ params: { id } }, { read }) => {
    await requireCohort(read, id)
    return { items: await read.pins(id) }
  },
})

const From = z.strictObject({
  hostId: idParameter.optional().describe('as this host is now'),
  digest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits')
    .optional()
    .describe('a state that some host has or had'),
  majority: z.literal(true).optional().describe('as most hosts of the cohort are now'),
})

export const putPin = defineRoute({
  method: 'put',
  path: '/api/v1/cohorts/{id}/pins/{facet}',
  summary: 'Pins what a facet of the hosts of a cohort should be: hosts that differ are told from now on',
  access: { resource: 'cohorts', verb: 'update' },
  params: pinParams,
  body: From,
  answer: { status: 200, description: 'the pin', schema: PinSchema },
  problems: [404, 409],
  handle: async ({ params: { id, facet }, body }, context) => {
    const { changes, read, clock, principal } = context
    await requireCohort(read, id)
    const digest = await digestFrom(body, id, facet, context)
    const pin = { facet, digest, by: principal.name, atMs: clock.now() }
    const isPinned = await changes.fleet(id, transaction => transaction.putPin(id, pin), { facet, digest })
    const found = isPinned && (await read.pins(id)).find(one => one.facet === facet)
    if (!found) throw new Problem(404, `no host has or had a state of ${facet} with the digest ${digest}`)
    return found
  },
})

/** @throws Problem 400, 404, or 409 when there is nothing to pin */
async function digestFrom(
  { hostId, digest, majority }: z.infer<typeof From>,
  cohort: string,
  facet: string,
  { read }: RequestContext,
): Promise<string> {
  const given = [hostId, digest, majority].filter(value => value !== undefined)
  if (given.length !== 1) throw new Problem(400, 'give one of hostId, digest and majority')
  if (digest !== undefined) return digest
  if (hostId !== undefined) {
    const found = await read.facet(hostId, facet)
    if (!found) throw new Problem(404, `no host ${hostId} has a facet ${facet}`)
    const { current, lastGood } = found
    const isKnown = current.state === 'present' || current.state === 'absent'
    const held = isKnown ? current.digest : lastGood?.digest
    if (held === undefined) throw new Problem(409, `${facet} of host ${hostId} could never be read`)
    return held
  }
  const most = (await read.cohortFacets(cohort)).find(one => one.facet === facet)
  if (!most) throw new Problem(409, `no host of cohort ${cohort} has a facet ${facet} that is known`)
  return most.majority.digest
}

export const deletePin = defineRoute({
  method: 'delete',
  path: '/api/v1/cohorts/{id}/pins/{facet}',
  summary: 'Takes a pin away: no host differs from it any more',
  access: { resource: 'cohorts', verb: 'update' },
  params: pinParams,
  answer: { status: 204, description: 'nothing is pinned' },
  problems: [404],
  handle: async ({ params: { id, facet } }, { changes, read }) => {
    await requireCohort(read, id)
    const isRemoved = await changes.fleet(id, transaction => transaction.removePin(id, facet), { facet })
    if (!isRemoved) throw new Problem(404, `${facet} is not pinned for cohort ${id}`)
  },
})

export const listDeviations = defineRoute({
  path: '/api/v1/cohorts/{id}/deviations',
  summary: 'Hosts of a cohort that differ from what is pinned, and how',
  access: { resource: 'facets', verb: 'list' },
  params,
  query: z.strictObject({ facet: facetParameter.optional(), ...pageParameters }),
  answer: { status: 200, description: 'a page of hosts, by facet', schema: pageOf(DeviationSchema) },
  problems: [404],
  handle: async ({ params: { id }, query }, { read, describeDeviations }) => {
    await requireCohort(read, id)
    const { facet } = query
    const { items, ...page } = await read.deviations(
      { cohort: id, ...(facet !== undefined && { facet }) },
      pageRequest(query),
    )
    return { items: await describeDeviations(items), ...page }
  },
})
