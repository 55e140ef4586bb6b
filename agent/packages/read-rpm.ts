// Reads which packages rpm has installed: from the program rpm where the root is the agent's own.
import type { Failure, Host } from '../host/host.ts'
import { parseRpmQuery, rpmQueryFormat } from '../parse/rpm-query.ts'
import type { PackageDatabase } from './package-database.ts'

/** By release of rpm: the directory of today, that of openSUSE and Fedora, that of ostree. */
const directories = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm']
/** SQLite (Red Hat 9), Berkeley DB (Red Hat 8 and before), ndb (SUSE) */
const fileNames = ['rpmdb.sqlite', 'Packages', 'Packages.db']
const maxOutputBytes = 8 * 1024 * 1024

export type RpmAnswer = Pick<PackageDatabase, 'packages' | 'olderVersions' | 'failures' | 'malformed'>

/** Path of rpm's database, undefined where there is none. */
export async function findRpmDatabase(host: Host): Promise<string | undefined> {
  for (const directory of directories) {
    for (const name of fileNames) {
      const path = `${directory}/${name}`
      const stat = await host.stat(path)
      if (stat.state !== 'absent') return path
    }
  }
  return undefined
}

export async function readRpmDatabase(host: Host, path: string): Promise<RpmAnswer> {
  const asked = await askRpm(host)
  if (asked) return asked
  const failure: Failure = { state: 'unavailable', path, detail: 'rpm database format not read' }
  return { packages: undefined, olderVersions: [], failures: [failure], malformed: [] }
}

/** rpm reads the database of the agent's own root, so it is asked only where that is the host's. */
async function askRpm(host: Host): Promise<RpmAnswer | undefined> {
  if (!host.live || host.root !== '/') return undefined
  const args = ['-qa', '--queryformat', rpmQueryFormat]
  const answer = await host.run({ command: 'rpm', args, maxOutputBytes })
  if (answer.state !== 'present' || answer.value.exitCode !== 0) return undefined
  const { packages, olderVersions, malformed } = parseRpmQuery(answer.value.stdout)
  return { packages, olderVersions, failures: [], malformed: [{ path: 'rpm -qa', lines: malformed }] }
}
