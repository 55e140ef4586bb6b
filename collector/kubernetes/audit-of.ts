// Entries in the audit log of what nobody asked for but a cluster itself.
import type { AuditEntry } from '../store/access-records.ts'

export function auditOf(
  cluster: string,
  hostId: string,
  detail: Readonly<Record<string, string>>,
  atMs: number,
): AuditEntry {
  const occasion = { actor: `kubernetes:${cluster}`, address: '', requestId: '', action: 'hosts.update' }
  return { ...occasion, atMs, target: hostId, outcome: 'done', detail }
}
