// Opens the HTTP side of a collector: who may ask, over TLS or not, and the metrics beside it.
import type { Facet } from '../proto/facet.ts'
import type { Clock } from '../runtime/clock.ts'
import { GabionError, messageOf } from '../runtime/errors.ts'
import type { Log } from '../runtime/log.ts'
import type { ApiOptions, Reach } from './api/api-options.ts'
import { createApp } from './api/app.ts'
import { type HttpServer, openHttpServer, type ServerTls } from './api/http-server.ts'
import { getMetrics, healthz, readyz } from './api/routes/health.ts'
import { createAuthenticate } from './auth/access/authenticate.ts'
import { anyone, type Principal } from './auth/access/principal.ts'
import { createUseBook } from './auth/access/use-book.ts'
import { openAuthority } from './auth/pki/authority.ts'
import {
  type CertificateFiles,
  certificateFromFiles,
  ownCertificate,
  type ServerCertificate,
} from './auth/pki/server-certificate.ts'
import { deviationDescriber } from './domain/describe-deviations.ts'
import type { Policies } from './domain/policies.ts'
import { createReadiness } from './domain/readiness.ts'
import type { AgentReports } from './ingest/agent-reports.ts'
import type { ConnectedFleet } from './ingest/connected-fleet.ts'
import type { Connections } from './ingest/connections.ts'
import { isLoopback, type ListenAddress, showAddress } from './listen-address.ts'
import type { Metrics } from './metrics.ts'
import type { Notify } from './notify/open-notify.ts'
import type { FleetQueries } from './query/fleet-queries.ts'
import type { Store } from './store/store.ts'

/** Who may use the API, and how it is reached. */
export interface ApiAccess {
  /** nobody is asked who it is: on loopback only */
  readonly isOpen: boolean
  /** own: by a certificate of the collector's CA; undefined for plain HTTP */
  readonly tls?: { readonly minVersion: ServerTls['minVersion']; readonly certificate: 'own' | CertificateFiles }
  /** TLS ends at a proxy, whose word is taken for where requests come from */
  readonly isBehindProxy?: boolean
  /** names that it is reached by, besides addresses */
  readonly names: readonly string[]
  /** where metrics are told to whoever asks, beside the API that asks for a token */
  readonly metrics?: ListenAddress
  /** requests of one token; none without a limit */
  readonly rate?: NonNullable<Reach['rate']>
}

export interface ApiParts {
  readonly store: Store
  readonly connections: Connections
  readonly fleet: ConnectedFleet
  readonly agents: AgentReports
  readonly metrics: Metrics
  readonly queries: FleetQueries
  readonly notify: Pick<Notify, 'statuses' | 'test'>
  readonly policies: Pick<Policies, 'catalog' | 'reload'>
  readonly stopping: AbortController
  readonly committed: Set<() => void>
}

export interface OpenApiOptions {
  readonly http: ListenAddress
  readonly api: ApiAccess
  readonly dataDirectory: string
  readonly facets: readonly Facet[]
  readonly clock: Clock
  readonly log: Log
  readonly demo?: boolean
  /** that agents connect to, to be shared */
  readonly certificate?: ServerCertificate | undefined
  readonly enrollment: ApiOptions['enrollment']
  /** who a token is of that a cluster made */
  readonly byCluster?: ((token: string) => Promise<Principal>) | undefined
}

export interface OpenedApi {
  /** HOST:PORT */
  readonly address: string
  readonly isSecure: boolean
  readonly metricsAddress: string | undefined
  close(graceMs: number): Promise<void>
}

const flushUsesMs = 30_000

