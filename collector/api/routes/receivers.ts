// Receivers of changes: who is told, how that goes, and whether a message gets there.
import * as z from 'zod'
import type { ReceiverStatus } from '../../notify/open-notify.ts'
import { timeOrEmpty } from '../present.ts'
import { Problem } from '../problem.ts'
import { ReceiverSchema, ReceiverTestSchema } from '../receiver-schema.ts'
import { defineRoute } from '../route.ts'
import { pageOf } from '../schemas.ts'

export const listReceivers = defineRoute({
  path: '/api/v1/receivers',
  summary: 'Who is told of changes, and how that goes; never where to, nor what is secret',
  access: { resource: 'receivers', verb: 'list' },
  answer: { status: 200, description: 'all receivers, by name', schema: pageOf(ReceiverSchema) },
  handle: async (_, { receivers }) => {
    const items = (await receivers.statuses()).map(receiverView)
    return { items: items.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
  },
})

export const testReceiver = defineRoute({
  method: 'post',
  path: '/api/v1/receivers/{name}/test',
  summary: 'Sends a message that says it is a test, once and at once',
  access: { resource: 'receivers', verb: 'create' },
  params: z.strictObject({ name: z.string().regex(/^[0-9a-z-]{1,63}$/, 'expected the name of a receiver') }),
  answer: { status: 200, description: 'what became of it', schema: ReceiverTestSchema },
  problems: [404],
  handle: async ({ params: { name } }, { receivers, changes, signal }) => {
    const error = await receivers.test(name, signal)
    if (error === undefined) throw new Problem(404, `the configuration has no receiver ${name}`)
    await changes.note(name, error === '' ? 'done' : 'failed', error === '' ? {} : { error })
    return { name, delivered: error === '', error }
  },
})

function receiverView({ config: { name, kind, filter, groupBy }, state }: ReceiverStatus) {
  return {
    ...{ name, kind, filter, groupBy },
    ...{ queuedMessages: state?.messages ?? 0, heldAlerts: state?.alerts ?? 0, droppedChanges: state?.dropped ?? 0 },
    ...{ lastSuccess: timeOrEmpty(state?.lastSuccessMs ?? 0), lastErrorAt: timeOrEmpty(state?.lastErrorMs ?? 0) },
    lastError: state?.lastError ?? '',
  }
}
