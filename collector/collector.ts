// A running collector: store, judge, ingest and API put together, opened and closed in the right order.
import { readFileSync } from 'node:fs'
import { keepSandbox } from '../policy/sandbox.ts'
import { plainPolicy, type SitePolicy } from '../policy/site-policy.ts'
import { GabionError, messageOf } from '../runtime/errors.ts'
import { createTokenBucket } from '../runtime/token-bucket.ts'
import { createTurnBudget, type TurnBudget } from '../runtime/turn-budget.ts'
import { version } from '../runtime/version.ts'
import { startSandbox } from '../site/start-sandbox.ts'
import type { Identify } from './auth/identity.ts'
import { openApiServer } from './auth/kubernetes/api-server.ts'
import { createApiUsers } from './auth/kubernetes/api-users.ts'
import { openClusters } from './auth/kubernetes/open-clusters.ts'
import type { Authority } from './auth/pki/authority.ts'
import { enrollmentPin } from './auth/pki/enrollment-pin.ts'
import { certificateFromFiles, ownCertificate } from './auth/pki/server-certificate.ts'
import { openSharedAuthority } from './auth/pki/shared-authority.ts'
import type { CollectorOptions, CollectorTls } from './collector-options.ts'
import { type DataDirectory, openDataDirectory } from './data-directory.ts'
import type { EnrollmentDesk } from './domain/enrollment.ts'
import { type Judging, startJudging } from './domain/judging.ts'
import { keepContracting } from './domain/keep-contracting.ts'
import { keepFlaps } from './domain/keep-flaps.ts'
import { keepPosture } from './domain/keep-posture.ts'
import { openPolicies, type Policies } from './domain/policies.ts'
import { keepWithin } from './domain/retention.ts'
import { createStateCache, type StateCache } from './domain/state-cache.ts'
import { FlappingSchema, flapRules } from './flapping-config.ts'
import { followOthers } from './follow-others.ts'
import { type AgentReports, createAgentReports } from './ingest/agent-reports.ts'
import { type ByteBudget, createByteBudget } from './ingest/byte-budget.ts'
import { type ConnectedFleet, createConnectedFleet } from './ingest/connected-fleet.ts'
import { type Connections, createConnections } from './ingest/connections.ts'
import { endGone } from './ingest/end-gone.ts'
import { createGroupCommit, type GroupCommit } from './ingest/group-commit.ts'
import { limits as defaultLimits } from './ingest/limits.ts'
import { type Listeners, openListeners, type TlsListenerOptions } from './ingest/open-listeners.ts'
import { createUnsavedBodies } from './ingest/unsaved-bodies.ts'
import { createIntervals, type IntervalRule, type Intervals } from './intervals.ts'
import { type ClusterNodes, createClusterNodes } from './kubernetes/cluster-nodes.ts'
import { watchClusters } from './kubernetes/watch-clusters.ts'
import { isLoopback, type ListenAddress, parseListenAddress, showAddress } from './listen-address.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import type { ReceiverConfig } from './notify/notify-config.ts'
import { type Notify, openNotify } from './notify/open-notify.ts'
import { type OpenedApi, openApi, requireSafe } from './open-api.ts'
import { openEarly } from './open-early.ts'
import { writeReports } from './policy-reports/write-reports.ts'
import { createFleetQueries, type FleetQueries } from './query/fleet-queries.ts'
import { startQuery } from './query/start-query.ts'
import { readPosture } from './read-posture.ts'
import { RetentionSchema, retentionRules } from './retention-config.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/store.ts'
import { untilHolds } from './until-holds.ts'

export type { CollectorOptions, CollectorTls } from './collector-options.ts'

export interface Collector {
  /** HOST:PORT */
  readonly httpAddress: string
  /** HOST:PORT of metrics without a token, undefined when there is none */
  readonly metricsAddress: string | undefined
  readonly grpcAddress: string
  /** HOST:PORT for enrolled hosts, undefined without TLS */
  readonly enrolledAddress: string | undefined
  /** HOST:PORT of exchanges, undefined when there are none */
  readonly exchangeAddress: string | undefined
  readonly store: Store
  /** undefined without TLS */
  readonly desk: EnrollmentDesk | undefined
  /** judges by another policy from now on. @throws store errors; the one before stays in force then */
  replacePolicy(site: SitePolicy): Promise<void>
  /** resolves when every host has the results of what is on disk */
  judged(): Promise<void>
  /** resolves when the condition holds; it is asked now and after every transaction */
  waitFor(condition: () => Promise<boolean>, signal?: AbortSignal): Promise<void>
  /** takes other wishes over and tells the agents that they concern */
  setIntervals(rules: readonly IntervalRule[]): void
  /** tells others from now on. @throws GabionError (config) when one cannot be used; those before stay then */
  setReceivers(receivers: readonly ReceiverConfig[]): void
  /** stops taking work, finishes what was taken, writes what is only in memory */
  close(): Promise<void>
}

