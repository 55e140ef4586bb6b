// Hosts that are nodes of a cluster: what its API server says of them goes over what they say of themselves.
import type { HostStanding } from './identity-records.ts'

export interface ClusterHost {
  /** the store's own number */
  readonly host: number
  readonly id: string
  readonly hostKey: string
  readonly hostname: string
  readonly grantedLabels: Readonly<Record<string, string>>
  readonly standing: HostStanding
  readonly standingReason: string
  readonly lastSeenMs: number
  /** grows with every judgement */
  readonly revision: number
}

export interface ClusterHostReader {
  /** hosts whose keys begin so, by their numbers; with a time only active ones that were not heard since */
  clusterHosts(
    prefix: string,
    page: { readonly after: number; readonly limit: number; readonly silentSinceMs?: number },
  ): Promise<readonly ClusterHost[]>
  /** undefined for a key that is not there */
  clusterHost(hostKey: string): Promise<ClusterHost | undefined>
}

export interface Relabelled {
  readonly labels: Readonly<Record<string, string>>
  /** whether they are others than before */
  readonly changed: boolean
}

/** Part of a store's transaction, for a host that is held by it. */
export interface ClusterHostTransaction {
  /** labels that go over those of the host itself, instead of those granted before. @returns all of them, as they are now */
  grantLabels(host: number, granted: Readonly<Record<string, string>>): Promise<Relabelled>
  /** Retires an active host that was not heard since. @returns whether it did */
  retireSilent(host: number, reason: string, heardBeforeMs: number, atMs: number): Promise<boolean>
  /** Makes a host active that was retired for this reason. @returns whether it was */
  returnToFleet(host: number, reason: string, atMs: number): Promise<boolean>
}
