// Tells the versions of what rpm has installed, for probes that look for few packages.
import type { Failure, Host } from '../host/host.ts'
import { findRpmDatabase, readRpmDatabase } from './read-rpm.ts'

/** By name; undefined where rpm has no database, a failure where it cannot be read as a whole. */
export async function readRpmVersions(host: Host): Promise<ReadonlyMap<string, string> | Failure | undefined> {
  const file = await findRpmDatabase(host)
  if (!file) return undefined
  const { packages, failures, damages, malformed } = await readRpmDatabase(host, file)
  const [damage] = [...damages, ...malformed.filter(({ lines }) => lines.length > 0)]
  if (damage) return { state: 'unavailable', path: damage.path, detail: 'its database is damaged' }
  return packages ? new Map(packages.map(({ name, version }) => [name, version])) : failures[0]
}
