// What the collector counts about itself and its fleet, for Prometheus. Labels take values from closed lists only.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { countOpenFiles } from './count-open-files.ts'
import type { AgentFleet } from './ingest/agent-reports.ts'
import type { ClusterState } from './kubernetes/cluster-nodes.ts'
import { addPostureGauges } from './posture-gauges.ts'
import type { Posture } from './read-posture.ts'
import type { FleetCounts } from './store/records.ts'
import type { StoreSize } from './store/retention.ts'

export interface Metrics {
  message(kind: string): void
  decision(kind: 'known' | 'delta' | 'full' | 'later'): void
  change(outcome: 'applied' | 'unchanged' | 'duplicate'): void
  bodyBytes(bytes: number): void
  /** an offer was put off */
  shed(reason: Overload): void
  refusal(code: string): void
  commit(items: number, ms: number): void
  pruned(kind: string, rows: number): void
  /** a host was judged */
  judged(ms: number): void
  request(route: string, status: number, ms: number): void
  /** a message to a receiver was sent, or given up */
  delivery(receiver: string, outcome: string): void
  /** changes that a receiver will not be told of */
  dropped(receiver: string, changes: number): void
  /** what there is, by name */
  describe(): readonly MetricWords[]
  /** text format of everything, with its content type */
  expose(): Promise<{ readonly contentType: string; readonly text: string }>
}

export interface MetricWords {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
}

/** What there is too much of. */
export type Overload = 'stopping' | 'disk' | 'offers' | 'stream_bytes' | 'all_bytes'

/** What gauges are read from when somebody asks. */
export interface MetricSources {
  fleet(): Promise<FleetCounts>
  connected(): number
  agents(): AgentFleet
  catchingUp(): number
  waiting(): number
  clusters(): readonly ClusterState[]
  size(): Promise<StoreSize>
  posture(): Promise<Posture>
  /** messages that are under way, by receiver */
  queues(): Promise<readonly { readonly name: string; readonly messages: number }[]>
  /** hosts whose results are not those of what is on disk */
  unjudged(): number
  hasPolicyInForce(): boolean
  /** bytes of bodies that were asked for and are not on disk yet */
  reserved(): number
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

/** Counted in another way. */
const openFiles = 'process_open_fds'
/** Go over every handle of the process, one after another: with ten thousand agents that holds everything up. */
const perHandle = [
  openFiles,
  ...['handles', 'resources', 'requests'].flatMap(kind => [`nodejs_active_${kind}`, `nodejs_active_${kind}_total`]),
]

export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const name of perHandle) registry.removeSingleMetric(name)
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `gabion_${name}`, help, labelNames: [...labelNames], registers })
  const messages = counter('ingest_messages_total', 'Messages received from agents', ['kind'])
  const decisions = counter('ingest_decisions_total', 'Answers to offers', ['decision'])
  const changes = counter('ingest_changes_total', 'Changes of facets that reached the disk', ['outcome'])
  const bytes = counter('ingest_body_bytes_total', 'Bytes of bodies and deltas received')
  const shed = counter('ingest_shed_total', 'Offers put off because of too much of something', ['reason'])
  const refusals = counter('ingest_refusals_total', 'Streams ended with a reason', ['code'])
  const pruned = counter('pruned_rows_total', 'Rows taken away since their time was over', ['kind'])
  const commits = new Histogram({
    name: 'gabion_commit_seconds',
    help: 'Time of one transaction with everything in it',
    buckets: seconds,
    registers,
  })
  const items = new Histogram({
    name: 'gabion_commit_items',
    help: 'Pieces of work in one transaction',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  })
  const judgements = new Histogram({
    name: 'gabion_judgement_seconds',
    help: 'Time to judge one host',
    buckets: seconds,
    registers,
  })
  const requests = new Histogram({
    name: 'gabion_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['route', 'status'] as const,
    buckets: seconds,
    registers,
  })
  const deliveries = counter('notify_deliveries_total', 'Attempts to tell receivers, and messages that were given up', [
    'receiver',
    'outcome',
  ])
  const dropped = counter('notify_dropped_changes_total', 'Changes that a receiver was not told of', ['receiver'])
  const { once, forget } = askedOnce()
  addOpenFilesGauge(registry)
  addGauges(registry, sources)
  addFleetGauges(registry, once(sources.fleet))
  addReceiverGauge(registry, sources, dropped)
  addPostureGauges(registry, once(sources.posture))
  addStoreGauge(registry, sources)
  addAgentGauges(registry, once(sources.agents))
  addClusterGauges(registry, sources)
  return {
    message: kind => messages.inc({ kind }),
    decision: decision => decisions.inc({ decision }),
    change: outcome => changes.inc({ outcome }),
    bodyBytes: size => bytes.inc(size),
    shed: reason => shed.inc({ reason }),
    refusal: code => refusals.inc({ code }),
    commit(count, ms) {
      commits.observe(ms / 1000)
      items.observe(count)
    },
    pruned: (kind, rows) => pruned.inc({ kind }, rows),
    judged: ms => judgements.observe(ms / 1000),
    request: (route, status, ms) => requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, ms / 1000),
    delivery: (receiver, outcome) => deliveries.inc({ receiver, outcome }),
    dropped: (receiver, changes) => dropped.inc({ receiver }, changes),
    describe: () => describe(registry),
    async expose() {
      forget()
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}