/** Pieces of work in one transaction, how long the first waits, and when a transaction takes no more. */
const commitLimits = { maxBatch: 512, delayMs: 2, budgetMs: 10 }
/** What streams and transactions have of a turn of the event loop; people's questions come between. */
const turnMs = 10
/** Waiting for a server holds nobody else up. */
const sharedBudgetMs = 250
const cachedCharacters = 64 * 1024 * 1024
const flushEveryMs = 30_000
const graceMs = 3_000
/** An agent closes its side at once when it is refused. */
const streamGraceMs = 1_000

/** @throws GabionError when an address, the data directory or the database cannot be used */
export async function startCollector(options: CollectorOptions): Promise<Collector> {
  requireSafe(options.http, options.api)
  if (!options.tls) requireLoopback('gRPC', options.grpc, 'without TLS')
  if (!options.tls && options.exchange) requireLoopback('exchange', options.exchange, 'without TLS')
  const { clock, log } = options
  const directory = openDataDirectory(options.dataDirectory, log)
  const opened: (() => void | Promise<void>)[] = [directory.release]
  try {
    const location = options.database ?? { kind: 'sqlite', path: directory.databasePath }
    const queries = createFleetQueries(startQuery, location)
    opened.push(queries.close)
    const early = await openEarly(options)
    opened.push(early.close)
    const own = { progress: early.tell, warn: (text: string) => log.warn(text), isCollector: true }
    const store = await openStore(location, clock, own)
    opened.push(store.close)
    const parts = { ...(await connect(options, store)), queries }
    opened.push(parts.judging.close, () => parts.stopping.abort(), parts.fleet.leave)
    await parts.fleet.refresh()
    const notify = openNotify({ ...options, store, receivers: options.receivers ?? [], metrics: parts.metrics })
    opened.push(notify.close)
    const tls = options.tls && (await openTls(options, options.tls, parts))
    const uplink = await openUplink(options, parts, tls)
    opened.push(() => uplink.close(0))
    const enrollment = options.tls && tls && enrollmentOf(options.tls, tls, uplink)
    const byCluster = options.tls && usersOfClusters(options, options.tls)
    await early.close()
    const http = await openApi(
      { ...options, certificate: tls?.certificate, enrollment, byCluster },
      { ...parts, notify },
    )
    return run(options, { ...parts, directory, uplink, http, notify })
  } catch (error) {
    for (const close of opened.reverse()) await close()
    throw error
  }
}

/** Without TLS or without knowing who asks, nothing leaves the machine. */
function requireLoopback(what: string, address: ListenAddress, why: string): void {
  if (isLoopback(address.host)) return
  const text = showAddress(address)
  throw new GabionError('config', `${what} address ${text}: ${why}: loopback addresses only`)
}

interface Parts {
  readonly store: Store
  readonly connections: Connections
  readonly agents: AgentReports
  readonly fleet: ConnectedFleet
  readonly intervals: Intervals
  readonly commits: GroupCommit
  readonly policies: Policies
  readonly judging: Judging
  readonly states: StateCache
  readonly budget: ByteBudget
  readonly turns: TurnBudget
  readonly metrics: Metrics
  readonly nodes: ClusterNodes
  readonly committed: Set<() => void>
  readonly stopping: AbortController
}

