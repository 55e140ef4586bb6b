// Cohorts: hosts that are meant to be alike, and how alike they are.
import * as z from 'zod'
import { cohortId, cohortOfRecord, CohortSchema as GivenSchema } from '../../../policy/cohorts.ts'
import { isScoped, type Principal } from '../../auth/access/principal.ts'
import type { CohortRecord } from '../../store/cohort-records.ts'
import { CohortDetailSchema, CohortSchema, CohortsSchema } from '../cohort-schemas.ts'
import { Problem } from '../problem.ts'
import { requireCohort } from '../require-cohort.ts'
import { requireSound } from '../require-sound.ts'
import { defineRoute } from '../route.ts'

const params = z.strictObject({ id: cohortId })
/** Each host is held against all of them when its labels change. */
const maxCohorts = 500

export const listCohorts = defineRoute({
  path: '/api/v1/cohorts',
  summary: 'Cohorts in force, with how many hosts each has',
  access: { resource: 'cohorts', verb: 'list' },
  answer: { status: 200, description: 'all of them, by id', schema: CohortsSchema },
  handle: async (_, { read, principal }) => {
    return { items: (await read.cohorts()).map(cohort => shown(cohort, principal)) }
  },
})

/** A selector may name hosts that are out of a scope. */
function shown({ hosts, ...cohort }: CohortRecord, principal: Principal): Partial<CohortRecord> {
  return { ...cohort, ...(!isScoped(principal) && { hosts }) }
}

export const createCohort = defineRoute({
  method: 'post',
  path: '/api/v1/cohorts',
  summary: 'Names hosts that are meant to be alike',
  access: { resource: 'cohorts', verb: 'create' },
  body: GivenSchema,
  answer: { status: 201, description: 'the cohort', schema: CohortSchema },
  problems: [409],
  handle: async ({ body }, { changes, read, clock, principal }) => {
    const cohort = requireSound(() => cohortOfRecord(body))
    if ((await read.cohorts()).length >= maxCohorts) throw new Problem(409, `there are ${maxCohorts} cohorts already`)
    const isAdded = await changes.fleet(cohort.id, tx => tx.addCohort(cohort, clock.now()), { ...cohort })
    if (!isAdded) throw new Problem(409, `there is a cohort ${cohort.id} already`)
    return shown(await requireCohort(read, cohort.id), principal)
  },
})

export const getCohort = defineRoute({
  path: '/api/v1/cohorts/{id}',
  summary: 'One cohort: in how many states its hosts are, facet by facet',
  access: { resource: 'cohorts', verb: 'get' },
  params,
  answer: { status: 200, description: 'the cohort with its facets, by name', schema: CohortDetailSchema },
  problems: [404],
  handle: async ({ params: { id } }, { read, principal }) => {
    const cohort = await requireCohort(read, id)
    const pins = new Map((await read.pins(id)).map(pin => [pin.facet, pin]))
    const facets = (await read.cohortFacets(id)).map(({ known, majority, ...facet }) => {
      const percent = Math.floor((100 * majority.hosts) / known)
      const pin = pins.get(facet.facet)
      const counts = { known, unknown: Math.max(cohort.members - known, 0) }
      return { ...facet, ...counts, majority: { ...majority, percent }, ...(pin && { pin }) }
    })
    return { ...shown(cohort, principal), facets }
  },
})

export const updateCohort = defineRoute({
  method: 'patch',
  path: '/api/v1/cohorts/{id}',
  summary: 'Changes whom a cohort means, or what is said of it; its pins stay',
  access: { resource: 'cohorts', verb: 'update' },
  params,
  body: z.strictObject({
    description: GivenSchema.shape.description.unwrap().optional(),
    hosts: GivenSchema.shape.hosts.optional(),
  }),
  answer: { status: 200, description: 'the cohort', schema: CohortSchema },
  problems: [404, 409],
  handle: async ({ params: { id }, body }, { changes, read, clock, principal }) => {
    const before = await requireOwn(id, read)
    const { description = before.description, hosts: given } = body
    const { hosts } = given ? requireSound(() => cohortOfRecord({ id, description, hosts: given })) : before
    const isChanged = await changes.fleet(id, tx => tx.changeCohort({ id, description, hosts }, clock.now()), {
      ...{ description, hosts },
    })
    if (!isChanged) throw new Problem(404, `there is no cohort ${id}`)
    return shown(await requireCohort(read, id), principal)
  },
})

export const deleteCohort = defineRoute({
  method: 'delete',
  path: '/api/v1/cohorts/{id}',
  summary: 'Ends a cohort that was made over the API, with its pins',
  access: { resource: 'cohorts', verb: 'delete' },
  params,
  answer: { status: 204, description: 'it is gone' },
  problems: [404, 409],
  handle: async ({ params: { id } }, { changes, read }) => {
    await requireOwn(id, read)
    const isRemoved = await changes.fleet(id, tx => tx.removeCohort(id))
    if (!isRemoved) throw new Problem(404, `there is no cohort ${id}`)
  },
})

/** @throws Problem 404, or 409 for one that a file has */
async function requireOwn(id: string, read: Parameters<typeof requireCohort>[0]): Promise<CohortRecord> {
  const cohort = await requireCohort(read, id)
  if (cohort.source === 'file') throw new Problem(409, `cohort ${id} stands in a file: change it there`)
  return cohort
}
