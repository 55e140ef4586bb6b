// Reads how many time servers each installed time daemon is told to ask.
import type { KnownService, ServicesFacts } from '../../proto/facets/services.ts'
import type { Failure, Host } from '../host/host.ts'
import { matchesGlob } from '../parse/glob.ts'
import { listDirective } from '../parse/systemd-unit.ts'
import { parseTimeSources } from '../parse/time-sources.ts'
import type { Gaps } from '../probe.ts'
import { readSystemdConf } from './read-systemd-conf.ts'

type TimeSources = NonNullable<ServicesFacts['timeSources']>

/** The first that exists is the daemon's. */
const configurations = {
  chrony: ['/etc/chrony/chrony.conf', '/etc/chrony.conf'],
  ntp: ['/etc/ntpsec/ntp.conf', '/etc/ntp.conf', '/etc/openntpd/ntpd.conf', '/etc/ntpd.conf'],
} as const

const maxFiles = 50

/** Undefined, with a gap, when a file that may name servers cannot be read. */
export async function readTimeSources(
  host: Host,
  known: readonly KnownService[],
  gaps: Gaps,
): Promise<ServicesFacts['timeSources']> {
  const isInstalled = (name: string) => known.find(service => service.name === name)?.installed === true
  const failures: Failure[] = []
  const rows: TimeSources = []
  for (const daemon of ['chrony', 'ntp'] as const) {
    if (isInstalled(daemon)) rows.push({ daemon, ...(await countSources(host, configurations[daemon], failures)) })
  }
  if (isInstalled('systemd-timesyncd')) {
    const conf = await readSystemdConf(host, 'timesyncd.conf')
    failures.push(...conf.failures)
    const servers = ['NTP', 'FallbackNTP'].flatMap(key => listDirective(conf.files, 'Time', key))
    const sources = servers.flatMap(value => value.split(/\s+/)).filter(server => server !== '').length
    rows.push({ daemon: 'systemd-timesyncd', sources, authenticated: 0 })
  }
  for (const failure of failures) gaps.note('timeSources', 'omitted', failure)
  return failures.length === 0 ? rows : undefined
}

/** Follows what the configuration includes, each file once. */
async function countSources(host: Host, candidates: readonly string[], failures: Failure[]) {
  const counts = { sources: 0, authenticated: 0 }
  const queue: string[] = []
  for (const path of candidates) {
    const stat = await host.stat(path)
    if (stat.state === 'absent') continue
    queue.push(path)
    break
  }
  const seen = new Set<string>(queue)
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const text = await host.readText(path)
    if (text.state !== 'present') {
      if (text.state !== 'absent') failures.push(text)
      continue
    }
    const parsed = parseTimeSources(text.value)
    counts.sources += parsed.sources
    counts.authenticated += parsed.authenticated
    const further = [
      ...(await expanded(host, parsed.includes, failures)),
      ...(await inDirectories(host, parsed.confDirectories, '.conf', failures)),
      ...(await inDirectories(host, parsed.sourceDirectories, '.sources', failures)),
    ]
    for (const file of further.filter(file => !seen.has(file))) {
      if (seen.size >= maxFiles) {
        failures.push({ state: 'tooLarge', path: file, detail: `over the limit of ${maxFiles} files` })
        return counts
      }
      seen.add(file)
      queue.push(file)
    }
  }
  return counts
}

/** A pattern stands for files of one directory. */
async function expanded(host: Host, includes: readonly string[], failures: Failure[]): Promise<readonly string[]> {
  const files: string[] = []
  for (const path of includes.filter(path => path.startsWith('/'))) {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    if (!/[*?[]/.test(name)) files.push(path)
    else files.push(...(await listFiles(host, path.slice(0, slash), one => matchesGlob(name, one), failures)))
  }
  return files
}

async function inDirectories(host: Host, directories: readonly string[], ending: string, failures: Failure[]) {
  const files: string[] = []
  for (const directory of directories.filter(path => path.startsWith('/'))) {
    files.push(...(await listFiles(host, directory, name => name.endsWith(ending), failures)))
  }
  return files
}

async function listFiles(host: Host, directory: string, isWanted: (name: string) => boolean, failures: Failure[]) {
  const entries = await host.list(directory)
  if (entries.state === 'present') {
    return entries.value.filter(({ name }) => isWanted(name)).map(({ name }) => `${directory}/${name}`)
  }
  if (entries.state !== 'absent') failures.push(entries)
  return []
}
