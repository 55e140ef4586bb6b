// Reads the profile files of /etc/apparmor.d as apparmor_parser would load them.
import { createHash } from 'node:crypto'
import { decodeHostBytes } from '../host/decode.ts'
import type { DirectoryEntry, Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { type AppArmorProfile, parseAppArmorProfile } from '../parse/apparmor-profile.ts'
import type { Gaps } from '../probe.ts'

export const policyDirectory = '/etc/apparmor.d'

export interface PolicyFile {
  readonly path: string
  readonly sha256: string
  readonly profiles: readonly AppArmorProfile[]
  /** of this file, which go before those of tunables/ */
  readonly variables: ReadonlyMap<string, readonly string[]>
  readonly disabled: boolean
  readonly forceComplain: boolean
}

export interface Policy {
  readonly exists: boolean
  readonly files: readonly PolicyFile[]
  /** variables of tunables/ */
  readonly tunables: ReadonlyMap<string, readonly string[]>
}

const maxFiles = 2_000
const maxTunables = 200
/** apparmor_parser passes over what package managers and editors leave behind. */
const leftover = /^\.|~$|\.(?:dpkg-(?:new|old|dist|bak|remove)|rpm(?:new|save)|orig|rej|pacnew|pacsave)$|^README$/

/** Only the files of the directory itself are loaded: local/, abstractions/ and tunables/ are included by them. */
export async function readPolicyFiles(host: Host, gaps: Gaps): Promise<Policy> {
  const entries = await host.list(policyDirectory)
  if (entries.state !== 'present') {
    gaps.note('files', 'incomplete', entries)
    return { exists: entries.state !== 'absent', files: [], tunables: new Map() }
  }
  const disabled = await linkedNames(host, gaps, 'disable')
  const complaining = await linkedNames(host, gaps, 'force-complain')
  const names = entries.value.filter(isPolicyFile).map(({ name }) => name)
  if (names.length > maxFiles) noteTooMany(gaps, policyDirectory, maxFiles)
  const files: PolicyFile[] = []
  for (const name of names.slice(0, maxFiles)) {
    const file = await readPolicyFile(host, gaps, name)
    if (file) files.push({ ...file, disabled: disabled.has(name), forceComplain: complaining.has(name) })
  }
  return { exists: true, files, tunables: await readTunables(host, gaps, `${policyDirectory}/tunables`) }
}

const isPolicyFile = ({ name, kind }: DirectoryEntry) => (kind === 'file' || kind === 'symlink') && !leftover.test(name)

/** @returns undefined for what cannot be read, and for a file without profiles */
async function readPolicyFile(
  host: Host,
  gaps: Gaps,
  name: string,
): Promise<Omit<PolicyFile, 'disabled' | 'forceComplain'> | undefined> {
  const path = `${policyDirectory}/${name}`
  const bytes = await host.readBytes(path)
  if (bytes.state !== 'present') {
    // a link to a directory is passed over like the directory itself
    if (bytes.state !== 'notRegular') gaps.note('files', 'incomplete', bytes)
    return undefined
  }
  const { profiles, variables, malformed } = parseAppArmorProfile(decodeHostBytes(bytes.value))
  if (malformed > 0) noteMalformedLines(gaps, 'files', 'incomplete', path, [malformed])
  if (profiles.length === 0) return undefined
  return { path, sha256: createHash('sha256').update(bytes.value).digest('hex'), profiles, variables }
}

/** Names in disable/ or force-complain/: mostly links, but any entry of that name counts. */
async function linkedNames(host: Host, gaps: Gaps, directory: string): Promise<ReadonlySet<string>> {
  const entries = await host.list(`${policyDirectory}/${directory}`)
  if (entries.state === 'present') return new Set(entries.value.map(({ name }) => name))
  gaps.note('files', 'incomplete', entries)
  return new Set()
}

/** Variables of every file below tunables/: which of them a profile includes makes no difference in practice. */
async function readTunables(host: Host, gaps: Gaps, top: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const tunables = new Map<string, string[]>()
  const waiting = [top]
  let looked = 0
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const entries = await host.list(path)
    if (entries.state !== 'present') {
      gaps.note('unconfinedWithProfile', 'incomplete', entries)
      continue
    }
    for (const { name, kind } of entries.value) {
      looked += 1
      if (looked > maxTunables) return tunables
      if (kind === 'directory') waiting.push(`${path}/${name}`)
      if (kind === 'directory' || leftover.test(name)) continue
      const text = await host.readText(`${path}/${name}`)
      if (text.state !== 'present') {
        // a link to a directory is passed over like the directory itself
        if (kind !== 'symlink') gaps.note('unconfinedWithProfile', 'incomplete', text)
        continue
      }
      for (const [variable, values] of parseAppArmorProfile(text.value).variables) {
        tunables.set(variable, [...(tunables.get(variable) ?? []), ...values])
      }
    }
  }
  return tunables
}

function noteTooMany(gaps: Gaps, source: string, limit: number): void {
  const detail = `over the limit of ${limit} files`
  gaps.add({ field: 'files', effect: 'incomplete', source, state: 'tooLarge', detail })
}
