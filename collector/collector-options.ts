// What a collector is started with.
import type { Catalog } from '../policy/check.ts'
import type { SitePolicy } from '../policy/site-policy.ts'
import type { Facet } from '../proto/facet.ts'
import type { Clock } from '../runtime/clock.ts'
import type { Log } from '../runtime/log.ts'
import type { Cluster } from './auth/kubernetes/cluster.ts'
import type { CertificateFiles } from './auth/pki/server-certificate.ts'
import type { FlapRules } from './domain/flapping.ts'
import type { RetentionRules } from './domain/retention.ts'
import type { Limits } from './ingest/limits.ts'
import type { IntervalRule } from './intervals.ts'
import type { ListenAddress } from './listen-address.ts'
import type { ReceiverConfig } from './notify/notify-config.ts'
import type { ApiAccess } from './open-api.ts'
import type { DatabaseLocation } from './store/database-location.ts'

export interface CollectorOptions {
  readonly http: ListenAddress
  /** who may use it, and how it is reached */
  readonly api: ApiAccess
  readonly grpc: ListenAddress
  readonly dataDirectory: string
  /** from when on something flaps; without it as the configuration has it by default */
  readonly flapping?: FlapRules
  /** how long what is kept; without it as the configuration has it by default */
  readonly retention?: RetentionRules
  /** where the data is; without it in a file of the data directory */
  readonly database?: DatabaseLocation
  readonly catalog: Catalog
  /** policy of the site, which has the catalog in it; none when it is left out */
  readonly site?: SitePolicy
  readonly facets: readonly Facet[]
  readonly clock: Clock
  readonly log: Log
  readonly demo?: boolean
  readonly limits?: Partial<Limits>
  /** how often agents are to look and to speak */
  readonly intervals?: readonly IntervalRule[]
  /** who is told of changes */
  readonly receivers?: readonly ReceiverConfig[]
  /** where agents POST that cannot keep a stream: with TLS when there is TLS, else on loopback; undefined leaves it out */
  readonly exchange?: ListenAddress | undefined
  /** TLS for the gRPC listeners; without it they have to be on loopback */
  readonly tls?: CollectorTls
}

export interface CollectorTls {
  /** where hosts with a client certificate connect; `grpc` is for those that enroll or bring a token */
  readonly enrolled: ListenAddress
  /** names and addresses that the collector is reached by */
  readonly names: readonly string[]
  /** a certificate that somebody else issues and renews, instead of one of our own */
  readonly files?: CertificateFiles
  /** PEM of the CAs that agents verify that certificate by, for those that it is published to */
  readonly authoritiesFile?: string
  /** whose ServiceAccount tokens are accepted */
  readonly clusters?: readonly Cluster[]
  /** HOST:PORT of the listener for enrolled hosts as they reach it, empty for port 50052 of where they enrolled */
  readonly endpoint?: string
  /** life of a client certificate in milliseconds */
  readonly credentialMs?: number
}
