// Parses one sudoers file (sudoers(5)): includes, Defaults, aliases and user specifications, without any argument.
import { sudoersLines } from './sudoers-lines.ts'
import { type SudoersScanner, SudoersSyntaxError, scanSudoers } from './sudoers-scanner.ts'

export interface SudoInclude {
  readonly kind: 'include'
  readonly line: number
  readonly directory: boolean
  /** as written; `%h` is the short host name, a relative path begins beside the including file */
  readonly path: string
}

export interface SudoSetting {
  readonly name: 'use_pty' | 'logfile' | 'timestamp_timeout' | 'authenticate' | 'runas_default'
  readonly negated: boolean
  /** empty for a flag */
  readonly value: string
}

export interface SudoDefaults {
  readonly kind: 'defaults'
  readonly line: number
  readonly scope: 'all' | 'users' | 'hosts' | 'commands' | 'runAs'
  /** whom they bind, `!` in front of the negated; empty for all */
  readonly names: readonly string[]
  /** only the settings that a facet has */
  readonly settings: readonly SudoSetting[]
}

export interface SudoAlias {
  readonly kind: 'alias'
  readonly line: number
  readonly type: 'user' | 'host' | 'runAs' | 'command'
  readonly name: string
  /** `!` in front of the negated */
  readonly members: readonly string[]
}

export interface SudoGrant {
  readonly hosts: readonly string[]
  /** `user,user:group`, empty when left out, `()` for the invoking user */
  readonly runAs: string
  readonly nopasswd: boolean
  /** path, ALL, sudoedit, list or an alias; `!` in front when negated; neither digest nor arguments */
  readonly command: string
}

export interface SudoRule {
  readonly kind: 'rule'
  readonly line: number
  /** users, %groups, #uids, +netgroups or aliases, `!` in front of the negated */
  readonly who: readonly string[]
  readonly grants: readonly SudoGrant[]
}

export type SudoStatement = SudoInclude | SudoDefaults | SudoAlias | SudoRule

export interface SudoersFile {
  readonly statements: readonly SudoStatement[]
  /** numbers of the lines that sudo would refuse, from 1 */
  readonly malformed: readonly number[]
}

export function parseSudoers(text: string): SudoersFile {
  const statements: SudoStatement[] = []
  const malformed: number[] = []
  for (const { line, text: content } of sudoersLines(text)) {
    try {
      statements.push(...statementsOf(line, content))
    } catch (error) {
      if (!(error instanceof SudoersSyntaxError)) throw error
      malformed.push(line)
    }
  }
  return { statements, malformed }
}

const aliasTypes = { User: 'user', Host: 'host', Runas: 'runAs', Cmnd: 'command', Cmd: 'command' } as const

