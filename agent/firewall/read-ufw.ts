// Reads what ufw declares: its settings with their defaults, and the rules that stand on disk.
import type { FirewallFacts } from '../../proto/facets/firewall.ts'
import type { Failure, Host, Outcome } from '../host/host.ts'
import { parseUfwConf, type SettingsFile } from '../parse/ufw-conf.ts'
import { parseUfwKernelLines, type UfwKernelLine } from '../parse/ufw-kernel-lines.ts'
import { type DeclaredUfwRule, parseUfwRules } from '../parse/ufw-rules.ts'
import type { Gaps } from '../probe.ts'
import { isEnabledAtBoot } from '../unit-links.ts'

type Ufw = Omit<NonNullable<FirewallFacts['ufw']>, 'loaded'>

export const ufwPaths = { conf: '/etc/ufw/ufw.conf', defaults: '/etc/default/ufw', directory: '/etc/ufw' } as const
const rulesFiles = [
  ['/etc/ufw/user.rules', 'ipv4'],
  ['/etc/ufw/user6.rules', 'ipv6'],
] as const

/** ufw of old distributions kept them here. */
const oldRulesFiles = [
  ['/lib/ufw/user.rules', 'ipv4'],
  ['/lib/ufw/user6.rules', 'ipv6'],
] as const

const maxRulesBytes = 8 * 1024 * 1024
const maxRules = 20_000

/** Undefined, with a gap, when one of the two settings files cannot be read. */
export async function readUfw(host: Host, gaps: Gaps): Promise<Ufw | undefined> {
  const conf = await host.readText(ufwPaths.conf)
  const defaults = await host.readText(ufwPaths.defaults)
  const failures = [conf, defaults].filter((one): one is Failure => one.state !== 'present' && one.state !== 'absent')
  for (const failure of failures) gaps.note('ufw', 'omitted', failure)
  if (failures.length > 0) return undefined
  const boot = await isEnabledAtBoot(host, 'ufw')
  if (boot.state !== 'present') gaps.note('ufw.enabledAtBoot', 'omitted', boot)
  // The start script reads them in this order, so ufw.conf has the last word.
  const values = new Map([...settings(defaults, gaps), ...settings(conf, gaps)])
  return {
    installed: conf.state === 'present',
    enabled: /^(?:yes|YES)$/.test(values.get('ENABLED') ?? ''),
    ...(boot.state === 'present' && { enabledAtBoot: boot.value }),
    logLevel: (values.get('LOGLEVEL') ?? 'off').toLowerCase() || 'off',
    ipv6: /^(?:yes|YES)$/.test(values.get('IPV6') ?? ''),
    defaultInput: policyOf(values.get('DEFAULT_INPUT_POLICY')),
    defaultOutput: policyOf(values.get('DEFAULT_OUTPUT_POLICY')),
    defaultForward: policyOf(values.get('DEFAULT_FORWARD_POLICY')),
  }
}

function settings(file: Outcome<string>, gaps: Gaps): SettingsFile['values'] {
  if (file.state !== 'present') return new Map()
  const { values, malformed } = parseUfwConf(file.value)
  if (malformed.length > 0) {
    const detail = `line ${malformed[0]}`
    gaps.add({ field: 'ufw', effect: 'incomplete', source: file.path, state: 'malformed', detail })
  }
  return values
}

function policyOf(value: string | undefined): Ufw['defaultInput'] {
  const word = value?.toLowerCase()
  return word === 'accept' || word === 'drop' || word === 'reject' ? word : 'unknown'
}

export interface DeclaredRules {
  readonly rules: readonly DeclaredUfwRule[]
  /** what ufw hands to the kernel for them; undefined where that is not wholly read */
  readonly kernelLines: Readonly<Record<'ipv4' | 'ipv6', readonly UfwKernelLine[] | undefined>>
}

/** Rules of both IP versions, also while ufw is off. What cannot be read leaves the list incomplete. */
export async function readUfwRules(host: Host, gaps: Gaps): Promise<DeclaredRules> {
  const rules: DeclaredUfwRule[] = []
  const kernelLines: Record<'ipv4' | 'ipv6', readonly UfwKernelLine[] | undefined> = { ipv4: [], ipv6: [] }
  const own = await host.stat('/etc/ufw/user.rules')
  for (const [path, family] of own.state === 'absent' ? oldRulesFiles : rulesFiles) {
    const text = await host.readText(path, { maxBytes: maxRulesBytes })
    if (text.state !== 'present') {
      gaps.note('ufwRules', 'incomplete', text)
      if (text.state !== 'absent') kernelLines[family] = undefined
      continue
    }
    const parsed = parseUfwRules(text.value, family)
    kernelLines[family] = parsed.rules.length > maxRules ? undefined : parseUfwKernelLines(text.value, family)
    rules.push(...parsed.rules.slice(0, maxRules))
    if (parsed.rules.length > maxRules) {
      gaps.note('ufwRules', 'incomplete', { state: 'tooLarge', path, detail: `over the limit of ${maxRules} rules` })
    }
    if (parsed.malformed.length > 0) {
      const detail = `line ${parsed.malformed[0]}`
      gaps.add({ field: 'ufwRules', effect: 'incomplete', source: path, state: 'malformed', detail })
    }
  }
  return { rules, kernelLines }
}
