// What is done about a host: retire, release, revoke, delete.
import * as z from 'zod'
import { isoTime } from '../../../runtime/clock.ts'
import type { HostStanding } from '../../store/identity-records.ts'
import { idParameter } from '../parameters.ts'
import { Problem } from '../problem.ts'
import type { RequestContext } from '../request-context.ts'
import { requireThere } from '../require-host.ts'
import { defineRoute } from '../route.ts'
import { StandingSchema } from '../schemas.ts'

const params = z.strictObject({ id: idParameter })
const body = z.strictObject({ reason: z.string().max(200).optional().describe('for the audit log and the host') })
const answer = { status: 200, description: 'how the host stands now', schema: StandingSchema } as const
const access = { resource: 'hosts', verb: 'update' } as const

export const retireHost = defineRoute({
  method: 'post',
  path: '/api/v1/hosts/{id}/retire',
  summary: 'Takes a host that is no more out of lists and counts; its past stays',
  ...{ access, params, body, answer },
  problems: [404],
  handle: async ({ params: { id }, body: { reason = '' } }, { changes, agents, clock }) => {
    const sinceMs = clock.now()
    const isThere = await changes.host(id, transaction => transaction.retireHost(id, reason, sinceMs), { reason })
    requireThere(id, isThere)
    await agents.end(id)
    return standingView(id, 'retired', reason, sinceMs)
  },
})

export const revokeHost = defineRoute({
  method: 'post',
  path: '/api/v1/hosts/{id}/revoke',
  summary: 'Takes a host’s credentials away and ends its stream',
  ...{ access, params, body, answer },
  problems: [404],
  handle: async ({ params: { id }, body: { reason = 'revoked by an operator' } }, { changes, agents, clock }) => {
    const sinceMs = clock.now()
    const isThere = await changes.host(
      id,
      async transaction => {
        const isSet = await transaction.setStanding({ hostId: id, standing: 'revoked', reason, sinceMs })
        if (isSet) await transaction.revokeCredentials(id, sinceMs)
        return isSet
      },
      { reason },
    )
    requireThere(id, isThere)
    await agents.end(id)
    return standingView(id, 'revoked', reason, sinceMs)
  },
})

export const releaseHost = defineRoute({
  method: 'post',
  path: '/api/v1/hosts/{id}/release',
  summary: 'Lets a quarantined or retired host speak again',
  ...{ access, params, answer },
  problems: [404, 409],
  handle: async ({ params: { id } }, { changes, clock, read }) => {
    const { standing: before = 'active' } = (await read.host(id)) ?? {}
    if (before === 'revoked') throw new Problem(409, `host ${id} is revoked: it has to enroll again`)
    const sinceMs = clock.now()
    const standing = { hostId: id, standing: 'active', reason: '', sinceMs } as const
    requireThere(id, await changes.host(id, transaction => transaction.setStanding(standing)))
    return standingView(id, 'active', '', sinceMs)
  },
})

export const deleteHost = defineRoute({
  method: 'delete',
  path: '/api/v1/hosts/{id}',
  summary: 'Deletes a host with all that is known of it',
  access: { resource: 'hosts', verb: 'delete' },
  params,
  answer: { status: 204, description: 'it is gone' },
  problems: [404],
  handle: async ({ params: { id } }, { changes, agents, read }: RequestContext) => {
    const host = await read.host(id)
    await agents.end(id)
    const detail = { hostname: host?.hostname ?? '' }
    requireThere(id, await changes.host(id, transaction => transaction.deleteHost(id), detail))
  },
})

const standingView = (hostId: string, standing: HostStanding, reason: string, sinceMs: number) => ({
  ...{ hostId, standing, reason, since: isoTime(sinceMs) },
})
