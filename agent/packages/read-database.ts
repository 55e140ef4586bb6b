// Reads the database of installed packages: dpkg's, apk's or rpm's, whichever the host has.
import type { Package } from '../../proto/facets/packages.ts'
import type { Failure, Host, Outcome } from '../host/host.ts'
import { parseApkInstalled } from '../parse/apk-installed.ts'
import { type PackageList, parseDpkgStatus } from '../parse/dpkg-status.ts'
import type { PackageDatabase } from './package-database.ts'
import { findRpmDatabase, readRpmDatabase } from './read-rpm.ts'

export const databasePaths = {
  dpkg: '/var/lib/dpkg/status',
  dpkgDirectory: '/var/lib/dpkg/status.d',
  apk: ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'],
} as const

/** A desktop with five thousand packages has eight megabytes. */
export const maxDatabaseBytes = 32 * 1024 * 1024
const maxControlFiles = 5000

/** What a database of text never has, and what it starts from. */
const textDatabase = {
  olderVersions: [],
  failures: [],
  damages: [],
  malformed: [],
  installTimes: new Map<string, number>(),
}

/**
 * The first database found, in the order dpkg, apk, rpm: dpkg's tools bring an empty rpm database sometimes, never the
 * other way round.
 *
 * @param memory keeps what the file said as long as its size and time stay
 * @returns undefined when there is none
 */
export async function readPackageDatabase(
  host: Host,
  memory: Map<string, unknown>,
): Promise<PackageDatabase | undefined> {
  const dpkg = await readFileDatabase(host, memory, 'dpkg', databasePaths.dpkg, text => parseDpkgStatus(text))
  if (dpkg) return dpkg
  const images = await readControlFiles(host)
  if (images) return images
  for (const path of databasePaths.apk) {
    const apk = await readFileDatabase(host, memory, 'apk', path, parseApkInstalled)
    if (apk) return apk
  }
  const rpm = await findRpmDatabase(host)
  return rpm && (await readRpmDatabase(host, rpm))
}

async function readFileDatabase(
  host: Host,
  memory: Map<string, unknown>,
  manager: 'dpkg' | 'apk',
  path: string,
  parse: (text: string) => PackageList,
): Promise<PackageDatabase | undefined> {
  const stat = await host.stat(path)
  if (stat.state === 'absent') return undefined
  const key = stat.state === 'present' ? `${stat.value.changedAtMs} ${stat.value.sizeBytes}` : ''
  const known = memory.get(path) as { readonly key: string; readonly database: PackageDatabase } | undefined
  if (known && key !== '' && known.key === key) return known.database
  const text = await host.readText(path, { maxBytes: maxDatabaseBytes })
  if (text.state === 'absent') return undefined
  if (text.state !== 'present') return { ...textDatabase, manager, path, packages: undefined, failures: [text] }
  const { packages, olderVersions, malformed } = detached(parse(text.value))
  const database = { ...textDatabase, manager, path, packages, olderVersions, malformed: [{ path, lines: malformed }] }
  memory.set(path, { key, database })
  return database
}

/** A copy: cut-out pieces of a text keep all of it in memory. */
function detached(list: PackageList): PackageList {
  return JSON.parse(JSON.stringify(list)) as PackageList
}

/** Images built without dpkg keep one control file per package; `.md5sums` beside them are none. */
async function readControlFiles(host: Host): Promise<PackageDatabase | undefined> {
  const path = databasePaths.dpkgDirectory
  const entries = await host.list(path)
  if (entries.state === 'absent') return undefined
  if (entries.state !== 'present') return unread(path, entries)
  const names = entries.value.filter(({ name, kind }) => kind === 'file' && !name.endsWith('.md5sums'))
  const texts = await readAll(
    host,
    names.slice(0, maxControlFiles).map(({ name }) => `${path}/${name}`),
  )
  const failures: Failure[] = []
  if (names.length > maxControlFiles) {
    failures.push({ state: 'tooLarge', path, detail: `over the limit of ${maxControlFiles} files` })
  }
  const packages = new Map<string, Package>()
  const malformed: { path: string; lines: readonly number[] }[] = []
  for (const text of texts) {
    if (text.state !== 'present') {
      if (text.state !== 'absent') failures.push(text)
      continue
    }
    const list = parseDpkgStatus(text.value, 'install ok installed')
    for (const row of list.packages) packages.set(`${row.name}\n${row.architecture}`, row)
    malformed.push({ path: text.path, lines: list.malformed })
  }
  return { ...textDatabase, manager: 'dpkg', path, packages: [...packages.values()], failures, malformed }
}

async function readAll(host: Host, paths: readonly string[]): Promise<readonly Outcome<string>[]> {
  return await host.readTexts(paths, { maxBytes: 256 * 1024 })
}

function unread(path: string, failure: Failure): PackageDatabase {
  return { ...textDatabase, manager: 'dpkg', path, packages: undefined, failures: [failure] }
}