/** What is asked once for all gauges of an exposition, and anew for the next. */
function askedOnce() {
  const told = new Map<unknown, unknown>()
  return {
    once<T>(ask: () => T): () => T {
      return () => {
        if (!told.has(ask)) told.set(ask, ask())
        return told.get(ask) as T
      }
    },
    forget: () => told.clear(),
  }
}

function describe(registry: Registry): readonly MetricWords[] {
  const words = registry.getMetricsAsArray().map(metric => {
    const { labelNames = [] } = metric as unknown as { readonly labelNames?: readonly string[] }
    return {
      name: metric.name,
      kind: kindOf(metric),
      help: metric.help,
      labels: labelNames.filter(name => name !== 'le'),
    }
  })
  return words.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function kindOf(metric: object): MetricWords['kind'] {
  if (metric instanceof Counter) return 'counter'
  return metric instanceof Histogram ? 'histogram' : 'gauge'
}

/** Instead of the one that lists them, which takes the longer the more there are and lets nothing else run meanwhile. */
function addOpenFilesGauge(registry: Registry): void {
  new Gauge({
    name: openFiles,
    help: 'Number of open file descriptors.',
    registers: [registry],
    async collect() {
      this.set(await countOpenFiles())
    },
  })
}

function addGauges(registry: Registry, sources: MetricSources): void {
  const registers = [registry]
  new Gauge({
    name: 'gabion_connected_agents',
    help: 'Agents with an open stream',
    registers,
    collect() {
      this.set(sources.connected())
    },
  })
  new Gauge({
    name: 'gabion_catching_up_agents',
    help: 'Agents with an open stream whose changes are still to come',
    registers,
    collect() {
      this.set(sources.catchingUp())
    },
  })
  new Gauge({
    name: 'gabion_waiting_work',
    help: 'Pieces of work that wait for the disk',
    registers,
    collect() {
      this.set(sources.waiting())
    },
  })
  new Gauge({
    name: 'gabion_unjudged_hosts',
    help: 'Hosts whose results are not yet those of what is stored',
    registers,
    collect() {
      this.set(sources.unjudged())
    },
  })
  new Gauge({
    name: 'gabion_policy_in_force',
    help: 'Whether hosts are judged by the policy that this collector has',
    registers,
    collect() {
      this.set(Number(sources.hasPolicyInForce()))
    },
  })
  new Gauge({
    name: 'gabion_reserved_bytes',
    help: 'Bytes of bodies that were asked for and are not on disk yet',
    registers,
    collect() {
      this.set(sources.reserved())
    },
  })
}

function addFleetGauges(registry: Registry, fleet: MetricSources['fleet']): void {
  const registers = [registry]
  new Gauge({
    name: 'gabion_hosts',
    help: 'Hosts in the store',
    registers,
    async collect() {
      this.set((await fleet()).hosts)
    },
  })
  new Gauge({
    name: 'gabion_results',
    help: 'Results over all hosts',
    labelNames: ['state', 'severity'] as const,
    registers,
    async collect() {
      const { results } = await fleet()
      for (const [severity, states] of Object.entries(results)) {
        for (const [state, count] of Object.entries(states)) this.set({ severity, state }, count)
      }
    },
  })
}

/** Of agents that are connected to this collector. Versions are counted up to a number, facets and limits are few. */
function addAgentGauges(registry: Registry, agents: MetricSources['agents']): void {
  const gauge = <L extends string>(name: string, help: string, label: L, read: () => ReadonlyMap<string, number>) =>
    new Gauge<L>({
      ...{ name: `gabion_${name}`, help, labelNames: [label], registers: [registry] },
      collect() {
        this.reset()
        for (const [value, count] of read()) this.set({ [label]: value } as Record<L, string>, count)
      },
    })
  gauge('agents', 'Connected agents by version', 'version', () => agents().versions)
  gauge('limited_agents', 'Connected agents that hold themselves back', 'limit', () => agents().limited)
  gauge('failing_probes', 'Connected agents whose probe fails', 'facet', () => agents().failing)
  new Gauge({
    name: 'gabion_agents_not_reloaded',
    help: 'Connected agents whose configuration on disk is not the one in force',
    registers: [registry],
    collect() {
      this.set(agents().notReloaded)
    },
  })
}

/** Clusters are those of the configuration. */
function addClusterGauges(registry: Registry, { clusters }: MetricSources): void {
  const gauge = (name: string, help: string, read: (state: ClusterState) => number) =>
    new Gauge({
      ...{ name: `gabion_${name}`, help, labelNames: ['cluster'] as const, registers: [registry] },
      collect() {
        for (const state of clusters()) this.set({ cluster: state.cluster }, read(state))
      },
    })
  gauge('cluster_nodes', 'Nodes of a cluster', ({ nodes }) => nodes)
  gauge('cluster_watched', 'Whether changes of nodes are told as they happen', ({ isCurrent }) => Number(isCurrent))
  new Gauge({
    name: 'gabion_policy_report_writes',
    help: 'Policy reports written, removed, or not taken, and tries in which none could be written, since the start',
    labelNames: ['cluster', 'outcome'] as const,
    registers: [registry],
    collect() {
      for (const { cluster, reports } of clusters()) {
        for (const [outcome, count] of Object.entries(reports)) this.set({ cluster, outcome }, count)
      }
    },
  })
  gauge('cluster_watch_failures', 'Times that a cluster could not be asked for its nodes', ({ failures }) => failures)
}

function addStoreGauge(registry: Registry, sources: MetricSources): void {
  new Gauge({
    name: 'gabion_store_bytes',
    help: 'Bytes of the database: all of it, of them free, and of its log beside it',
    labelNames: ['part'] as const,
    registers: [registry],
    async collect() {
      const { bytes, freeBytes, logBytes } = await sources.size()
      this.set({ part: 'all' }, bytes)
      this.set({ part: 'free' }, freeBytes)
      this.set({ part: 'log' }, logBytes)
    },
  })
}

/**
 * Receivers are few and have names of the configuration.
 * @param dropped is there from the beginning, so that whoever asks for its increase misses none
 */
function addReceiverGauge(registry: Registry, sources: MetricSources, dropped: Counter<'receiver'>): void {
  new Gauge({
    name: 'gabion_notify_queue',
    help: 'Messages that a receiver did not take yet',
    labelNames: ['receiver'] as const,
    registers: [registry],
    async collect() {
      this.reset()
      for (const { name, messages } of await sources.queues()) {
        this.set({ receiver: name }, messages)
        dropped.inc({ receiver: name }, 0)
      }
    },
  })
}
