// Looks at home directories: what they are, whose, how open, and which kinds of keys let somebody in.

import type { Failure, Host } from '../host/host.ts'
import { octalMode } from '../octal-mode.ts'
import { parseAuthorizedKeys } from '../parse/authorized-keys.ts'
import type { Gaps } from '../probe.ts'

export interface HomeDirectory {
  readonly homeState?: 'present' | 'absent' | 'notDirectory'
  readonly homeMode?: string
  readonly homeUid?: number
  readonly authorizedKeys?: { readonly type: string; readonly keys: number }[]
}

/** More homes than this are not looked at: three reads each, on disks that may be slow. */
const maxHomes = 1_000
/** Gaps say by path what could not be read, up to this many per field. */
const maxNamed = 20

const homeFields = ['homeState', 'homeMode', 'homeUid', 'authorizedKeys'] as const
type HomeField = (typeof homeFields)[number]

/**
 * @param homes paths by importance; the first are looked at
 * @returns by path; what could not be read is left out and noted
 */
export async function readHomeDirectories(
  host: Host,
  gaps: Gaps,
  homes: Iterable<string>,
): Promise<ReadonlyMap<string, HomeDirectory>> {
  const found = new Map<string, HomeDirectory>()
  const note = boundedNotes(gaps)
  for (const home of new Set(homes)) {
    if (found.size === maxHomes) {
      const detail = `over the limit of ${maxHomes} home directories`
      for (const field of homeFields) note(field, { state: 'tooLarge', path: '/etc/passwd', detail })
      break
    }
    found.set(home, await readHome(host, home, note))
  }
  return found
}

type Note = (field: HomeField, failure: Failure) => void

async function readHome(host: Host, home: string, note: Note): Promise<HomeDirectory> {
  const missing = { homeState: 'absent', homeMode: '', homeUid: -1, authorizedKeys: [] } as const
  if (!home.startsWith('/')) return { ...missing, authorizedKeys: [] }
  const stat = await host.stat(home)
  if (stat.state === 'absent') return { ...missing, authorizedKeys: [] }
  if (stat.state !== 'present') {
    for (const field of homeFields) note(field, stat)
    return {}
  }
  if (stat.value.kind !== 'directory') return { ...missing, homeState: 'notDirectory', authorizedKeys: [] }
  const authorizedKeys = await readAuthorizedKeys(host, home, note)
  return {
    homeState: 'present',
    homeMode: octalMode(stat.value.mode),
    homeUid: stat.value.uid,
    ...(authorizedKeys && { authorizedKeys }),
  }
}

async function readAuthorizedKeys(host: Host, home: string, note: Note): Promise<HomeDirectory['authorizedKeys']> {
  const counts = new Map<string, number>()
  for (const name of ['authorized_keys', 'authorized_keys2']) {
    const text = await host.readText(`${home}/.ssh/${name}`)
    if (text.state === 'absent') continue
    if (text.state !== 'present') {
      note('authorizedKeys', text)
      return undefined
    }
    for (const [type, keys] of parseAuthorizedKeys(text.value)) counts.set(type, (counts.get(type) ?? 0) + keys)
  }
  return [...counts].map(([type, keys]) => ({ type, keys }))
}

function boundedNotes(gaps: Gaps): Note {
  const named = new Map<HomeField, number>()
  return (field, failure) => {
    const count = (named.get(field) ?? 0) + 1
    named.set(field, count)
    const path = count <= maxNamed ? failure.path : '/etc/passwd'
    const detail = count <= maxNamed ? failure.detail : 'more home directories could not be looked at'
    gaps.note(`users.${field}`, 'omitted', { ...failure, path, detail })
  }
}
