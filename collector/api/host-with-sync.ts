// A host with how far the collector is behind it, which nobody knows while it is not connected.
import type { SyncState } from '../ingest/backlog.ts'
import type { HostRecord } from '../store/records.ts'
import type { RequestContext } from './request-context.ts'

export interface HostWithSync extends HostRecord {
  readonly sync?: SyncState
}

export function withSync(host: HostRecord, { agents }: Pick<RequestContext, 'agents'>) {
  const sync = agents.syncOf(host.id)
  const known: HostWithSync = sync ? { ...host, sync } : host
  return known
}
