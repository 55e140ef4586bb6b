// Store, judge and group commit without network, for tests of what is written.
import { join } from 'node:path'
import type { Test } from 'tap'
import type { ApplyContext } from '../../collector/domain/apply-change.ts'
import type { FacetChange } from '../../collector/domain/facet-change.ts'
import { noHost } from '../../collector/domain/host-writer.ts'
import { createJudge, type Judge } from '../../collector/domain/judge.ts'
import { createStateCache } from '../../collector/domain/state-cache.ts'
import { createGroupCommit, type GroupCommit } from '../../collector/ingest/group-commit.ts'
import { openPostgresStore } from '../../collector/store/postgres/open-store.ts'
import { openSqliteStore } from '../../collector/store/sqlite/open-store.ts'
import type { Store } from '../../collector/store/store.ts'
import type { OpenedHost } from '../../collector/store/transaction.ts'
import type { Catalog } from '../../policy/check.ts'
import { createEngine } from '../../policy/engine.ts'
import type { FacetState } from '../../proto/facet.ts'
import { canonicalBody } from '../../proto/seal.ts'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import { SmallFacet } from '../small-facet.ts'
import { smallCatalog } from './small-catalog.ts'

export interface Domain {
  readonly path: string
  readonly store: Store
  readonly judge: Judge
  readonly commits: GroupCommit
  readonly apply: ApplyContext
  open(hostKey: string, outboxId?: string): Promise<OpenedHost>
}

export interface DomainOptions {
  readonly directory?: string
  readonly clock?: Clock
  readonly catalog?: Catalog
  /** URL of an empty PostgreSQL database, instead of a file */
  readonly database?: string
}

export async function openDomain(t: Pick<Test, 'teardown' | 'testdir'>, options: DomainOptions = {}): Promise<Domain> {
  const clock = options.clock ?? systemClock
  const path = join(options.directory ?? t.testdir({}), 'collector.db')
  const { database } = options
  const store = await (database ? openPostgresStore({ url: database }, clock) : openSqliteStore(path, clock))
  t.teardown(() => store.close())
  const states = createStateCache(1_000_000)
  const judge = createJudge(createEngine(options.catalog ?? smallCatalog(), [SmallFacet]), states, 'test')
  await store.write(transaction => transaction.putCatalog(judge.catalog))
  const commits = createGroupCommit({
    ...{ store, judge, clock, delayMs: 0, maxBatch: 64, budgetMs: 1_000 },
    onCommit: () => undefined,
  })
  const opening = { machineId: '', bootId: '', agentVersion: '1', labels: {}, skewMs: 0 }
  return {
    ...{ path, store, judge, commits },
    apply: { facets: new Map([['small', SmallFacet]]), states },
    open: (hostKey, outboxId = 'o') =>
      commits.submit(noHost, unit =>
        unit.transaction.openHost({ ...opening, hostKey, hostname: hostKey, outboxId, atMs: clock.now() }),
      ),
  }
}

/** A change of the small facet as the ingest hands it over. */
export function changeOf(sequence: number, state: FacetState, more: Partial<FacetChange> = {}): FacetChange {
  const { facet, schemaVersion, digest } = state
  return {
    ...{ sequence, facet, schemaVersion, digest, state: state.state, body: canonicalBody(state) },
    ...{ outboxId: 'o', observedAtMs: sequence * 1_000, skewMs: 0, baseline: false, agentVersion: '1' },
    ...more,
  }
}
