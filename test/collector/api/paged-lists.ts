// How each list of the API is filled: a list that comes in pages and is not here fails the test of pages.

import type { Store } from '../../../collector/store/store.ts'
import { emptyCounts, emptyTally } from '../../../collector/store/tally.ts'
import type { StoreTransaction } from '../../../collector/store/transaction.ts'
import type { Catalog, Check, Profile } from '../../../policy/check.ts'
import { everyHost } from '../../../policy/host-selector.ts'

/** Where lists are filled. */
export interface PagedWorld {
  readonly store: Store
  /** of the one host that has much of everything */
  readonly hostId: string
  readonly host: number
  /** grows when checks or profiles are added */
  catalog: Catalog
}

export interface PagedList {
  /** below /api/v1, `HOST` for the one host; one for each order and for filters that change how rows are found */
  readonly paths: readonly string[]
  /** puts rows `from` and after it, `count` of them, each among those that are there and not behind them */
  fill(world: PagedWorld, from: number, count: number): Promise<void>
  /** what no two rows share */
  keyOf(item: Readonly<Record<string, unknown>>): unknown
}

const prime = 100_003
/** Different for each index below 100,003, and in no order. */
const scattered = (index: number): number => (index * 7_919) % prime
const padded = (index: number): string => String(scattered(index)).padStart(6, '0')
const nameOf = (kind: string, index: number): string => `${kind}-${padded(index)}`
const rowsAtOnce = 2_000
const idOf = ({ id }: Readonly<Record<string, unknown>>): unknown => id
const nowMs = Date.parse('2026-01-01T00:00:00Z')
const base = { createdAtMs: nowMs, expiresAtMs: nowMs + 1e12, revokedAtMs: 0 }

/** Some rows in each transaction. */
async function inBatches(
  { store }: Pick<PagedWorld, 'store'>,
  from: number,
  count: number,
  put: (transaction: StoreTransaction, indexes: readonly number[]) => Promise<void>,
): Promise<void> {
  const indexes = Array.from({ length: count }, (_, offset) => from + offset)
  for (let at = 0; at < count; at += rowsAtOnce) {
    await store.write(transaction => put(transaction, indexes.slice(at, at + rowsAtOnce)))
  }
}

const each =
  (put: (transaction: StoreTransaction, index: number, world: PagedWorld) => Promise<unknown>): PagedList['fill'] =>
  (world, from, count) =>
    inBatches(world, from, count, async (transaction, indexes) => {
      for (const index of indexes) await put(transaction, index, world)
    })

export const checkNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => nameOf('check', index))

const result = (index: number) => ({
  ...({ check: nameOf('check', index), state: 'fail', severity: 'high', detail: '' } as const),
  ...{ sinceMs: 1, failingSinceMs: 1 + (index % 500), validUntilMs: 0, waiver: '' },
})

const ofOneHost: PagedList['fill'] = (world, from, count) =>
  inBatches(world, from, count, (transaction, indexes) =>
    transaction.putResults(world.host, indexes.map(result), nowMs),
  )

const checkOf = (id: string): Check => ({
  ...{ id, title: id, severity: 'high', pass: 'true', evidence: '[]' },
  ...{ rationale: '', remediation: '', references: [], parameters: {}, tests: [] },
})
const profileOf = (id: string): Profile => ({ id, title: id, appliesTo: 'true', checks: [], parameters: {} })

const catalogWith =
  (kind: 'checks' | 'profiles'): PagedList['fill'] =>
  async (world, from, count) => {
    const names = Array.from({ length: count }, (_, offset) => nameOf(kind, from + offset))
    const { checks, profiles } = world.catalog
    world.catalog =
      kind === 'checks'
        ? { ...world.catalog, checks: [...checks, ...names.map(checkOf)] }
        : { ...world.catalog, profiles: [...profiles, ...names.map(profileOf)] }
  }

const hostTally = (index: number) => ({
  ...emptyTally,
  high: { ...emptyCounts, pass: scattered(index) % 50, fail: 3 },
})

