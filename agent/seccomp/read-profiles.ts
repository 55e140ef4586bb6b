// Reads every file below a seccomp directory and judges it.

import { createHash } from 'node:crypto'
import type { SeccompFacts, SeccompProfile } from '../../proto/facets/seccomp.ts'
import { decodeHostBytes } from '../host/decode.ts'
import type { Failure, FileKind, Host } from '../host/host.ts'
import { parseSeccompProfile } from '../parse/seccomp-profile.ts'
import { judgeSeccompProfile } from '../parse/seccomp-verdict.ts'
import type { Gaps } from '../probe.ts'
import { statRow } from '../stat-row.ts'

type DirectoryRow = SeccompFacts['directories'][number]

const maxDepth = 8
const maxFiles = 1_000

export async function describeRoot(host: Host, gaps: Gaps, path: string): Promise<DirectoryRow> {
  const stat = await host.stat(path)
  if (stat.state !== 'present' && stat.state !== 'absent') gaps.note('profiles', 'incomplete', stat)
  const row = { path, ...statRow(stat) }
  return stat.state === 'present' && stat.value.kind !== 'directory' ? { ...row, state: 'notDirectory' } : row
}

/** One row per file below a root; a directory that cannot be listed is a gap. */
export async function readProfiles(host: Host, gaps: Gaps, root: string): Promise<readonly SeccompProfile[]> {
  const real = await host.realPath(root)
  if (real.state !== 'present') {
    gaps.note('profiles', 'incomplete', real)
    return []
  }
  const rows: SeccompProfile[] = []
  const waiting = [{ path: '', depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, depth } = next
    const entries = await host.list(path === '' ? root : `${root}/${path}`)
    if (entries.state !== 'present') {
      gaps.note('profiles', 'incomplete', entries)
      continue
    }
    for (const { name, kind } of entries.value) {
      if (rows.length >= maxFiles) return tooMany(gaps, root, `over the limit of ${maxFiles} files`, rows)
      const below = path === '' ? name : `${path}/${name}`
      if (kind !== 'directory') rows.push(...(await readEntry(host, { root, real: real.value, path: below, kind })))
      else if (depth < maxDepth) waiting.push({ path: below, depth: depth + 1 })
      else tooMany(gaps, `${root}/${below}`, `over the limit of ${maxDepth} nested directories`, rows)
    }
  }
  return rows
}

function tooMany<T>(gaps: Gaps, source: string, detail: string, rows: T): T {
  gaps.add({ field: 'profiles', effect: 'incomplete', source, state: 'tooLarge', detail })
  return rows
}

interface Entry {
  readonly root: string
  /** the root without symbolic links */
  readonly real: string
  readonly path: string
  readonly kind: FileKind
}

/** A link to a directory inside of the root is no row: what it leads to is listed in its own place. */
async function readEntry(host: Host, entry: Entry): Promise<readonly SeccompProfile[]> {
  const full = `${entry.root}/${entry.path}`
  if (entry.kind === 'symlink') {
    const target = await host.realPath(full)
    if (target.state !== 'present') return [failedRow(entry, target)]
    if (!target.value.startsWith(`${entry.real}/`)) {
      if (target.value === entry.real) return []
      return [row(entry, { state: 'escapes', problem: 'a symbolic link leaves the directory' })]
    }
    const stat = await host.stat(full)
    if (stat.state === 'present' && stat.value.kind === 'directory') return []
  } else if (entry.kind !== 'file') return [row(entry, { state: 'notRegular', problem: `a ${entry.kind}` })]
  const bytes = await host.readBytes(full)
  return [bytes.state === 'present' ? judgedRow(entry, bytes.value) : failedRow(entry, bytes)]
}

function judgedRow(entry: Entry, bytes: Uint8Array): SeccompProfile {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const parsed = parseSeccompProfile(decodeHostBytes(bytes))
  if (parsed.state === 'invalid') return row(entry, { state: 'invalid', problem: parsed.problem, sha256 })
  const { defaultAction, architectures, flags } = parsed.content
  const { dangerousAllowed, unknownCalls, ...verdict } = judgeSeccompProfile(parsed.content)
  return row(entry, {
    ...{ state: 'valid', sha256, defaultAction, architectures: [...architectures], flags: [...flags], ...verdict },
    ...{ dangerousAllowed: [...dangerousAllowed], unknownCalls: [...unknownCalls] },
  })
}

function failedRow(entry: Entry, failure: Failure): SeccompProfile {
  const state = failure.state === 'tooLarge' || failure.state === 'notRegular' ? failure.state : 'unreadable'
  return row(entry, { state, problem: failure.state === 'absent' ? 'leads to nothing' : failure.detail })
}

function row({ root, path }: Entry, known: Partial<SeccompProfile> & Pick<SeccompProfile, 'state'>): SeccompProfile {
  return {
    ...{ root, path, problem: '', defaultAction: '', restrictive: false, architectures: [], flags: [], allowed: 0 },
    ...{ refused: 0, logged: 0, dangerousAllowed: [], unknownCalls: [], sha256: '' },
    ...known,
  }
}
