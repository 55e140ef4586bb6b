// Resolves what sshd does from its options, its files, its defaults and its own word, each value with its origin.
import type { Failure } from '../host/host.ts'
import { algorithmKeywords, resolveAlgorithms } from '../parse/sshd-algorithms.ts'
import { isAllowedInMatch, judgedKeywords } from '../parse/sshd-keywords.ts'
import { type Configuration, type Directive, isForAll } from './read-configuration.ts'

export interface Effective {
  readonly values: readonly string[]
  readonly source: 'option' | 'file' | 'program' | 'default'
  /** `/etc/ssh/sshd_config:12`, the file of the options, `sshd -T`, or the version whose default it is */
  readonly origin: string
}

/** Why a value is not known. */
export type Obstacle = Failure | { readonly state: 'malformed'; readonly path: string; readonly detail: string }

export interface EffectiveSettings {
  readonly settings: ReadonlyMap<string, Effective>
  readonly obstacles: ReadonlyMap<string, Obstacle>
}

export interface Sources {
  /** what stands on the command line goes before all files */
  readonly options: readonly Directive[]
  readonly configuration: Configuration
  readonly defaults: ReadonlyMap<string, readonly string[]>
  /** such as `default of 9.2p1` */
  readonly defaultOrigin: string
  /** why defaults are not known, where something could not be read */
  readonly defaultObstacle: Obstacle | undefined
  /** what `sshd -T` printed, undefined where it could not be asked */
  readonly program: ReadonlyMap<string, readonly string[]> | undefined
  /** before 8.7 two keywords, since then two names of one */
  readonly isChallengeResponseApart: boolean
}

const algorithmNames: ReadonlySet<string> = new Set(algorithmKeywords)

export function effectiveSettings(sources: Sources): EffectiveSettings {
  const settings = new Map<string, Effective>()
  const obstacles = new Map<string, Obstacle>()
  for (const name of judgedKeywords.keys()) {
    const written = resolve(name, sources)
    const found = withProgram(name, written, sources.program?.get(name))
    if ('state' in found) obstacles.set(name, found)
    else settings.set(name, found)
  }
  return { settings, obstacles }
}

/** What the program says is so; where it says the same as the files, they tell why. */
function withProgram(
  name: string,
  found: Effective | Obstacle,
  said: readonly string[] | undefined,
): Effective | Obstacle {
  if (!said) return found
  // It prints addresses as it resolved them, one for each port.
  const isTold = !('state' in found) && (found.source === 'option' || name === 'listenaddress')
  if (isTold || (!('state' in found) && isSame(found.values, said))) return found
  return { values: said, source: 'program', origin: 'sshd -T' }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

function resolve(name: string, sources: Sources): Effective | Obstacle {
  const { configuration, options } = sources
  const fromOptions = firstOf(name, options, sources)
  if (fromOptions) return finished(name, fromOptions, 'option', sources)
  const all = configuration.directives
  // Blocks are read again for each connection: one for everybody goes before what stands outside of blocks.
  const forAll = isAllowedInMatch(name) ? all.filter(({ criteria }) => criteria === 'all') : []
  const overall = all.filter(({ criteria }) => isForAll(criteria))
  const chosen = firstOf(name, forAll, sources) ?? firstOf(name, overall, sources)
  const unread = unreadBefore(configuration, name, chosen)
  if (unread) return unread
  if (chosen && contestedKeywords.has(name) && isContested(overall, name)) return contested(chosen.first)
  if (chosen) return finished(name, chosen, 'file', sources)
  const values = sources.defaults.get(name)
  if (values) return { values, source: 'default', origin: sources.defaultOrigin }
  if (sources.defaultObstacle) return sources.defaultObstacle
  const detail = `the default of this build is not known (${sources.defaultOrigin})`
  return { state: 'unavailable', path: 'sshd', detail }
}

/**
 * Until some version 9 the last line of MaxStartups won, since then the first one does as everywhere else. Of
 * PermitUserEnvironment a pattern goes before yes and no in a block for everybody.
 */
const contestedKeywords: ReadonlySet<string> = new Set(['maxstartups', 'permituserenvironment'])

function isContested(directives: readonly Directive[], name: string): boolean {
  return new Set(directives.filter(row => row.name === name).map(({ values }) => values?.join())).size > 1
}

function contested({ origin }: Directive): Obstacle {
  return { state: 'unavailable', path: origin, detail: 'which of several lines counts only sshd knows' }
}

interface Chosen {
  readonly first: Directive
  /** undefined when sshd refuses one of them */
  readonly values: readonly string[] | undefined
  readonly refused: Directive | undefined
}

/** The first directive of a name wins, except of those that add up. */
function firstOf(name: string, directives: readonly Directive[], sources: Sources): Chosen | undefined {
  const own = directives.filter(directive => directive.name === name)
  const ranked = sources.isChallengeResponseApart ? preferOwnName(own) : own
  const [first] = ranked
  if (!first) return undefined
  const counted = judgedKeywords.get(name)?.adds ? ranked : [first]
  // sshd refuses a bad value even where an earlier line has decided.
  const refused = own.find(({ values }) => values === undefined)
  return { first, refused, values: refused ? undefined : counted.flatMap(({ values }) => values ?? []) }
}

function preferOwnName(directives: readonly Directive[]): readonly Directive[] {
  const own = directives.filter(({ name, written }) => name === written)
  return own.length > 0 ? own : directives
}

function finished(name: string, chosen: Chosen, source: 'option' | 'file', sources: Sources): Effective | Obstacle {
  const { values, first, refused } = chosen
  if (!values) {
    const [, path = '', line = ''] = /^(.*):(\d+)$/.exec(refused?.origin ?? '') ?? []
    return { state: 'malformed', path: path || (refused?.origin ?? ''), detail: `line ${line || '1'}` }
  }
  const origin = first.origin
  if (!algorithmNames.has(name)) return { values, source, origin }
  const list = resolveAlgorithms(values[0] ?? '', sources.defaults.get(name))
  if (list) return { values: list, source, origin }
  return { state: 'unavailable', path: origin, detail: 'the list builds on names that only sshd knows' }
}

/** A file that could not be read might have set a name before the line that does, or added to it. */
function unreadBefore(
  { directives, failures }: Configuration,
  name: string,
  chosen: Chosen | undefined,
): Failure | undefined {
  const place = chosen ? directives.indexOf(chosen.first) : Number.POSITIVE_INFINITY
  const limit = judgedKeywords.get(name)?.adds ? Number.POSITIVE_INFINITY : place
  return failures.find(({ before, criteria }) => isForAll(criteria) && before <= limit)?.failure
}
