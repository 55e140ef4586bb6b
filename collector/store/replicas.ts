// Several collectors on one database, and who is connected to which.
import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'

/** As long as a collector that says nothing, since it was killed, counts among those that work. */
export const silentMs = 90_000

/** Tells one run of a collector from all others, and people where it runs: in Kubernetes that is its pod. */
export const replicaName = (): string => `${hostname()}-${randomBytes(4).toString('hex')}`

export interface ReplicaReader {
  /** numbers of hosts that were connected to other collectors at that time or later */
  hostsOfOthers(id: string, sinceMs: number): Promise<readonly number[]>
}

/** What a collector says of itself to the others. */
export interface Replica {
  readonly id: string
  /** numbers of the hosts that are connected to it */
  readonly hosts: ReadonlySet<number>
  /** newest schema of the database that it knows */
  readonly schema: number
  /** version of the policy that it judges by, empty while it has none */
  readonly policy: string
}

/** Part of a store's transaction. */
export interface ReplicaTransaction {
  putReplica(replica: Replica, atMs: number): Promise<void>
  deleteReplica(id: string): Promise<void>
}
