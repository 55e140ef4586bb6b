// Turns the statements of sudoers files into settings and rules with their aliases resolved.
import type { SudoAlias, SudoDefaults, SudoGrant, SudoRule, SudoStatement } from './sudoers.ts'

export interface SudoSource {
  /** file that the statement stands in */
  readonly path: string
  readonly statement: SudoStatement
}

export interface SudoSettings {
  readonly usePty: boolean
  readonly logfile: string
  readonly timestampMinutes: number
  readonly authenticate: boolean
}

export interface SudoRow {
  readonly path: string
  readonly position: number
  readonly who: string
  readonly hosts: readonly string[]
  readonly runAs: string
  readonly commands: readonly string[]
  readonly nopasswd: boolean
  readonly all: boolean
}

export interface SudoPolicy {
  readonly settings: SudoSettings
  readonly rows: readonly SudoRow[]
  /** groups that may run everything as root somewhere: `name`, or `#gid` */
  readonly rootGroups: ReadonlySet<string>
  /** rules were left out because there are too many */
  readonly truncated: boolean
}

/** Far above what people write, far below what would burden anybody. */
const maxRows = 5_000
const maxCommands = 50_000

/**
 * @param sources statements in the order in which sudo reads them
 *
 * One row per user of a rule and per group of commands with the same hosts, run-as part and NOPASSWD; users that a rule
 * excludes stand behind its user: `ALL, !dave`.
 */
export function readSudoPolicy(sources: readonly SudoSource[]): SudoPolicy {
  const statements = sources.map(({ statement }) => statement)
  const aliases = collectAliases(statements)
  const defaults = statements.filter(statement => statement.kind === 'defaults')
  const defaultRunAs = lastValue(defaults, 'runas_default') || 'root'
  const withoutPassword = passwordless(defaults, aliases)
  const settings = readSettings(defaults)
  const rootGroups = groupsThatBecomeRoot(statements, aliases, defaultRunAs)
  const positions = new Map<string, number>()
  const rows: SudoRow[] = []
  let commands = 0
  for (const { path, statement } of sources) {
    if (statement.kind !== 'rule') continue
    for (const parts of grantGroups(statement, aliases)) {
      for (const who of whoRows(statement)) {
        commands += parts.commands.length
        if (rows.length === maxRows || commands > maxCommands) {
          return { settings, rows, rootGroups, truncated: true }
        }
        const position = (positions.get(path) ?? 0) + 1
        positions.set(path, position)
        const nopasswd = parts.nopasswd || withoutPassword(who)
        rows.push({ path, position, who, ...parts, runAs: parts.runAs || defaultRunAs, nopasswd })
      }
    }
  }
  return { settings, rows, rootGroups, truncated: false }
}

function whoRows({ who }: SudoRule): readonly string[] {
  const excluded = who.filter(name => name.startsWith('!'))
  const included = who.filter(name => !name.startsWith('!'))
  if (included.length === 0) return [excluded.join(', ')]
  return included.map(name => [name, ...excluded].join(', '))
}

type GrantGroup = Pick<SudoRow, 'hosts' | 'runAs' | 'nopasswd' | 'commands' | 'all'>

function grantGroups({ grants }: SudoRule, aliases: Aliases): readonly GrantGroup[] {
  const groups = new Map<string, SudoGrant[]>()
  for (const grant of grants) {
    const key = JSON.stringify([grant.hosts, grant.runAs, grant.nopasswd])
    const group = groups.get(key)
    if (group) group.push(grant)
    else groups.set(key, [grant])
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group
    if (!first) return []
    const commands = resolve(
      group.map(({ command }) => command),
      aliases.command,
    )
    const hosts = resolve(first.hosts, aliases.host)
    return [{ hosts, runAs: first.runAs, nopasswd: first.nopasswd, commands, all: commands.includes('ALL') }]
  })
}

function groupsThatBecomeRoot(
  statements: readonly SudoStatement[],
  aliases: Aliases,
  defaultRunAs: string,
): ReadonlySet<string> {
  const groups = new Set<string>()
  for (const statement of statements) {
    if (statement.kind !== 'rule') continue
    const powerful = grantGroups(statement, aliases).some(
      ({ all, runAs }) => all && includesRoot(runAs || defaultRunAs, aliases),
    )
    if (!powerful) continue
    for (const who of resolve(statement.who, aliases.user)) {
      if (who.startsWith('%') && !who.startsWith('%:')) groups.add(who.slice(1))
    }
  }
  return groups
}