async function connect(options: CollectorOptions, store: Store): Promise<Parts> {
  const { clock, limits, log, intervals: rules } = options
  const connections = createConnections(store)
  const agents = createAgentReports(store, connections.hosts)
  const fleet = createConnectedFleet(store, connections, clock, () => policies.current.putVersion)
  const budget = createByteBudget(limits?.reservedBytes ?? defaultLimits.reservedBytes)
  const turns = createTurnBudget(clock, turnMs)
  const committed = new Set<() => void>()
  const stopping = new AbortController()
  const nodes = createClusterNodes()
  const facets = new Set(options.facets.map(({ name }) => name))
  const metrics = createMetrics({
    clusters: nodes.states,
    fleet: () => store.read.fleet(),
    connected: () => connections.hosts.size,
    agents: () => agents.fleet(),
    catchingUp: () => connections.catchingUp(clock.now()).size,
    waiting: () => commits.waiting,
    unjudged: () => judging.waiting,
    hasPolicyInForce: () => policies.isInForce,
    reserved: () => budget.taken,
    size: () => store.upkeep.size(),
    queues: () => store.read.receivers(),
    posture: () => readPosture({ read: store.read, connected: fleet.hosts, facets, nowMs: clock.now() }),
  })
  const commits = createGroupCommit({
    ...{ store, clock, turns, flapping: options.flapping ?? defaultFlapping, ...commitLimits },
    ...(store.isShared && { budgetMs: sharedBudgetMs }),
    readsObservations: facet => policies.readsObservations(facet),
    onCommit({ items, ms, toJudge }) {
      metrics.commit(items, ms)
      judging.mark(toJudge)
      for (const listener of [...committed]) listener()
    },
  })
  const states = createStateCache(cachedCharacters)
  const sandbox = keepSandbox(startSandbox)
  const policies = await openPolicies(options.site ?? plainPolicy(options.catalog), {
    ...{ store, clock, log, facets: options.facets, program: version, startSandbox: sandbox.start },
    onChange: () => judging.look(),
  })
  const judging = startJudging({
    ...{ read: store.read, submit: commits.submit, policies, states, clock, log, turns },
    settleMs: limits?.settleMs ?? defaultLimits.settleMs,
    onJudged: metrics.judged,
    tellOthers: hosts => store.signals.tell({ kind: 'unjudged', hosts }),
    onClose: sandbox.end,
  })
  const intervals = createIntervals(rules)
  const judged = { policies, judging, states }
  const ingest = { connections, agents, fleet, intervals, commits, budget, turns, metrics }
  return { ...ingest, ...judged, store, nodes, committed, stopping }
}

const defaultCredentialMs = 7 * 86_400_000

/** Opens the authority and the certificate that the collector proves itself by. */
async function openTls(options: CollectorOptions, tls: CollectorTls, parts: Parts): Promise<TlsListenerOptions> {
  const { dataDirectory, clock, log } = options
  const { enrolled, names, files, authoritiesFile, endpoint = '', credentialMs = defaultCredentialMs } = tls
  const authority = await openSharedAuthority(dataDirectory, parts.store, clock)
  const certificate = files
    ? await certificateFromFiles(files, clock, log)
    : await ownCertificate(authority, names, clock, log)
  void certificate.keep(parts.stopping.signal)
  const identifyByToken = identifyByClusters(options, tls, authority, parts)
  const given = files && authoritiesFile !== undefined
  const serverAuthorities = () => (given ? readFileSync(authoritiesFile, 'utf8') : authority.certificates)
  const own = { authority, certificate, serverAuthorities, enrolled, endpoint, credentialMs }
  return { ...own, ...(identifyByToken && { identifyByToken }) }
}

/** Reviews of tokens, of all clusters together; a token is reviewed once a minute at most. */
const reviewRate = { perSecond: 200, burst: 1_000 }
/** Reviews of users of the API and of their rights. */
const userReviewRate = { perSecond: 50, burst: 200 }

function identifyByClusters(
  { clock, log }: CollectorOptions,
  { clusters = [], files, authoritiesFile }: CollectorTls,
  authority: Authority,
  parts: Parts,
): Identify | undefined {
  if (clusters.length === 0) return undefined
  const { connections, stopping } = parts
  const { signal } = stopping
  const fromFile = authoritiesFile === undefined ? undefined : () => readFileSync(authoritiesFile, 'utf8')
  const certificates = files ? fromFile : () => authority.certificates
  const limiter = createTokenBucket(clock, reviewRate)
  const opened = openClusters({ clusters, certificates, limiter, clock, log }, signal)
  const { identify, presence } = opened
  watchClusters({ ...parts, clusters: opened.clusters, clock, log }, signal)
  writeReports({ ...parts, pin: authority.pin, clusters: opened.clusters, clock, log }, signal)
  void endGone({ connections, presence, clock }, signal)
  return identify
}

/** Who a token is of that somebody shows to the API. */
function usersOfClusters({ clock, log }: CollectorOptions, { clusters = [] }: CollectorTls) {
  if (clusters.length === 0) return undefined
  const limiter = createTokenBucket(clock, userReviewRate)
  const asked = clusters.map(
    ({ name, issuer, audience, apiAudience = `${audience}-api`, apiServer: url, ...files }) => ({
      ...{ name, issuer, apiAudience, api: openApiServer({ ...files, url }) },
    }),
  )
  return createApiUsers({ clusters: asked, clock, log, limiter })
}

