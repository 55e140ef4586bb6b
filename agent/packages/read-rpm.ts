// Reads which packages rpm has installed: out of its database, or from the program rpm where the format is not known.
import type { Failure, FileParts, Host, Outcome } from '../host/host.ts'
import { shareTurn } from '../host/turns.ts'
import { bdbBlobs } from '../parse/bdb-blobs.ts'
import { MalformedBytes } from '../parse/byte-source.ts'
import { ndbBlobs } from '../parse/ndb-blobs.ts'
import { parseRpmHeader } from '../parse/rpm-header.ts'
import { packagesOfRpm, parseRpmQuery, type RpmPackage, rpmQueryFormat } from '../parse/rpm-query.ts'
import { sqliteBlobs } from '../parse/sqlite-blobs.ts'
import type { PackageDatabase } from './package-database.ts'

type Blobs = (file: FileParts, log: FileParts | undefined) => Iterable<Uint8Array>

/** By release of rpm: the directory of today, that of openSUSE and Fedora, that of ostree. */
export const rpmDirectories = ['/var/lib/rpm', '/usr/lib/sysimage/rpm', '/usr/share/rpm']
/** Red Hat 9 and Fedora, Red Hat 8 and before, SUSE */
const formats: ReadonlyMap<string, Blobs> = new Map<string, Blobs>([
  ['rpmdb.sqlite', (file, log) => sqliteBlobs(file, 'Packages', log)],
  ['Packages', file => bdbBlobs(file)],
  ['Packages.db', file => ndbBlobs(file)],
])
const logSuffix = '-wal'
const maxDatabaseBytes = 2 * 1024 * 1024 * 1024
const maxLogBytes = 256 * 1024 * 1024
const maxPackages = 100_000
const maxOutputBytes = 16 * 1024 * 1024

interface RpmFile {
  readonly path: string
  readonly blobs: Blobs
}

interface Found {
  readonly rows: readonly RpmPackage[]
  /** what is damaged, empty when nothing is */
  readonly damage: string
}

interface Known {
  readonly stamp: string
  readonly database: Promise<PackageDatabase>
}

/** Several probes ask: what a file said counts for all of them as long as it and its log keep their sizes and times. */
const known = new WeakMap<Host, Map<string, Known>>()

/** rpm's database, undefined where there is none. */
export async function findRpmDatabase(host: Host): Promise<RpmFile | undefined> {
  for (const directory of rpmDirectories) {
    for (const [name, blobs] of formats) {
      const path = `${directory}/${name}`
      const stat = await host.stat(path)
      if (stat.state !== 'absent') return { path, blobs }
    }
  }
  return undefined
}

export async function readRpmDatabase(host: Host, file: RpmFile): Promise<PackageDatabase> {
  const stamp = await stampOf(host, file.path)
  const ofHost = known.get(host) ?? new Map<string, Known>()
  known.set(host, ofHost)
  const before = ofHost.get(file.path)
  if (before && stamp !== '' && before.stamp === stamp) return await before.database
  const database = readAnew(host, file, stamp)
  ofHost.set(file.path, { stamp, database })
  return await database
}

async function readAnew(host: Host, file: RpmFile, stamp: string): Promise<PackageDatabase> {
  const found = await readFile(host, file)
  const isWhole = found.state === 'present' && found.value.damage === ''
  const asked = isWhole ? undefined : await askRpm(host, file.path)
  if (asked) return asked
  if (found.state !== 'present') return { ...nothing(file.path), failures: [found] }
  // A transaction that ended meanwhile may have moved pages under the reading.
  const isSettled = (await stampOf(host, file.path)) === stamp
  const damage = isSettled ? found.value.damage : 'changed while it was read'
  const damages = damage === '' ? [] : [{ path: file.path, detail: damage }]
  if (found.value.rows.length === 0 && damage !== '') return { ...nothing(file.path), damages }
  return { ...databaseOf(file.path, found.value.rows), damages }
}

/** Empty where it cannot be told. */
async function stampOf(host: Host, path: string): Promise<string> {
  const [file, log] = [await host.stat(path), await host.stat(path + logSuffix)]
  if (file.state !== 'present') return ''
  const parts = [file, log].map(stat =>
    stat.state === 'present' ? [stat.value.changedAtMs, stat.value.sizeBytes] : [],
  )
  return parts.join(' ')
}

/** What the log holds stands for what is in the file: without it nobody knows what rpm did last. */
async function readFile(host: Host, { path, blobs }: RpmFile): Promise<Outcome<Found>> {
  const read = await host.readParts(path, async (file): Promise<Outcome<Found>> => {
    if (file.sizeBytes > maxDatabaseBytes) return tooLarge(path, maxDatabaseBytes)
    const log = await host.readParts(path + logSuffix, async (log): Promise<Outcome<Found>> => {
      if (log.sizeBytes > maxLogBytes) return tooLarge(path + logSuffix, maxLogBytes)
      return { state: 'present', path, value: await collect(blobs(file, log)) }
    })
    if (log.state === 'present') return log.value
    return log.state === 'absent' ? { state: 'present', path, value: await collect(blobs(file, undefined)) } : log
  })
  return read.state === 'present' ? read.value : read
}

const tooLarge = (path: string, limit: number): Failure => ({
  state: 'tooLarge',
  path,
  detail: `over the limit of ${limit} bytes`,
})

/** The packages up to the first damage of the file. A single header that is none is only counted. */
async function collect(blobs: Iterable<Uint8Array>): Promise<Found> {
  const rows: RpmPackage[] = []
  let unread = 0
  try {
    for (const blob of blobs) {
      const row = parseRpmHeader(blob)
      if (row) rows.push(row)
      else unread += 1
      if (rows.length + unread >= maxPackages) return { rows, damage: `has more than ${maxPackages} packages` }
      const wait = shareTurn()
      if (wait) await wait
    }
  } catch (error) {
    if (!(error instanceof MalformedBytes)) throw error
    return { rows, damage: error.message }
  }
  return { rows, damage: unread === 0 ? '' : `${unread} of its headers` }
}

/** rpm reads the database of the agent's own root, so it is asked only where that is the host's. */
async function askRpm(host: Host, path: string): Promise<PackageDatabase | undefined> {
  if (!host.live || host.root !== '/') return undefined
  const args = ['-qa', '--queryformat', rpmQueryFormat]
  const answer = await host.run({ command: 'rpm', args, maxOutputBytes })
  if (answer.state !== 'present' || answer.value.exitCode !== 0) return undefined
  const { rows, malformed } = parseRpmQuery(answer.value.stdout)
  return { ...databaseOf(path, rows), malformed: [{ path: 'rpm -qa', lines: malformed }] }
}

function databaseOf(path: string, rows: readonly RpmPackage[]): PackageDatabase {
  const installTimes = new Map<string, number>()
  for (const { name, installedAt } of rows) installTimes.set(name, Math.max(installedAt, installTimes.get(name) ?? 0))
  return { ...nothing(path), ...packagesOfRpm(rows), installTimes }
}

function nothing(path: string): PackageDatabase {
  const none = { packages: undefined, olderVersions: [], failures: [], damages: [], malformed: [] }
  return { manager: 'rpm', path, installTimes: new Map(), ...none }
}