/**
 * Of the names that mean root the last one decides, and an alias means what its members do.
 * @param runAs `user,user:group`; without users the command runs as the invoking user
 */
function includesRoot(runAs: string, aliases: Aliases): boolean {
  const waiting = (runAs.split(':', 1)[0] ?? '').split(',')
  const seen = new Set<string>()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const negated = name.startsWith('!')
    const plain = negated ? name.slice(1) : name
    const members = aliases.runAs.get(plain)
    if (!members) {
      if (plain === 'ALL' || plain === 'root' || plain === '#0') return !negated
    } else if (!seen.has(plain)) {
      // Seen before and still undecided: it says nothing of root, or leads to itself.
      seen.add(plain)
      for (const member of members) waiting.push(negated ? negate(member) : member)
    }
  }
  return false
}

type Aliases = Readonly<Record<SudoAlias['type'], ReadonlyMap<string, readonly string[]>>>

function collectAliases(statements: readonly SudoStatement[]): Aliases {
  const maps = { user: new Map(), host: new Map(), runAs: new Map(), command: new Map() }
  for (const statement of statements) {
    if (statement.kind === 'alias') maps[statement.type].set(statement.name, statement.members)
  }
  return maps
}

/** Members of aliases in place of their names, each once; `!` in front of an alias negates its members. */
function resolve(names: readonly string[], aliases: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set<string>()
  const seen = new Set<string>()
  const waiting = [...names].reverse()
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const negated = name.startsWith('!')
    const members = aliases.get(negated ? name.slice(1) : name)
    if (!members) found.add(name)
    else if (!seen.has(name)) {
      seen.add(name)
      waiting.push(...members.map(member => (negated ? negate(member) : member)).reverse())
    }
  }
  return [...found]
}

const negate = (name: string) => (name.startsWith('!') ? name.slice(1) : `!${name}`)

/** Whom `Defaults:user !authenticate` frees from the password, by the very name that a rule uses. */
function passwordless(defaults: readonly SudoDefaults[], aliases: Aliases): (who: string) => boolean {
  const free = new Map<string, boolean>()
  for (const { scope, names, settings } of defaults) {
    const setting = settings.findLast(({ name }) => name === 'authenticate')
    if (scope !== 'users' || !setting) continue
    for (const name of [...names, ...resolve(names, aliases.user)]) free.set(name, setting.negated)
  }
  return who => free.get(who.split(', ', 1)[0] ?? '') ?? free.get('ALL') ?? false
}

function readSettings(defaults: readonly SudoDefaults[]): SudoSettings {
  return {
    usePty: lastFlag(defaults, 'use_pty', false),
    logfile: lastValue(defaults, 'logfile'),
    timestampMinutes: timestampMinutes(defaults),
    authenticate: lastFlag(defaults, 'authenticate', true),
  }
}

type Setting = SudoDefaults['settings'][number]

function lastOf(defaults: readonly SudoDefaults[], name: Setting['name']): Setting | undefined {
  return defaults
    .filter(({ scope }) => scope === 'all')
    .flatMap(({ settings }) => settings)
    .findLast(setting => setting.name === name)
}

function lastFlag(defaults: readonly SudoDefaults[], name: Setting['name'], unset: boolean): boolean {
  const setting = lastOf(defaults, name)
  return setting ? !setting.negated : unset
}

const lastValue = (defaults: readonly SudoDefaults[], name: Setting['name']) => lastOf(defaults, name)?.value ?? ''

/** Minutes may have a fraction and are rounded up; a negative number means for ever, `!timestamp_timeout` never. */
function timestampMinutes(defaults: readonly SudoDefaults[]): number {
  const setting = lastOf(defaults, 'timestamp_timeout')
  if (!setting) return 15
  if (setting.negated) return 0
  const minutes = /^-?[0-9]{1,9}(?:\.[0-9]{0,9})?$/.test(setting.value) ? Number(setting.value) : 15
  return minutes < 0 ? -1 : Math.ceil(minutes)
}