/** A facet that is pinned as it never was. */
async function putDeviation(transaction: StoreTransaction, host: number, facet: string): Promise<void> {
  const body = { facet, schemaVersion: 1, state: 'present', body: '{}' } as const
  const [pinned, digest] = [`sha256:pinned-${facet}`, `sha256:${facet}`]
  await transaction.putBody(pinned, body)
  await transaction.putBody(digest, body)
  await transaction.putPin('paged', { facet, digest: pinned, by: 'a', atMs: 1 })
  await transaction.putFacet(host, {
    ...{ facet, digest, state: 'present', schemaVersion: 1, sinceMs: 1, revision: 1, agentVersion: '1' },
    ...{ goodDigest: '', goodSinceMs: 0, outboxId: 'o', sequence: 1, observedAtMs: 1, receivedAtMs: 1 },
  })
}

export const pagedLists: Readonly<Record<string, PagedList>> = {
  '/api/v1/hosts': {
    paths: ['hosts', 'hosts?sort=score', 'hosts?q=node&status=offline'],
    fill: each(async (transaction, index) => {
      const { host } = await transaction.openHost({
        ...{ hostKey: nameOf('key', index), hostname: nameOf('node', index), machineId: '', bootId: '' },
        ...{ agentVersion: '1', outboxId: 'o', labels: {}, skewMs: 0, atMs: Date.now() },
      })
      const judged = { judgedWith: '', profiles: [], nextJudgementMs: 0, token: 0 }
      await transaction.setJudged(host, { ...judged, tally: hostTally(index) })
    }),
    keyOf: idOf,
  },
  '/api/v1/results': {
    paths: ['results', 'results?state=fail&severity=high'],
    fill: ofOneHost,
    keyOf: ({ hostId, check }) => `${hostId} ${check}`,
  },
  '/api/v1/hosts/{id}/results': {
    paths: ['hosts/HOST/results', 'hosts/HOST/results?waived=false', 'hosts/HOST/results?at=2026-01-01T00:00:00Z'],
    fill: ofOneHost,
    keyOf: ({ check }) => check,
  },
  '/api/v1/findings': {
    paths: ['findings', 'findings?host=HOST', 'findings?sort=oldest', 'findings?sort=newest'],
    fill: ofOneHost,
    keyOf: ({ hostId, check }) => `${hostId} ${check}`,
  },
  '/api/v1/hosts/{id}/results/{check}/history': {
    paths: ['hosts/HOST/results/check-of-history/history'],
    fill: (world, from, count) =>
      inBatches(world, from, count, (transaction, indexes) =>
        transaction.putEndedResults(
          world.host,
          indexes.map(index => ({
            ...({ check: 'check-of-history', state: 'pass', severity: 'high', detail: '' } as const),
            ...{ sinceMs: index * 1_000, untilMs: index * 1_000 + 1_000 },
          })),
          nowMs,
        ),
      ),
    keyOf: ({ from }) => from,
  },
  '/api/v1/hosts/{id}/facets/{facet}/history': {
    paths: ['hosts/HOST/facets/small/history'],
    fill: each(async (transaction, index, { host }) => {
      const digest = `sha256:${String(index % 2)}`
      await transaction.putBody(digest, { facet: 'small', schemaVersion: 1, state: 'absent', body: '{}' })
      await transaction.putFacet(host, {
        ...{ facet: 'small', digest, state: 'absent', schemaVersion: 1, sinceMs: (index + 1) * 1_000 },
        ...{ revision: index + 1, agentVersion: '1', goodDigest: '', goodSinceMs: 0 },
        ...{ outboxId: 'o', sequence: index + 1, observedAtMs: index, receivedAtMs: index },
      })
    }),
    keyOf: ({ validFrom }) => validFrom,
  },
  '/api/v1/hosts/{id}/gaps': {
    paths: ['hosts/HOST/gaps'],
    fill: each((transaction, index, { host }) => {
      const fromMs = nowMs + scattered(index) * 1_000
      return transaction.putGap(host, {
        ...{ facet: 'small', fromMs, toMs: fromMs + 500, changes: 1, receivedAtMs: nowMs },
      })
    }),
    keyOf: ({ from }) => from,
  },
  '/api/v1/drift': {
    paths: ['drift', 'drift?host=HOST', 'drift?subject=small&kind=fact&since=2020-01-01T00:00:00Z'],
    fill: (world, from, count) =>
      inBatches(world, from, count, (transaction, indexes) =>
        transaction.appendDrift(
          world.host,
          indexes.map(index => ({
            ...{ kind: 'fact', subject: 'small', change: 'changed', field: 'note', text: nameOf('note', index) },
            ...{ atMs: nowMs + index, receivedAtMs: nowMs },
          })),
        ),
      ),
    keyOf: idOf,
  },
  '/api/v1/checks': { paths: ['checks', 'checks?severity=high'], fill: catalogWith('checks'), keyOf: idOf },
  '/api/v1/profiles': { paths: ['profiles'], fill: catalogWith('profiles'), keyOf: idOf },
  '/api/v1/waivers': {
    paths: ['waivers', 'waivers?use=unused'],
    fill: each((transaction, index) =>
      transaction.addWaiver({
        ...{ id: nameOf('w', index), reason: 'r', owner: 'o', ticket: '', check: 'no-such' },
        ...{ expiresAt: '2999-01-01T00:00:00.000Z', hosts: everyHost },
      }),
    ),
    keyOf: idOf,
  },
  '/api/v1/cohorts/{id}/deviations': {
    paths: ['cohorts/paged/deviations'],
    fill: async (world, from, count) => {
      const hosts = { ...everyHost, ids: [world.hostId] }
      await world.store.write(transaction => transaction.addCohort({ id: 'paged', description: '', hosts }, 1))
      await inBatches(world, from, count, async (transaction, indexes) => {
        for (const index of indexes) await putDeviation(transaction, world.host, nameOf('facet', index))
      })
    },
    keyOf: ({ hostId, facet }) => `${hostId} ${facet}`,
  },
  '/api/v1/audit': {
    paths: ['audit', 'audit?action=x.y&outcome=done'],
    fill: each((transaction, index) =>
      transaction.appendAudit({
        ...{ atMs: nowMs + index, actor: 'a', address: '', requestId: '', action: 'x.y', target: '' },
        ...{ outcome: 'done', detail: {} },
      }),
    ),
    keyOf: idOf,
  },
  '/api/v1/api-tokens': {
    paths: ['api-tokens'],
    fill: each((transaction, index) =>
      transaction.putApiToken({
        ...{ ...base, id: scattered(index).toString(16).padStart(10, '0'), description: '', role: 'viewer' },
        ...{ labels: {}, secretHash: 'sha256:x', createdBy: 'a', lastUsedAtMs: 0 },
      }),
    ),
    keyOf: idOf,
  },
  '/api/v1/enrollment-tokens': {
    paths: ['enrollment-tokens'],
    fill: each((transaction, index) =>
      transaction.putToken({
        ...{ ...base, id: scattered(index).toString(16).padStart(10, '0'), description: '' },
        ...{ maxUses: 1, uses: 0, labels: {}, needsApproval: false, secretHash: 'sha256:x' },
      }),
    ),
    keyOf: idOf,
  },
  '/api/v1/enrollments': {
    paths: ['enrollments', 'enrollments?state=pending'],
    fill: each((transaction, index) =>
      transaction.putEnrollment({
        ...{ requestId: nameOf('request', index), tokenId: 'abc', state: 'pending', hostId: '', hostname: 'h' },
        ...{ machineId: '', requestHash: 'sha256:x', address: '', requestedAtMs: nowMs, decidedAtMs: 0 },
      }),
    ),
    keyOf: idOf,
  },
}

/** Lists that are answered whole, and why they stay short. */
export const shortLists: Readonly<Record<string, string>> = {
  '/api/v1/hosts/{id}/facets': 'a host has as many facets as there are probes',
  '/api/v1/outliers': 'what is told is limited, the rarest first',
  '/api/v1/receivers': 'those that the configuration names',
  '/api/v1/trends': 'steps of a span, of which there is a most',
  '/api/v1/checks/{id}/trend': 'steps of a span, of which there is a most',
  '/api/v1/cohorts': 'there are 500 at the most',
  '/api/v1/cohorts/{id}/outliers': 'what is told is limited, the rarest first',
  '/api/v1/cohorts/{id}/pins': 'a host has as many facets as there are probes',
}
