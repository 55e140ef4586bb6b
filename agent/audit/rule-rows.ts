// Puts the rules of the files and those of the kernel together, each once.
import type { AuditRuleRow } from '../../proto/facets/audit.ts'
import type { Host } from '../host/host.ts'
import { type AccountIds, auditRuleText } from '../parse/audit-rule-text.ts'
import type { AuditRule } from '../parse/audit-rules.ts'
import { parseGroup } from '../parse/etc-group.ts'
import { parsePasswd } from '../parse/etc-passwd.ts'
import type { Gaps } from '../probe.ts'
import type { ConfiguredRule } from './read-rule-files.ts'

const maxRows = 4000
const maxTextLength = 2000

/** @param configured @param loaded undefined where they are not known, for which gaps are noted elsewhere */
export async function ruleRows(
  host: Host,
  configured: readonly ConfiguredRule[] | undefined,
  loaded: readonly AuditRule[] | undefined,
  gaps: Gaps,
): Promise<readonly AuditRuleRow[]> {
  const ids = await readIds(host, [...(configured ?? []).map(({ rule }) => rule), ...(loaded ?? [])], gaps)
  const textOf = (rule: AuditRule) => auditRuleText(rule, ids).slice(0, maxTextLength)
  const loadedTexts = new Set((loaded ?? []).map(textOf))
  const rows = new Map<string, AuditRuleRow>()
  for (const { rule, path, line } of configured ?? []) {
    const text = textOf(rule)
    const known = { ...(loaded && { loaded: loadedTexts.has(text) }), configured: true }
    rows.set(text, { ...describe(text, rule), ...known, path, line })
  }
  for (const rule of loaded ?? []) {
    const text = textOf(rule)
    if (rows.has(text)) continue
    const known = { ...(configured && { configured: false }), loaded: true }
    rows.set(text, { ...describe(text, rule), ...known, path: '', line: 0 })
  }
  if (rows.size > maxRows) {
    const detail = `over the limit of ${maxRows} rules`
    gaps.note('rules', 'incomplete', { state: 'tooLarge', path: '/etc/audit', detail })
  }
  return [...rows.values()].slice(0, maxRows)
}

function describe(rule: string, { action, list }: AuditRule): Pick<AuditRuleRow, 'rule' | 'action' | 'list'> {
  return { rule, action: action === 'never' ? 'never' : 'always', list }
}

/** Ids of the accounts, when some rule has a name: the kernel has numbers only. */
async function readIds(host: Host, rules: readonly AuditRule[], gaps: Gaps): Promise<AccountIds> {
  const fields = rules.flatMap(rule => rule.fields)
  const hasName = (kind: RegExp) =>
    fields.some(({ name, value }) => kind.test(name) && /^[A-Za-z_]/.test(value) && value !== 'unset')
  return {
    users: hasName(/uid$/) ? await readNames(host, '/etc/passwd', userIds, gaps) : new Map(),
    groups: hasName(/gid$/) ? await readNames(host, '/etc/group', groupIds, gaps) : new Map(),
  }
}

type NamedId = readonly [name: string, id: number]
const userIds = (text: string) => parsePasswd(text).entries.map(({ name, uid }): NamedId => [name, uid])
const groupIds = (text: string) => parseGroup(text).entries.map(({ name, gid }): NamedId => [name, gid])

/** The first line of a name counts. */
async function readNames(host: Host, path: string, parse: (text: string) => readonly NamedId[], gaps: Gaps) {
  const text = await host.readText(path)
  if (text.state === 'present') return new Map([...parse(text.value)].reverse())
  gaps.note('rules', 'incomplete', text)
  return new Map<string, number>()
}
