// Store, judging and group commit without network, for tests of what is written.
import { join } from 'node:path'
import type { Test } from 'tap'
import type { ApplyContext } from '../../collector/domain/apply-change.ts'
import type { FacetChange } from '../../collector/domain/facet-change.ts'
import type { FlapRules } from '../../collector/domain/flapping.ts'
import { noHost } from '../../collector/domain/host-writer.ts'
import { type Judging, startJudging } from '../../collector/domain/judging.ts'
import { openPolicies, type Policies } from '../../collector/domain/policies.ts'
import { createStateCache } from '../../collector/domain/state-cache.ts'
import { createGroupCommit, type GroupCommit } from '../../collector/ingest/group-commit.ts'
import { openPostgresStore } from '../../collector/store/postgres/open-store.ts'
import { openSqliteStore } from '../../collector/store/sqlite/open-store.ts'
import type { Store } from '../../collector/store/store.ts'
import type { OpenedHost } from '../../collector/store/transaction.ts'
import type { Catalog } from '../../policy/check.ts'
import type { StartSandbox } from '../../policy/sandbox.ts'
import { plainPolicy, type SitePolicy } from '../../policy/site-policy.ts'
import type { Facet, FacetState } from '../../proto/facet.ts'
import { canonicalBody } from '../../proto/seal.ts'
import { type Clock, systemClock } from '../../runtime/clock.ts'
import { type Log, silentLog } from '../../runtime/log.ts'
import { startSandbox } from '../../site/start-sandbox.ts'
import { SmallFacet } from '../small-facet.ts'
import { smallCatalog } from './small-catalog.ts'

export interface Domain {
  readonly path: string
  readonly store: Store
  readonly policies: Policies
  readonly judging: Judging
  readonly commits: GroupCommit
  readonly apply: ApplyContext
  readonly clock: Clock
  open(hostKey: string, outboxId?: string): Promise<OpenedHost>
  close(): Promise<void>
}

export interface DomainOptions {
  readonly directory?: string
  readonly clock?: Clock
  readonly catalog?: Catalog
  /** URL of an empty PostgreSQL database, instead of a file */
  readonly database?: string
  readonly site?: SitePolicy
  readonly startSandbox?: StartSandbox
  /** version of the program, for policies */
  readonly program?: string
  readonly log?: Log
  /** that there are, the small one when it is left out */
  readonly facets?: readonly Facet[]
  /** nothing flaps when it is left out */
  readonly flapping?: FlapRules
  /** see `startJudging` */
  readonly settleMs?: number
}

export async function openDomain(t: Pick<Test, 'teardown' | 'testdir'>, options: DomainOptions = {}): Promise<Domain> {
  const clock = options.clock ?? systemClock
  const path = join(options.directory ?? t.testdir({}), 'collector.db')
  const { database, facets = [SmallFacet], program = 'test', log = silentLog } = options
  const store = await (database ? openPostgresStore({ url: database }, clock) : openSqliteStore(path, clock))
  t.teardown(() => store.close())
  const states = createStateCache(1_000_000)
  const policies = await openPolicies(options.site ?? plainPolicy(options.catalog ?? smallCatalog()), {
    ...{ store, facets, program, startSandbox: options.startSandbox ?? startSandbox, clock, log },
    onChange: () => judging.look(),
  })
  const commits = createGroupCommit({
    ...(options.flapping && { flapping: options.flapping }),
    ...{ store, clock, delayMs: 0, maxBatch: 64, budgetMs: 1_000 },
    readsObservations: policies.readsObservations,
    onCommit: ({ toJudge }) => judging.mark(toJudge),
  })
  const judging = startJudging({
    ...{ read: store.read, submit: commits.submit, policies, states, clock, log },
    settleMs: options.settleMs ?? 0,
    tellOthers: hosts => store.signals.tell({ kind: 'unjudged', hosts }),
  })
  const close = async () => {
    await judging.close()
    await store.close()
  }
  t.teardown(close)
  const opening = { machineId: '', bootId: '', agentVersion: '1', labels: {}, skewMs: 0 }
  return {
    ...{ path, store, policies, judging, commits, clock, close },
    apply: { facets: new Map(facets.map(facet => [facet.name, facet])), states },
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
