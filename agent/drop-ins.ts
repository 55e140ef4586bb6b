// Reads drop-in directories where a file hides those of the same name in later directories.
import type { DirectoryEntry, Failure, Host } from './host/host.ts'

export interface DropIns {
  /** in the order in which programs read them: by file name, whatever the directory */
  readonly files: readonly { readonly path: string; readonly text: string }[]
  /** files that one of the same name in an earlier directory hides */
  readonly hidden: readonly string[]
  /** directories and files that could not be used; what is absent is none of them */
  readonly failures: readonly Failure[]
}

interface Candidate {
  readonly name: string
  readonly path: string
  readonly entry: DirectoryEntry
}

const maxFiles = 2000

/**
 * @param directories by precedence; one that is a link to another (`/lib` to `/usr/lib`) is read once
 * @param isConfiguration tells by its name whether the program reads a file
 */
export async function readDropIns(
  host: Host,
  directories: readonly string[],
  isConfiguration: (name: string) => boolean,
): Promise<DropIns> {
  const failures: Failure[] = []
  const chosen = new Map<string, Candidate>()
  const hidden: string[] = []
  for (const candidate of await candidates(host, directories, failures)) {
    if (!isConfiguration(candidate.name)) continue
    if (chosen.has(candidate.name)) hidden.push(candidate.path)
    else chosen.set(candidate.name, candidate)
  }
  const sorted = [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  if (sorted.length > maxFiles) failures.push(tooMany(directories))
  const files: { path: string; text: string }[] = []
  for (const candidate of sorted.slice(0, maxFiles)) {
    const text = await readCandidate(host, candidate, failures)
    if (text !== undefined) files.push({ path: candidate.path, text })
  }
  return { files, hidden, failures }
}

async function candidates(
  host: Host,
  directories: readonly string[],
  failures: Failure[],
): Promise<readonly Candidate[]> {
  const seen = new Set<string>()
  const found: Candidate[] = []
  for (const directory of directories) {
    const real = await host.realPath(directory)
    if (real.state === 'present' && seen.has(real.value)) continue
    if (real.state === 'present') seen.add(real.value)
    const entries = await host.list(directory)
    if (entries.state === 'present') {
      for (const entry of entries.value) {
        if (entry.kind !== 'directory') found.push({ name: entry.name, path: `${directory}/${entry.name}`, entry })
      }
    } else if (entries.state !== 'absent') failures.push(entries)
  }
  return found
}

/** A link to /dev/null, or to nothing, is an empty file: that is how a shipped file is switched off. */
async function readCandidate(host: Host, candidate: Candidate, failures: Failure[]): Promise<string | undefined> {
  if (candidate.entry.kind === 'symlink') {
    const target = await host.readLink(candidate.path)
    if (target.state === 'present' && target.value === '/dev/null') return ''
  }
  const text = await host.readText(candidate.path)
  if (text.state === 'present') return text.value
  if (text.state !== 'absent' && !(text.state === 'notRegular' && text.detail === 'directory')) failures.push(text)
  return undefined
}

function tooMany(directories: readonly string[]): Failure {
  return { state: 'tooLarge', path: directories[0] ?? '', detail: `over the limit of ${maxFiles} files` }
}