function statementsOf(line: number, text: string): readonly SudoStatement[] {
  const scanner = scanSudoers(text)
  const include = scanner.match(/[@#]include(?:dir)?(?=[ \t])/y)
  if (include !== undefined) {
    const path = scanner.word('')
    if (!scanner.atEnd()) throw new SudoersSyntaxError('an include has one path')
    return [{ kind: 'include', line, directory: include.endsWith('dir'), path }]
  }
  if (scanner.match(/Defaults(?=[ \t:@>!]|$)/y) !== undefined) return [defaults(line, text, scanner)]
  const type = scanner.match(/(User|Host|Runas|Cmnd|Cmd)_Alias(?=[ \t])/y)
  if (type !== undefined) return aliases(line, aliasTypes[type as keyof typeof aliasTypes], scanner)
  return [rule(line, scanner)]
}

const scopes = { ':': 'users', '@': 'hosts', '!': 'commands', '>': 'runAs' } as const

/** Only a mark right behind the word binds: `Defaults !x` negates a setting of everybody. */
function defaults(line: number, text: string, scanner: SudoersScanner): SudoDefaults {
  const mark = text.charAt('Defaults'.length)
  const scope = mark in scopes ? scopes[mark as keyof typeof scopes] : 'all'
  if (scope !== 'all') scanner.expect(mark)
  const names = scope === 'all' ? [] : scope === 'commands' ? list(scanner, commandName) : list(scanner, name)
  const settings: SudoSetting[] = []
  do {
    const negated = negations(scanner)
    const setting = scanner.match(/[A-Za-z_][A-Za-z0-9_]*/y)
    if (setting === undefined) throw new SudoersSyntaxError('expected a setting')
    const assigned = scanner.match(/[+-]?=/y) !== undefined
    const value = assigned ? scanner.word(',') : ''
    if (isKept(setting)) settings.push({ name: setting, negated, value })
  } while (scanner.take(','))
  end(scanner)
  return { kind: 'defaults', line, scope, names, settings }
}

const kept: readonly string[] = ['use_pty', 'logfile', 'timestamp_timeout', 'authenticate', 'runas_default']
const isKept = (setting: string): setting is SudoSetting['name'] => kept.includes(setting)

function aliases(line: number, type: SudoAlias['type'], scanner: SudoersScanner): readonly SudoAlias[] {
  const found: SudoAlias[] = []
  do {
    const alias = scanner.match(/[A-Z][A-Z0-9_]*/y)
    if (alias === undefined || alias === 'ALL') throw new SudoersSyntaxError('expected the name of an alias')
    scanner.expect('=')
    const members = list(scanner, type === 'command' ? command : type === 'host' ? hostName : name)
    found.push({ kind: 'alias', line, type, name: alias, members })
  } while (scanner.take(':'))
  end(scanner)
  return found
}

function rule(line: number, scanner: SudoersScanner): SudoRule {
  const who = list(scanner, name)
  const grants: SudoGrant[] = []
  do {
    const hosts = list(scanner, hostName)
    scanner.expect('=')
    addGrants(scanner, hosts, grants)
  } while (scanner.take(':'))
  end(scanner)
  return { kind: 'rule', line, who, grants }
}

const option = /(?:ROLE|TYPE|PRIVS|LIMITPRIVS|APPARMOR_PROFILE|TIMEOUT|CWD|CHROOT|NOTBEFORE|NOTAFTER)[ \t]*=/y
const tag = /((?:NO)?(?:EXEC|FOLLOW|INTERCEPT|LOG_INPUT|LOG_OUTPUT|MAIL|PASSWD|SETENV))[ \t]*:/y

/** Run-as part and tags hold for the commands after them, too, up to the next host list. */
function addGrants(scanner: SudoersScanner, hosts: readonly string[], grants: SudoGrant[]): void {
  let runAs = ''
  let nopasswd = false
  do {
    if (scanner.take('(')) runAs = runAsPart(scanner)
    while (scanner.match(option) !== undefined) scanner.word(',')
    for (let found = scanner.match(tag); found !== undefined; found = scanner.match(tag)) {
      if (found.endsWith('PASSWD')) nopasswd = found === 'NOPASSWD'
    }
    grants.push({ hosts, runAs, nopasswd, command: command(scanner) })
  } while (scanner.take(','))
}

/** What stands between parentheses, without blanks. */
function runAsPart(scanner: SudoersScanner): string {
  if (scanner.take(')')) return '()'
  const users = scanner.take(':') ? undefined : list(scanner, name).join(',')
  const hasGroups = users === undefined || scanner.take(':')
  const isEmpty = hasGroups && scanner.take(')')
  if (isEmpty) return users ?? '()'
  const groups = hasGroups ? `:${list(scanner, name).join(',')}` : ''
  scanner.expect(')')
  return `${users ?? ''}${groups}`
}

function list(scanner: SudoersScanner, item: (scanner: SudoersScanner) => string): readonly string[] {
  const items: string[] = []
  do items.push(item(scanner))
  while (scanner.take(','))
  return items
}

/** User, group, uid, netgroup, run-as name or alias. */
function name(scanner: SudoersScanner): string {
  const negated = negations(scanner)
  const nonUnix = scanner.match(/%:/y) ?? ''
  const word = nonUnix + scanner.word(',:=()!>"')
  if (/^(?:%|%:|\+|#|%#|%:#)$/.test(word)) throw new SudoersSyntaxError('expected a name behind the mark')
  return negated ? `!${word}` : word
}

/** IPv6 addresses hold the mark that divides host lists, and are taken first. */
function hostName(scanner: SudoersScanner): string {
  const negated = negations(scanner)
  const address = scanner.match(/[0-9A-Fa-f]{0,4}:[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]*(?:\/[0-9]{1,3})?/y)
  const word = address ?? scanner.word(',:=()!>"')
  return negated ? `!${word}` : word
}

const digest = /sha(?:224|256|384|512)[ \t]*:[ \t]*[A-Za-z0-9+/=]+/y
/** A regular expression ends at `$` before a blank, a mark or the end. */
const expression = /\^(?:[^$\\]|\\.|\$(?![ \t,:]|$)){0,1024}\$(?=[ \t,:]|$)/y

/** One command without its digests and arguments. A number sign in the arguments would be an id, which cannot be there. */
function command(scanner: SudoersScanner): string {
  const word = commandName(scanner)
  if (/\/|\^|^!?sudoedit$/.test(word) && !scanner.atEnd()) {
    scanner.match(expression)
    scanner.skip(',:#')
  }
  return word
}

function commandName(scanner: SudoersScanner): string {
  const negated = negations(scanner) ? '!' : ''
  while (scanner.match(digest) !== undefined) scanner.take(',')
  const pattern = scanner.match(expression)
  if (pattern !== undefined) return negated + pattern
  if (scanner.match(/(?=")/y) !== undefined) throw new SudoersSyntaxError('a path cannot be quoted')
  const word = scanner.word(',:=')
  if (!/^(?:\/|[A-Z][A-Z0-9_]*$|sudoedit$|list$)/.test(word)) throw new SudoersSyntaxError('expected a path')
  return negated + word
}

/** @returns whether an odd number of `!` stands here */
function negations(scanner: SudoersScanner): boolean {
  let negated = false
  while (scanner.take('!')) negated = !negated
  return negated
}

function end(scanner: SudoersScanner): void {
  if (!scanner.atEnd()) throw new SudoersSyntaxError('expected the end of the line')
}
