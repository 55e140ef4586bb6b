// Reads /etc/sudoers and what it includes, in the order in which sudo does.
import type { Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import type { SudoSource } from '../parse/sudo-policy.ts'
import { parseSudoers, type SudoInclude } from '../parse/sudoers.ts'
import type { Gaps } from '../probe.ts'

export interface SudoersFiles {
  readonly installed: boolean
  /** every file that could say something about Defaults was read */
  readonly complete: boolean
  readonly sources: readonly SudoSource[]
}

/** sudo itself stops at 128; nobody nests that deep, and a circle should not cost more. */
const maxDepth = 16
const maxFiles = 500

interface Walk {
  readonly host: Host
  readonly gaps: Gaps
  readonly sources: SudoSource[]
  files: number
  complete: boolean
}

export async function readSudoers(host: Host, gaps: Gaps): Promise<SudoersFiles> {
  const walk: Walk = { host, gaps, sources: [], files: 0, complete: true }
  const installed = await readFile(walk, '/etc/sudoers', 0)
  return { installed, complete: walk.complete, sources: walk.sources }
}

/** @returns false when there is no such file, which sudo only warns about */
async function readFile(walk: Walk, path: string, depth: number): Promise<boolean> {
  if (depth > maxDepth || walk.files >= maxFiles) {
    const detail =
      depth > maxDepth ? `over the limit of ${maxDepth} nested includes` : `over the limit of ${maxFiles} files`
    miss(walk, { state: 'tooLarge', path, detail })
    return true
  }
  walk.files += 1
  const text = await walk.host.readText(path)
  if (text.state === 'absent') return false
  if (text.state !== 'present') {
    miss(walk, text)
    return true
  }
  const { statements, malformed } = parseSudoers(text.value)
  noteMalformedLines(walk.gaps, 'sudoRules', 'incomplete', path, malformed)
  for (const statement of statements) {
    if (statement.kind === 'include') await readIncluded(walk, path, statement, depth + 1)
    else walk.sources.push({ path, statement })
  }
  return true
}

async function readIncluded(walk: Walk, from: string, include: SudoInclude, depth: number): Promise<void> {
  const target = await includedPath(walk, from, include.path)
  if (target === undefined) return
  if (!include.directory) {
    await readFile(walk, target, depth)
    return
  }
  const entries = await walk.host.list(target)
  if (entries.state === 'absent') return
  if (entries.state !== 'present') {
    miss(walk, entries)
    return
  }
  for (const { name, kind } of entries.value) {
    if (name.includes('.') || name.endsWith('~')) continue
    const path = `${target}/${name}`
    if (kind === 'file' || (kind === 'symlink' && !(await isOtherKind(walk, path)))) await readFile(walk, path, depth)
  }
}

/** Whether a link leads to something that sudo passes over: a directory, a FIFO. */
async function isOtherKind(walk: Walk, path: string): Promise<boolean> {
  const stat = await walk.host.stat(path)
  return stat.state === 'present' && stat.value.kind !== 'file'
}

/** A relative path begins beside the including file; `%h` is the host's name up to its first dot. */
async function includedPath(walk: Walk, from: string, written: string): Promise<string | undefined> {
  const path = written.startsWith('/') ? written : `${from.slice(0, from.lastIndexOf('/'))}/${written}`
  if (!path.includes('%h')) return path
  const name = await walk.host.readText(walk.host.live ? '/proc/sys/kernel/hostname' : '/etc/hostname')
  if (name.state === 'present') return path.replaceAll('%h', name.value.trim().split('.', 1)[0] ?? '')
  miss(walk, { state: 'unavailable', path, detail: 'the name of the host is not known' })
  return undefined
}

type Missed = Parameters<Gaps['note']>[2]

function miss(walk: Walk, failure: Missed): void {
  walk.complete = false
  walk.gaps.note('sudoRules', 'incomplete', failure)
  walk.gaps.note('privilegedMembers', 'incomplete', failure)
  walk.gaps.note('sudo', 'omitted', failure)
}
