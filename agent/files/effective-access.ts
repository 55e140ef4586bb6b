// Who other than root can read or change a file, every directory and symbolic link on the way to it counted.
import type { FileStat } from '../host/host.ts'
import type { AccountNames } from './account-names.ts'
import type { PathChain, Step } from './path-chain.ts'

export interface EffectiveAccess {
  /** `everyone` alone, or `group NAME` and `user NAME` */
  readonly writers: readonly string[]
  readonly readers: readonly string[]
  /** the outermost path that lets a writer in, empty when there is none */
  readonly writableThrough: string
}

/** Somebody as the kernel sees them: a user with all groups, a member of one group only, or nobody in particular. */
interface Principal {
  readonly name: string
  readonly uid: number
  readonly gids: ReadonlySet<number>
}

const read = 4
const write = 2
const search = 1
const sticky = 0o1000

/**
 * Judged by permission bits and owners, as inode(7) and rename(2) have it: whoever may write a directory on the way
 * (and, where it is sticky, owns it or the entry) can put another file in place; an owner can always change the mode.
 * Access that needs membership in two groups at once is not found.
 */
export function effectiveAccess(chain: PathChain, names: AccountNames): EffectiveAccess {
  const writers = new Map<string, string>()
  const readers = new Set<string>()
  for (const principal of principals(chain, names)) {
    const { reaches, through } = follow(chain, principal)
    const owns = principal.uid === chain.stat.uid
    const may = (bits: number) => reaches && (owns || allowed(chain.stat, bits, principal))
    // A new entry in a directory needs the right to search it, too.
    const change = chain.stat.kind === 'directory' ? write | search : write
    if (may(read)) readers.add(principal.name)
    if (through !== '') writers.set(principal.name, through)
    else if (may(change)) writers.set(principal.name, chain.target)
  }
  const writableThrough = [...writers.values()].sort((a, b) => a.length - b.length)[0] ?? ''
  return { writers: namesOf([...writers.keys()]), readers: namesOf([...readers]), writableThrough }
}

const everyone = 'everyone'
const namesOf = (found: readonly string[]) => (found.includes(everyone) ? [everyone] : found)

interface Way {
  /** every directory on the way lets them search it */
  readonly reaches: boolean
  /** the first directory in which they can put something else in the place of what is there, empty for none */
  readonly through: string
}

function follow(chain: PathChain, principal: Principal): Way {
  let [reaches, through] = [true, '']
  for (const step of chain.steps) {
    if (step.first) reaches = true
    if (!reaches) continue
    if (through === '' && canReplace(step, principal)) through = step.directory
    reaches = principal.uid === step.stat.uid || allowed(step.stat, search, principal)
  }
  return { reaches, through }
}

function canReplace({ stat, entry }: Step, principal: Principal): boolean {
  if (principal.uid === stat.uid) return true
  if (!allowed(stat, write | search, principal)) return false
  return (stat.mode & sticky) === 0 || principal.uid === entry.uid
}

/** The first class that fits decides alone, even when a later one would allow more. */
function allowed({ mode, uid, gid }: FileStat, bits: number, principal: Principal): boolean {
  const shift = principal.uid === uid ? 6 : principal.gids.has(gid) ? 3 : 0
  return ((mode >> shift) & bits) === bits
}

function principals(chain: PathChain, names: AccountNames): readonly Principal[] {
  const stats = [...chain.steps.flatMap(step => [step.stat, step.entry]), chain.stat]
  const uids = new Set(stats.map(stat => stat.uid).filter(uid => uid !== 0))
  const gids = new Set(stats.map(stat => stat.gid).filter(gid => gid !== 0 || hasOthers(names)))
  return [
    { name: everyone, uid: -1, gids: new Set() },
    ...[...gids].map(gid => ({ name: `group ${names.groups.get(gid) ?? gid}`, uid: -1, gids: new Set([gid]) })),
    ...[...uids].map(uid => ({
      name: `user ${names.users.get(uid) ?? uid}`,
      uid,
      gids: names.gidsOf.get(uid) ?? new Set<number>(),
    })),
  ]
}

/** Group root means root alone, unless somebody else is in it. */
const hasOthers = (names: AccountNames) => [...names.gidsOf].some(([uid, gids]) => uid !== 0 && gids.has(0))
