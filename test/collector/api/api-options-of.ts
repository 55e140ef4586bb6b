// What the API is served from when there is a store and nothing else of a collector.
import type { ApiOptions } from '../../../collector/api/api-options.ts'
import { anyone } from '../../../collector/auth/access/principal.ts'
import { deviationDescriber } from '../../../collector/domain/describe-deviations.ts'
import { createConnections } from '../../../collector/ingest/connections.ts'
import type { Metrics } from '../../../collector/metrics.ts'
import type { Store } from '../../../collector/store/store.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { SmallFacet } from '../../small-facet.ts'
import { smallCatalog } from '../small-catalog.ts'

export function apiOptionsOf(store: Store, given: Partial<ApiOptions> = {}): ApiOptions {
  return {
    ...{
      store,
      connections: createConnections(store),
      fleet: { hosts: new Set(), rescan: async () => false },
      agents: { pending: () => undefined },
      catalog: () => smallCatalog(),
      reloadWaivers: async () => undefined,
      queries: {
        ask: async function* () {
          yield { hosts: 0, matched: 0, unknown: 0 }
        },
        outliers: async ({ outliersOf: facet }) => ({
          ...{ facet, hosts: 0, unknown: 0, states: 0, alike: 0, found: 0, items: [] },
          ...{ text: '', at: new Date(0).toISOString() },
        }),
      },
    },
    describeDeviations: deviationDescriber(store.read, [SmallFacet]),
    notify: { statuses: async () => [], test: async () => undefined },
    metrics: { request: () => undefined, expose: async () => ({ contentType: '', text: '' }) } as unknown as Metrics,
    ...{ clock: systemClock, log: silentLog, authenticate: async () => anyone, readiness: async () => [], demo: false },
    ...{ stopping: new AbortController().signal, onCommit: () => () => undefined },
    enrollment: () => ({ endpoint: 'localhost:50051', pin: `sha256:${'a'.repeat(64)}` }),
    reach: { isLoopback: true, names: [], isSecure: false, isBehindProxy: false, rate: undefined },
    ...given,
  }
}
