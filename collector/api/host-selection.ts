// Which hosts are meant: parameters that lists and reports share.
import * as z from 'zod'
import { missingMs, newMs } from '../domain/host-status.ts'
import type { ScopedReader } from '../domain/scoped-reader.ts'
import type { Scope } from '../store/access-records.ts'

const oneLabel = z
  .string()
  .max(600)
  .regex(/^[^=]+=/, 'expected key=value')
  .transform(text => ({ key: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) }))

export const hostStatuses = ['new', 'online', 'offline', 'missing', 'retired'] as const

export const hostSelection = {
  q: z.string().min(1).max(255).optional().describe('part of the host name, id or machine id'),
  label: z
    .preprocess(value => (typeof value === 'string' ? [value] : value), z.array(oneLabel).max(16))
    .optional()
    .meta({
      ...{ type: 'array', items: { type: 'string', pattern: '^[^=]+=', maxLength: 600 }, maxItems: 16 },
      description: 'key=value of a label; repeated, hosts that have all of them',
    }),
  status: z
    .enum(hostStatuses)
    .optional()
    .describe('new since a day; online; offline, but heard in the last seven days; missing for longer; retired'),
}

/**
 * Labels that are asked for, within those that may be seen.
 * @returns undefined when no host can have them all
 */
export function labelsWithin(
  asked: readonly { readonly key: string; readonly value: string }[],
  scope: Scope,
): Scope | undefined {
  const labels = new Map(Object.entries(scope))
  for (const { key, value } of asked) {
    if ((labels.get(key) ?? value) !== value) return undefined
    labels.set(key, value)
  }
  return Object.fromEntries(labels)
}

export interface HostSelection {
  readonly q?: string | undefined
  readonly label?: readonly { readonly key: string; readonly value: string }[] | undefined
  readonly status?: (typeof hostStatuses)[number] | undefined
}

type Filter = Omit<Parameters<ScopedReader['hosts']>[0], 'sort'>

/** Retired hosts are shown only when they are asked for. */
export function selectHosts({ q, label, status }: HostSelection, nowMs: number): Filter {
  return {
    ...(q === undefined ? {} : { q }),
    ...(label === undefined ? {} : { labels: label }),
    ...(status === 'retired' ? { standing: 'retired' } : { notStanding: 'retired' }),
    ...(status === 'new' && { firstSeenSinceMs: nowMs - newMs }),
    ...(status === 'online' && { state: 'connected' }),
    ...(status === 'offline' && { state: 'disconnected', lastSeenSinceMs: nowMs - missingMs }),
    ...(status === 'missing' && { state: 'disconnected', lastSeenBeforeMs: nowMs - missingMs }),
  }
}
