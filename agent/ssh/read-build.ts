// Tells which OpenSSH server is installed and who built it; no program of the host is run for it.
import type { Host } from '../host/host.ts'
import { readOperatingSystem } from '../machine/identity.ts'
import type { PackageDatabase } from '../packages/package-database.ts'
import { readPackageDatabase } from '../packages/read-database.ts'
import { parseOpenSshVersion } from '../parse/openssh-version.ts'
import { Gaps } from '../probe.ts'
import type { Build } from './default-values.ts'
import type { Obstacle } from './effective-settings.ts'

export interface InstalledServer {
  readonly build: Build
  /** such as 9.2p1, undefined when it cannot be told */
  readonly version: string | undefined
  /** why it cannot be told */
  readonly obstacle: Obstacle | undefined
  /** why it cannot be told who built it */
  readonly distributionObstacle: Obstacle | undefined
}

const programs = ['/usr/sbin/sshd', '/usr/bin/sshd', '/usr/local/sbin/sshd']
/** Alpine splits the server in two. */
const packageNames = ['openssh-server', 'openssh-server-pam', 'openssh', 'openssh-portable']
const leftovers: ReadonlySet<string> = new Set(['config-files'])

/** Undefined when no server is installed: its configuration may have stayed behind. */
export async function readBuild(host: Host, memory: Map<string, unknown>): Promise<InstalledServer | undefined> {
  const database = await readPackageDatabase(host, memory)
  const found = findPackage(database)
  if (!found && !(await hasProgram(host)) && database?.packages) return undefined
  const systemGaps = new Gaps()
  const system = await readOperatingSystem(host, systemGaps)
  const distribution = system ? [system.id, ...system.idLike] : []
  const version = found && parseOpenSshVersion(found.version)
  const build: Build = { version: version?.number, distribution, packageVersion: found?.version ?? '' }
  const [gap] = system ? [] : systemGaps.rows
  return {
    build,
    version: version?.text,
    obstacle: version ? undefined : versionObstacle(database),
    distributionObstacle: gap && { state: gap.state, path: gap.source, detail: gap.detail },
  }
}

function findPackage(database: PackageDatabase | undefined) {
  const installed = (database?.packages ?? []).filter(({ state }) => !leftovers.has(state))
  return packageNames.map(name => installed.find(row => row.name === name)).find(row => row !== undefined)
}

/** Whether a program of the server stands where distributions put it. */
export async function hasProgram(host: Host): Promise<boolean> {
  for (const path of programs) {
    if ((await host.stat(path)).state === 'present') return true
  }
  return false
}

function versionObstacle(database: PackageDatabase | undefined): Obstacle {
  const [failure] = database?.failures ?? []
  const [damage] = database?.damages ?? []
  if (damage) return { state: 'malformed', ...damage }
  return failure ?? { state: 'unavailable', path: programs[0] ?? '', detail: 'no package tells the version of sshd' }
}
