// Receivers as the API shows them: who is told of what, and how that goes; never where to, nor what is secret.
import * as z from 'zod'
import { severities } from '../../policy/check.ts'
import { receiverKinds } from '../notify/notify-config.ts'
import { driftKinds } from '../store/records.ts'
import { count, timeOrEmpty } from './schema-parts.ts'

export const ReceiverSchema = z
  .object({
    name: z.string(),
    kind: z.enum(receiverKinds),
    filter: z.object({
      kinds: z.array(z.enum(driftKinds)),
      subjects: z.array(z.string()).describe('globs over check ids and facets; every one when there is none'),
      severities: z.array(z.enum(severities)).describe('of results'),
      labels: z.record(z.string(), z.string()).describe('that a host has to have'),
    }),
    groupBy: z.array(z.string()),
    queuedMessages: count.describe('messages that it did not take yet'),
    heldAlerts: count.describe('failures that it is told of again and again'),
    droppedChanges: count.describe('changes that it was never told of'),
    lastSuccess: timeOrEmpty,
    lastErrorAt: timeOrEmpty,
    lastError: z.string().describe('why it did not take the message that it was sent last; empty when it did'),
  })
  .meta({ id: 'Receiver' })

export const ReceiverTestSchema = z
  .object({
    name: z.string(),
    delivered: z.boolean(),
    error: z.string().describe('why it did not take the message, empty when it did'),
  })
  .meta({ id: 'ReceiverTest' })
