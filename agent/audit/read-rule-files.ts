// Reads the audit rules that a boot loads, in the order in which augenrules and auditctl take them.
import { readDropIns } from '../drop-ins.ts'
import type { Failure, Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { type AuditRule, parseAuditRules } from '../parse/audit-rules.ts'
import { listDirective, parseSystemdUnit } from '../parse/systemd-unit.ts'
import type { Gaps } from '../probe.ts'
import { readUnitLinks } from '../unit-links.ts'

export const rulesDirectory = '/etc/audit/rules.d'
export const rulesFile = '/etc/audit/audit.rules'

export interface ConfiguredRule {
  readonly rule: AuditRule
  readonly path: string
  readonly line: number
}

export interface ConfiguredRules {
  readonly source: 'augenrules' | 'audit.rules' | 'none'
  readonly rulesFileCurrent: boolean
  readonly rules: readonly ConfiguredRule[]
  readonly settings: RuleSettings
  /** files that were read */
  readonly paths: readonly string[]
}

export interface RuleSettings {
  readonly immutable: boolean
  readonly failure: number
  readonly backlogLimit: number
  readonly loginuidImmutable: boolean
}

interface SourceLine {
  readonly path: string
  readonly line: number
  readonly text: string
}

const maxLines = 20_000

/** Undefined, with gaps, when a file that may hold rules cannot be read. */
export async function readRuleFiles(host: Host, gaps: Gaps): Promise<ConfiguredRules | undefined> {
  const failures: Failure[] = []
  const directory = await readDirectory(host, failures)
  const file = await host.readText(rulesFile)
  if (file.state !== 'present' && file.state !== 'absent') failures.push(file)
  const direct = file.state === 'present' ? sourceLines(rulesFile, file.value) : []
  const merged = mergedLines(directory.lines)
  const usesDirectory = directory.paths.length > 0 && (await runsAugenrules(host, failures))
  const lines = usesDirectory ? merged : direct
  if (lines.length > maxLines) {
    failures.push({ state: 'tooLarge', path: rulesDirectory, detail: `over the limit of ${maxLines} lines` })
  }
  for (const failure of failures) {
    for (const field of ['source', 'rulesFileCurrent', 'settings', 'rules.configured'])
      gaps.note(field, 'omitted', failure)
    for (const field of ['coverage.configured', 'coverage.missing']) gaps.note(field, 'omitted', failure)
    for (const field of ['rules', 'files']) gaps.note(field, 'incomplete', failure)
  }
  if (failures.length > 0) return undefined
  return {
    source: usesDirectory ? 'augenrules' : file.state === 'present' ? 'audit.rules' : 'none',
    rulesFileCurrent: !usesDirectory || isSameText(merged, direct),
    paths: [...directory.paths, ...(file.state === 'present' ? [rulesFile] : [])],
    ...loadLines(lines, gaps),
  }
}

/** As `ls -v | grep '\.rules$'` sorts them. */
async function readDirectory(host: Host, failures: Failure[]) {
  const read = await readDropIns(host, [rulesDirectory], name => name.endsWith('.rules') && !name.startsWith('.'))
  failures.push(...read.failures)
  const files = [...read.files].sort((a, b) => compareVersions(a.path, b.path))
  return { paths: files.map(({ path }) => path), lines: concatenated(files) }
}

/** Runs of digits compare as numbers, everything else as text. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.match(/\d+|\D+/g) ?? [], b.match(/\d+|\D+/g) ?? []]
  for (const [at, part] of left.entries()) {
    const other = right[at]
    if (other === undefined) return 1
    if (part === other) continue
    const numbers = /^\d/.test(part) && /^\d/.test(other)
    if (numbers && BigInt(part) !== BigInt(other)) return BigInt(part) < BigInt(other) ? -1 : 1
    return part < other ? -1 : 1
  }
  return left.length - right.length
}

/** augenrules joins files with cat: one that does not end its last line swallows the first of the next. */
function concatenated(files: readonly { readonly path: string; readonly text: string }[]): readonly SourceLine[] {
  const lines: SourceLine[] = []
  let open = false
  for (const { path, text } of files) {
    for (const line of sourceLines(path, text)) {
      const last = open && line.line === 1 ? lines.pop() : undefined
      lines.push(last ? { ...last, text: last.text + line.text } : line)
    }
    open = text === '' ? open : !text.endsWith('\n')
  }
  return lines
}

function sourceLines(path: string, text: string): readonly SourceLine[] {
  if (text === '') return []
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((one, index) => ({ path, line: index + 1, text: one }))
}

/** What augenrules writes: the last -D, -b and -f first, the last -e last, comments and empty lines left out. */
function mergedLines(lines: readonly SourceLine[]): readonly SourceLine[] {
  const special = new Map<string, SourceLine>()
  const rest: SourceLine[] = []
  for (const line of lines) {
    if (line.text === '' || /^\s*#/.test(line.text)) continue
    const option = /^\s*(-e|-f|-b)/.exec(line.text)?.[1] ?? (/^\s*-D\s*$/.test(line.text) ? '-D' : undefined)
    if (option === undefined) rest.push(line)
    else special.set(option, line)
  }
  const [deletion, backlog, failure, end] = ['-D', '-b', '-f', '-e'].map(option => special.get(option))
  return [deletion, backlog, failure, ...rest, end].filter(line => line !== undefined)
}

/** The units of auditd say how rules get loaded; without one of them augenrules is taken for granted. */
async function runsAugenrules(host: Host, failures: Failure[]): Promise<boolean> {
  const links = await readUnitLinks(host)
  for (const unit of ['audit-rules.service', 'auditd.service']) {
    const file = await links.fileOf(unit)
    const text = file && !file.masked ? await host.readText(file.path) : undefined
    if (text && text.state !== 'present' && text.state !== 'absent') failures.push(text)
    const parsed = parseSystemdUnit(text?.state === 'present' ? text.value : '')
    const commands = ['ExecStart', 'ExecStartPost'].flatMap(key => listDirective([parsed], 'Service', key))
    if (commands.some(command => command.includes('augenrules'))) return true
    if (commands.some(command => /auditctl\b.*\s-R\b/.test(command))) return false
  }
  return true
}

function isSameText(made: readonly SourceLine[], file: readonly SourceLine[]): boolean {
  const bare = (lines: readonly SourceLine[]) =>
    lines.map(({ text }) => text.trim()).filter(text => !/^(#|$)/.test(text))
  return bare(made).join('\n') === bare(file).join('\n')
}

/** A line that auditctl refuses ends the loading, unless -c or -i came before. */
function loadLines(lines: readonly SourceLine[], gaps: Gaps) {
  let rules: ConfiguredRule[] = []
  const settings = { immutable: false, failure: -1, backlogLimit: -1, loginuidImmutable: false }
  let goesOn = false
  for (const { path, line, text } of lines) {
    const [parsed] = parseAuditRules(text)
    if (!parsed) continue
    if (parsed.kind === 'malformed') {
      for (const field of ['rules', 'coverage']) noteMalformedLines(gaps, field, 'incomplete', path, [line])
      if (!goesOn) break
    } else if (parsed.kind === 'goOn') goesOn = true
    else if (parsed.kind === 'control') applyControl(settings, parsed.option, parsed.value)
    else if (parsed.kind === 'deleteAll') rules = rules.filter(({ rule }) => !isDeleted(rule, parsed.key))
    else if (parsed.kind === 'delete') rules = rules.filter(({ rule }) => !isSameRule(rule, parsed.rule))
    else if (parsed.rule.first) rules.unshift({ rule: parsed.rule, path, line })
    else rules.push({ rule: parsed.rule, path, line })
  }
  return { rules, settings: settings as RuleSettings }
}

const isDeleted = (rule: AuditRule, key: string) => key === '' || rule.keys.includes(key)
const isSameRule = (a: AuditRule, b: AuditRule) =>
  JSON.stringify({ ...a, first: false }) === JSON.stringify({ ...b, first: false })

function applyControl(
  settings: { -readonly [Name in keyof RuleSettings]: RuleSettings[Name] },
  option: string,
  value: string,
) {
  if (option === '-e') settings.immutable = value === '2'
  if (option === '-f') settings.failure = Number(value)
  if (option === '-b') settings.backlogLimit = Number(value)
  if (option === '--loginuid-immutable') settings.loginuidImmutable = true
}
