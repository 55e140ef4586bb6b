// Asks all hosts one question: rows as they are found, and at the end how many there were of what.
import type { FactQuery, QueryAnswer } from '../../policy/fact-query.ts'
import { type Facet, type FacetState, facetProperty, type JsonValue } from '../../proto/facet.ts'
import type { BoundedCache } from '../domain/bounded-cache.ts'
import type { StateCache } from '../domain/state-cache.ts'
import type { Scope } from '../store/access-records.ts'
import type { FactsOfHost, StoredBody } from '../store/records.ts'
import type { StoreReader } from '../store/store.ts'

export interface FactRow {
  readonly hostId: string
  readonly hostname: string
  /** what the expression is on this host; missing where it is not known */
  readonly value?: JsonValue
  /** why there may be more than what the value is made of */
  readonly incomplete?: string
  /** why it is not known */
  readonly unknown?: string
}

export interface FactSummary {
  /** hosts that were asked */
  readonly hosts: number
  /** hosts on which the value is neither false nor unknown */
  readonly matched: number
  readonly unknown: number
}

/** An answer, and when it was made. */
export interface KeptAnswer {
  readonly answer: QueryAnswer
  readonly atMs: number
}

export interface FactRowsOptions {
  readonly query: FactQuery
  /** of the expression: answers to it are kept under it */
  readonly name: string
  readonly facets: readonly Facet[]
  readonly read: Pick<StoreReader, 'factsOfHosts' | 'bodiesOf' | 'body'>
  readonly states: StateCache
  /** answers by expression and digests */
  readonly answers: BoundedCache<KeptAnswer>
  readonly scope: Scope
  readonly nowMs: number
  /** also hosts that are false or not known */
  readonly all: boolean
}

const hostsAtOnce = 250

/** Pages of rows, and last the summary. */
export async function* factRows(options: FactRowsOptions): AsyncGenerator<readonly FactRow[] | FactSummary> {
  const { query, facets, read, scope, all } = options
  const names = facets.filter(({ property }) => query.facets.includes(property)).map(({ name }) => name)
  let hosts = 0
  let matched = 0
  let unknown = 0
  for (let after = 0; ; ) {
    const page = await read.factsOfHosts(names, { after, limit: hostsAtOnce, scope })
    const rows: FactRow[] = []
    const unanswered = page.filter(host => !knownAnswer(host, options))
    const bodies = await bodiesOf(unanswered, options)
    for (const host of page) {
      const answer = knownAnswer(host, options) ?? (await answerOf(host, bodies, options))
      const isMatch = answer.state === 'value' && answer.value !== false
      if (isMatch) matched++
      if (answer.state === 'unknown') unknown++
      if (isMatch || all) rows.push(rowOf(host, answer))
    }
    hosts += page.length
    yield rows
    const last = page.at(-1)
    if (!last || page.length < hostsAtOnce) break
    after = last.host
  }
  yield { hosts, matched, unknown }
}

function rowOf({ id, hostname }: FactsOfHost, answer: QueryAnswer): FactRow {
  const row = { hostId: id, hostname }
  if (answer.state === 'unknown') return { ...row, unknown: answer.reason }
  const { value, incomplete } = answer
  return { ...row, value, ...(incomplete !== undefined && { incomplete }) }
}

/** Hosts with the same facts share an answer until time may change it; clocks may go back. */
function knownAnswer(host: FactsOfHost, { name, answers, nowMs }: FactRowsOptions): QueryAnswer | undefined {
  const known = answers.get(keyOf(name, host))
  return known && nowMs >= known.atMs && nowMs < known.answer.validUntilMs ? known.answer : undefined
}

const keyOf = (name: string, { digests }: FactsOfHost) =>
  [name, ...digests.map(({ digest }) => digest).sort()].join(' ')

/** Bodies of a page that are not at hand yet, by digest: asked for together. */
async function bodiesOf(hosts: readonly FactsOfHost[], { read, states }: FactRowsOptions) {
  const wanted = new Map<number, string>()
  for (const { digests } of hosts)
    for (const { digest, body } of digests) if (!states.has(digest)) wanted.set(body, digest)
  const found = wanted.size === 0 ? [] : await read.bodiesOf([...wanted.keys()])
  return new Map([...found].map(([number, body]) => [wanted.get(number) ?? '', body]))
}

async function answerOf(
  host: FactsOfHost,
  bodies: ReadonlyMap<string, StoredBody>,
  { query, name, read, states, answers, nowMs }: FactRowsOptions,
): Promise<QueryAnswer> {
  const found = new Map<string, FacetState>()
  for (const { facet, digest } of host.digests) {
    // What was at hand may be forgotten by now.
    const state = await states.get(digest, async () => bodies.get(digest) ?? read.body(digest))
    if (state) found.set(facetProperty(facet), state)
  }
  const answer = query.answer(found, nowMs)
  const key = keyOf(name, host)
  answers.set(key, { answer, atMs: nowMs }, key.length + JSON.stringify(answer).length)
  return answer
}
