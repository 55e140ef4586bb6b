// How people write which hosts are meant, in files and over the API, and what is wrong with it.
import * as z from 'zod'
import { type HostSelector, type LabelSelector, labelOperators } from './host-selector.ts'
import type { Problem } from './policy-error.ts'

const text = z.string().min(1)

export const labelFields = {
  matchLabels: z.record(text, z.string()).default({}),
  matchExpressions: z
    .array(z.strictObject({ key: text, operator: z.enum(labelOperators), values: z.array(z.string()).default([]) }))
    .default([]),
}

/** `all` is written out, so that what is for every host is never what somebody forgot to narrow. */
export const HostsSchema = z.strictObject({
  all: z.literal(true).optional(),
  ids: z.array(text).default([]),
  hostnames: z.array(text).default([]),
  ...labelFields,
})

export type RawHosts = z.infer<typeof HostsSchema>

/** `hosts: all` in a file is `hosts: { all: true }`. */
export function withAllHosts(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('hosts' in value) || value.hosts !== 'all') return value
  return { ...value, hosts: { all: true } }
}

export const selectorOf = ({ all: _, ...selector }: RawHosts): HostSelector => selector

/** @param place of a dotted part */
export function hostsProblems(hosts: RawHosts, subject: string, place: (part: string) => string): readonly Problem[] {
  const { all, ...selector } = hosts
  const found = selectorProblems(selector, subject, place)
  if ((all === true) !== isEmpty(selector)) {
    const message = all
      ? 'names all hosts and some'
      : 'selects nothing: name ids, hostnames or labels, or write `hosts: all`'
    return [{ place: place('hosts'), subject, part: 'hosts', message }, ...found]
  }
  return found
}

function isEmpty({ ids, hostnames, matchLabels, matchExpressions }: HostSelector): boolean {
  return ids.length + hostnames.length + matchExpressions.length + Object.keys(matchLabels).length === 0
}

export function selectorProblems(
  { matchExpressions }: LabelSelector,
  subject: string,
  place: (part: string) => string,
): readonly Problem[] {
  return matchExpressions.flatMap(({ operator, values }, index) => {
    const part = `hosts.matchExpressions.${index}`
    const wantsValues = operator === 'In' || operator === 'NotIn'
    if (wantsValues === values.length > 0) return []
    const message = wantsValues ? `${operator} wants \`values\`` : `${operator} takes no \`values\``
    return { place: place(part), subject, part, message }
  })
}