function openUplink(options: CollectorOptions, parts: Parts, tls: TlsListenerOptions | undefined): Promise<Listeners> {
  const facets = new Map(options.facets.map(facet => [facet.name, facet]))
  const limits = { ...defaultLimits, ...options.limits }
  const context = {
    ...parts,
    grantedLabels: parts.nodes.grantedLabels,
    unsaved: createUnsavedBodies(limits.unsavedCharacters),
    apply: { facets, states: parts.states },
    clock: options.clock,
    log: options.log,
    limits,
    stopping: parts.stopping.signal,
  }
  return openListeners(options.grpc, context, tls, options.exchange)
}

/** What newcomers are given: where they enroll, and how they know the collector. */
function enrollmentOf(
  { names, files, authoritiesFile }: CollectorTls,
  { authority }: TlsListenerOptions,
  uplink: Listeners,
) {
  const [name = 'localhost'] = names
  const endpoint = showAddress({ host: name, port: parseListenAddress(uplink.address)?.port ?? 0 })
  return () => ({ endpoint, pin: enrollmentPin(authority, files, authoritiesFile) })
}

const defaultRetention = retentionRules(RetentionSchema.parse(undefined))
const defaultFlapping = flapRules(FlappingSchema.parse(undefined))

interface Running extends Parts {
  readonly queries: FleetQueries
  readonly directory: DataDirectory
  readonly uplink: Listeners
  readonly http: OpenedApi
  readonly notify: Notify
}

function run(options: CollectorOptions, running: Running): Collector {
  const { clock, log, limits, retention = defaultRetention, flapping = defaultFlapping } = options
  const rules = { ...retention, driftItems: Math.max(retention.driftItems, flapping.windowMs) }
  const { store, connections, agents, intervals, commits, policies, judging, committed } = running
  const { queries, stopping, uplink, http, directory, fleet, notify } = running
  committed.add(notify.look)
  const { pruned: onPruned } = running.metrics
  const keeping = Promise.all([
    keepWithin({ store, rules, clock, log, onPruned }, stopping.signal),
    keepFlaps({ ...{ read: store.read, submit: commits.submit }, rules: flapping, clock, log }, stopping.signal),
    keepPosture({ store, connected: () => fleet.hosts, clock, log }, stopping.signal),
    keepContracting({ store, clock, log }, stopping.signal),
  ])
  const silenceMs = limits?.silenceMs ?? defaultLimits.silenceMs
  const timer = setInterval(() => {
    // Three heartbeats, as far apart as they are wished to be.
    connections.endSilent(clock.now() - Math.max(silenceMs, 3_500 * intervals.longestHeartbeatSeconds))
    connections.flush().catch(error => log.error('last seen could not be written', { reason: messageOf(error) }))
    agents.flush().catch(error => log.error('health of agents could not be written', { reason: messageOf(error) }))
  }, flushEveryMs)
  const others = followOthers({ ...running, log })
  let closing: Promise<void> | undefined

  async function close(): Promise<void> {
    log.info('stopping')
    stopping.abort()
    clearInterval(timer)
    others.stopLooking()
    uplink.stopAccepting()
    const answered = http.close(graceMs)
    await Promise.all([judging.close(), keeping, notify.close()])
    await commits.drained()
    connections.endAll()
    await connections.flush()
    await agents.flush()
    await fleet.leave()
    await answered
    await uplink.close(streamGraceMs)
    await commits.drained()
    others.unfollow()
    queries.close()
    await store.close()
    directory.release()
    log.info('stopped')
  }

  return {
    ...{ httpAddress: http.address, metricsAddress: http.metricsAddress },
    ...{ grpcAddress: uplink.address, enrolledAddress: uplink.enrolledAddress },
    exchangeAddress: uplink.exchangeAddress,
    desk: uplink.desk,
    store,
    replacePolicy: policies.replace,
    judged: judging.idle,
    setReceivers: notify.replace,
    waitFor: (condition, signal) => untilHolds(committed, condition, signal),
    setIntervals(rules) {
      intervals.replace(rules)
      for (const stream of [...connections.all()]) stream.wish()
    },
    close() {
      closing ??= close()
      return closing
    },
  }
}
