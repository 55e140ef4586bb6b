// Tells which user and group numbers belong to somebody, so that the rest can be called unowned.
import type { HostFiles } from '../host/host-files.ts'
import { readAccountNames } from './account-names.ts'

export interface KnownOwners {
  readonly isKnownUid: (uid: number) => boolean
  readonly isKnownGid: (gid: number) => boolean
  /** why nobody can say who exists, empty when it can be told */
  readonly unknown: string
}

type Range = readonly [first: number, last: number]

/** Users that systemd makes while they are needed, and those of homed and of containers, systemd(8) UIDS-GIDS. */
const systemdRanges: readonly Range[] = [
  [60_001, 60_513],
  [61_184, 65_519],
]
/** Sources of nsswitch.conf that are files of the host, or name nobody who owns files. */
const localSources: ReadonlySet<string> = new Set(['files', 'compat', 'systemd', 'altfiles', 'db', 'extrausers'])

export async function readKnownOwners(host: HostFiles): Promise<KnownOwners> {
  const names = await readAccountNames(host)
  if ('state' in names) return allKnown(`${names.path}: ${names.detail}`)
  const remote = remoteSource(await textOf(host, '/etc/nsswitch.conf'))
  if (remote !== '') return allKnown(`/etc/nsswitch.conf: users also come from ${remote}`)
  const extra = `${await textOf(host, '/var/lib/extrausers/passwd')}\n${await textOf(host, '/usr/lib/passwd')}`
  const extraGroups = `${await textOf(host, '/var/lib/extrausers/group')}\n${await textOf(host, '/usr/lib/group')}`
  const uids = known(names.users.keys(), extra, await textOf(host, '/etc/subuid'))
  const gids = known(names.groups.keys(), extraGroups, await textOf(host, '/etc/subgid'))
  return { isKnownUid: uids, isKnownGid: gids, unknown: '' }
}

/** Without knowledge nobody is called a stranger. */
const allKnown = (unknown: string): KnownOwners => ({ isKnownUid: () => true, isKnownGid: () => true, unknown })

function known(ids: Iterable<number>, extra: string, subordinate: string): (id: number) => boolean {
  const set = new Set([0, ...ids, ...thirdFields(extra)])
  const ranges = [...systemdRanges, ...subordinateRanges(subordinate)]
  return id => set.has(id) || ranges.some(([first, last]) => id >= first && id <= last)
}

const thirdFields = (text: string) =>
  text.split('\n').flatMap(line => {
    const id = line.split(':')[2] ?? ''
    return /^\d{1,10}$/.test(id) ? [Number(id)] : []
  })

/** `user:first:count`, subuid(5): what is in the user's containers belongs to that user. */
function subordinateRanges(text: string): readonly Range[] {
  return text.split('\n').flatMap(line => {
    const [, first = '', count = ''] = line.split(':')
    if (!/^\d{1,10}$/.test(first) || !/^\d{1,10}$/.test(count)) return []
    return [[Number(first), Number(first) + Number(count) - 1] as const]
  })
}

function remoteSource(nsswitch: string): string {
  for (const line of nsswitch.split('\n')) {
    const [, sources] = /^\s*(?:passwd|group)\s*:([^#]*)/.exec(line) ?? []
    const words = (sources ?? '').replace(/\[[^\]]*\]/g, ' ').split(/\s+/)
    const other = words.find(word => word !== '' && !localSources.has(word))
    if (other !== undefined) return /^[a-z0-9_]{1,20}$/.test(other) ? other : 'another source'
  }
  return ''
}

async function textOf(host: HostFiles, path: string): Promise<string> {
  const text = await host.readText(path)
  return text.state === 'present' ? text.value : ''
}