/** @throws GabionError with code `config` as `requireSafe`, or `address_in_use` */
export async function openApi(options: OpenApiOptions, parts: ApiParts): Promise<OpenedApi> {
  const { http, api, clock, log } = options
  requireSafe(http, api)
  const { signal } = parts.stopping
  const tls = await openTls(options, signal)
  const uses = createUseBook(parts.store, clock)
  const authenticate = createAuthenticate({
    ...{ read: parts.store.read, clock, isOpen: api.isOpen, byCluster: options.byCluster, onUse: uses.note },
  })
  const reach = reachOf(options)
  const shared = apiOptions(options, parts, reach, authenticate)
  const server = await openHttpServer(http, createApp(shared), tls)
  const metrics = api.metrics && (await openMetrics(api.metrics, shared).catch(error => closing(server, error)))
  const timer = setInterval(() => {
    uses.flush().catch(error => log.error('uses of tokens could not be written', { reason: messageOf(error) }))
  }, flushUsesMs)
  return {
    address: server.address,
    isSecure: tls !== undefined,
    metricsAddress: metrics?.address,
    async close(graceMs) {
      clearInterval(timer)
      await Promise.all([server.close(graceMs), metrics?.close(graceMs)])
      await uses.flush()
    },
  }
}

async function closing(server: HttpServer, error: unknown): Promise<never> {
  await server.close(0)
  throw error
}

/** @throws GabionError with code `config` for what would show the fleet to anybody, or in the clear */
export function requireSafe(http: ListenAddress, { isOpen, tls, isBehindProxy }: ApiAccess): void {
  if (isLoopback(http.host)) return
  const address = `HTTP address ${showAddress(http)}`
  if (isOpen) throw new GabionError('config', `${address}: an API that asks nobody who it is: loopback addresses only`)
  if (tls || isBehindProxy) return
  const way = 'take httpTls, or httpBehindProxy when TLS ends before it'
  throw new GabionError('config', `${address}: without TLS: loopback addresses only; ${way}`)
}

/** What the API proves itself by, undefined for plain HTTP. */
export async function openTls(
  options: Pick<OpenApiOptions, 'api' | 'clock' | 'log' | 'dataDirectory' | 'certificate'>,
  signal: AbortSignal,
): Promise<ServerTls | undefined> {
  const { api, clock, log, dataDirectory } = options
  if (!api.tls) return undefined
  const { minVersion, certificate: from } = api.tls
  if (from === 'own' && options.certificate) return { minVersion, certificate: options.certificate }
  const certificate =
    from === 'own'
      ? await ownCertificate(await openAuthority(dataDirectory, clock), api.names, clock, log)
      : await certificateFromFiles(from, clock, log)
  void certificate.keep(signal)
  return { minVersion, certificate }
}

function reachOf({ http, api }: OpenApiOptions): Reach {
  return {
    isLoopback: isLoopback(http.host) && !api.isBehindProxy,
    names: api.names.map(name => name.toLowerCase()),
    isSecure: api.tls !== undefined || api.isBehindProxy === true,
    isBehindProxy: api.isBehindProxy === true,
    rate: api.isOpen ? undefined : api.rate,
  }
}

function apiOptions(
  { facets, clock, log, demo = false, enrollment }: OpenApiOptions,
  { store, connections, fleet, agents, metrics, policies, queries, notify, stopping, committed }: ApiParts,
  reach: Reach,
  authenticate: ApiOptions['authenticate'],
): ApiOptions {
  const isIngesting = () => !stopping.signal.aborted
  return {
    ...{ store, connections, fleet, agents, metrics, clock, log, reach, authenticate, enrollment, demo },
    catalog: () => policies.catalog,
    describeDeviations: deviationDescriber(store.read, facets),
    reloadWaivers: policies.reload,
    queries,
    notify,
    readiness: createReadiness({ store, isIngesting, clock, log }),
    stopping: stopping.signal,
    onCommit(listener) {
      committed.add(listener)
      return () => committed.delete(listener)
    },
  }
}

/** The same numbers without a token: whoever reaches the address may have them. */
function openMetrics(address: ListenAddress, options: ApiOptions): Promise<HttpServer> {
  const reach = { ...options.reach, isLoopback: isLoopback(address.host), isSecure: false, rate: undefined }
  const app = createApp({ ...options, reach, authenticate: async () => anyone }, [getMetrics, healthz, readyz])
  return openHttpServer(address, app)
}
