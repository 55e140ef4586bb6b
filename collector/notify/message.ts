// What receivers are told: changes that belong together, in one message.
import { randomBytes } from 'node:crypto'
import type { Severity } from '../../policy/check.ts'
import { isoTime } from '../../runtime/clock.ts'
import type { DriftRecord } from '../store/records.ts'

/** failing: something is wrong since then; resolved: it is not any more; changed: something is another than before. */
export type ToldStatus = 'failing' | 'resolved' | 'changed'

export interface ToldChange extends Pick<DriftRecord, 'kind' | 'subject' | 'change' | 'field' | 'text' | 'at'> {
  /** id of the change in the drift, of the latest when several are told as one */
  readonly id: number
  readonly status: ToldStatus
  /** of the check, empty for facts and facets */
  readonly title: string
  readonly severity?: Severity
  readonly host: ToldHost
  /** it came and went again and again, and is told again when that is over */
  readonly flapping?: 'begins' | 'ends'
  /** states of a result or a facet, when they turned */
  readonly from?: string
  readonly to?: string
}

export interface ToldHost {
  readonly id: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
}

export interface Message {
  /** the same however often it is sent: who was sent it twice tells by it */
  readonly id: string
  /** ISO 8601 */
  readonly createdAt: string
  readonly isTest: boolean
  /** what the changes have in common */
  readonly group: Readonly<Record<string, string>>
  readonly changes: readonly ToldChange[]
  /** changes that belong here and are not listed, since there were too many */
  readonly more: number
  /** changes that were dropped before this message, since nobody took them */
  readonly dropped: number
}

const failingStates: ReadonlySet<unknown> = new Set(['fail', 'error', 'unreadable'])

/** @param from state of a result or a facet */
export function statusOfTurn(from: unknown, to: unknown): ToldStatus {
  if (failingStates.has(to)) return 'failing'
  return failingStates.has(from) ? 'resolved' : 'changed'
}

/** The same thing on the same host: told once, as it is last. */
export function subjectKey({ host, kind, subject, change, field, text }: ToldChange): string {
  const more = kind === 'fact' ? [change, field, text] : kind === 'deviation' ? [field] : []
  return JSON.stringify([host.id, kind, subject, ...more])
}

export const newMessageId = () => `msg_${randomBytes(16).toString('hex')}`

/** A message that says nothing but that it came. */
export function testMessage(nowMs: number): Message {
  const createdAt = isoTime(nowMs)
  const host = { id: 'test', name: 'test', labels: {} }
  const change: ToldChange = {
    ...{ id: 0, status: 'changed', kind: 'fact', subject: 'test', change: 'changed', field: '', title: '', host },
    ...{ text: 'this is a test: nothing changed', at: createdAt },
  }
  return { id: newMessageId(), createdAt, isTest: true, group: {}, changes: [change], more: 0, dropped: 0 }
}
