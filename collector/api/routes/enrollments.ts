// Enrollments: hosts that asked for a credential, and those that wait for approval.
import * as z from 'zod'
import { decide } from '../../domain/enrollment.ts'
import { enrollmentStates } from '../../store/identity-records.ts'
import { pageParameters, pageRequest } from '../parameters.ts'
import { enrollmentView } from '../present.ts'
import { Problem } from '../problem.ts'
import type { RequestContext } from '../request-context.ts'
import { defineRoute } from '../route.ts'
import { EnrollmentSchema, pageOf } from '../schemas.ts'

const params = z.strictObject({ id: z.string().regex(/^[0-9a-z-]{1,64}$/, 'expected the id of a request') })
const access = { resource: 'enrollments', verb: 'update' } as const
const answer = { status: 200, description: 'the decided request', schema: EnrollmentSchema } as const

export const listEnrollments = defineRoute({
  path: '/api/v1/enrollments',
  summary: 'Hosts that asked for a credential',
  access: { resource: 'enrollments', verb: 'list' },
  query: z.strictObject({ state: z.enum(enrollmentStates).optional(), ...pageParameters }),
  answer: { status: 200, description: 'a page of requests, by id', schema: pageOf(EnrollmentSchema) },
  handle: async ({ query }, { read }) => {
    const { state } = query
    const { items, ...page } = await read.enrollmentPage(state === undefined ? {} : { state }, pageRequest(query))
    return { items: items.map(enrollmentView), ...page }
  },
})

export const approveEnrollment = defineRoute({
  method: 'post',
  path: '/api/v1/enrollments/{id}/approve',
  summary: 'Lets a host in that waits',
  ...{ access, params, answer },
  problems: [404],
  handle: ({ params: { id } }, context) => decideOn(id, true, context),
})

export const refuseEnrollment = defineRoute({
  method: 'post',
  path: '/api/v1/enrollments/{id}/refuse',
  summary: 'Does not let a host in that waits',
  ...{ access, params, answer },
  problems: [404],
  handle: ({ params: { id } }, context) => decideOn(id, false, context),
})

async function decideOn(id: string, approve: boolean, { changes, clock }: RequestContext) {
  const decided = await changes.fleet(id, transaction => decide(transaction, id, approve, clock.now()), {
    decision: approve ? 'approved' : 'refused',
  })
  if (!decided) throw new Problem(404, `no host waits under the id ${id}`)
  return enrollmentView(decided)
}
