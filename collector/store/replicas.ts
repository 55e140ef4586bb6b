// Several collectors on one database, and who is connected to which.

export interface ReplicaReader {
  /** numbers of hosts that were connected to other collectors at that time or later */
  hostsOfOthers(id: string, sinceMs: number): Promise<readonly number[]>
}

/** Part of a store's transaction. */
export interface ReplicaTransaction {
  /** @param hosts numbers of the hosts that are connected to it */
  putReplica(id: string, hosts: ReadonlySet<number>, atMs: number): Promise<void>
  deleteReplica(id: string): Promise<void>
}
