// Tells the version of an engine from the records of dpkg or rpm; no program of the host is run for it.
import type { Failure, Host } from '../host/host.ts'
import { readRpmVersions } from '../packages/rpm-versions.ts'
import type { EngineKind, FoundEngine } from './find-engines.ts'

const statusFile = '/var/lib/dpkg/status'
const maxStatusBytes = 32 * 1024 * 1024

const packages: Readonly<Record<EngineKind, readonly string[]>> = {
  docker: ['docker-ce', 'docker.io', 'moby-engine'],
  containerd: ['containerd.io', 'containerd', 'moby-containerd'],
  crio: ['cri-o', 'cri-o-1.28', 'cri-o-1.27', 'cri-o-1.26'],
}
const programs = /^\/usr\/s?bin\/(?:dockerd|containerd|crio)$/

/** A failure when nothing tells it; a program that was replaced after it started does not tell what runs. */
export async function readEngineVersion(
  host: Host,
  { kind, process }: FoundEngine,
  memory: Map<string, unknown>,
): Promise<string | Failure> {
  const source = process?.executable || kind
  const nowhere: Failure = { state: 'unavailable', path: source, detail: 'nothing on disk tells its version' }
  if (process && !programs.test(process.executable)) return nowhere
  if (process) {
    const link = await host.readLink(`/proc/${process.pid}/exe`)
    if (link.state === 'present' && link.value.endsWith(' (deleted)')) {
      return { ...nowhere, detail: 'the program was replaced after it started' }
    }
  }
  const versions = await installedVersions(host, memory)
  if ('state' in versions) return versions.state === 'absent' ? nowhere : versions
  const named = packages[kind].map(name => versions.map.get(name)).find(version => version !== undefined)
  return named === undefined ? nowhere : upstreamVersion(named) || nowhere
}

/** `5:27.3.1-1~debian.12~bookworm`, `20.10.24+dfsg1-1+deb12u1`, `1.6.20~ds1-1+deb12u3` → the numbers in front. */
export function upstreamVersion(version: string): string {
  return /^(?:\d+:)?(\d{1,4}(?:\.\d{1,4}){1,3})(?![\d.])/.exec(version)?.[1] ?? ''
}

interface Versions {
  readonly map: ReadonlyMap<string, string>
}

/** The status file is large and seldom changes, so what it said is remembered with its size and time. */
async function installedVersions(host: Host, memory: Map<string, unknown>): Promise<Versions | Failure> {
  const stat = await host.stat(statusFile)
  if (stat.state === 'absent') return await rpmVersions(host, stat)
  if (stat.state !== 'present') return stat
  const key = `${stat.value.modifiedAtMs} ${stat.value.sizeBytes}`
  const remembered = memory.get('packages') as { readonly key: string; readonly versions: Versions } | undefined
  if (remembered?.key === key) return remembered.versions
  const text = await host.readText(statusFile, { maxBytes: maxStatusBytes })
  if (text.state !== 'present') return text
  const found = [...versionsOf(text.value)]
  // A copy: cut-out pieces of a text keep all of it in memory.
  const versions = { map: new Map(JSON.parse(JSON.stringify(found)) as typeof found) }
  memory.set('packages', { key, versions })
  return versions
}

async function rpmVersions(host: Host, absent: Failure): Promise<Versions | Failure> {
  const versions = await readRpmVersions(host)
  if (versions === undefined) return absent
  return 'state' in versions ? versions : { map: versions }
}

function versionsOf(status: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const name of Object.values(packages).flat()) {
    const first = `Package: ${name}\n`
    const start = status.startsWith(first) ? 0 : status.indexOf(`\n${first}`)
    if (start < 0) continue
    const end = status.indexOf('\n\n', start + 1)
    const stanza = status.slice(start, end < 0 ? undefined : end)
    const version = /^Version: (.{1,100})$/m.exec(stanza)?.[1]
    if (version && /^Status: \S+ ok installed$/m.test(stanza)) found.set(name, version)
  }
  return found
}
