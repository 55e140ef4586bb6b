// Makes the rows of ufw's rules: as declared, with what hides them and whether the kernel has them.

import type { Gap } from '../../proto/facet.ts'
import type { FirewallFacts, UfwRule } from '../../proto/facets/firewall.ts'
import type { Gaps } from '../probe.ts'
import { hiddenRules } from './hidden-rules.ts'
import type { LiveRules } from './read-live.ts'
import type { DeclaredRules } from './read-ufw.ts'
import { compareUfw, type UfwInKernel } from './ufw-in-kernel.ts'

type Family = UfwRule['family']
const families = ['ipv4', 'ipv6'] as const
const files: Readonly<Record<Family, string>> = { ipv4: '/etc/ufw/user.rules', ipv6: '/etc/ufw/user6.rules' }

/**
 * Without ufw nothing is declared, and nothing can be behind its back.
 * @param rules undefined, with gaps for field `live`, when the kernel’s rules could not be read
 */
export function ufwRuleFacts(
  { rules: declared, kernelLines }: DeclaredRules,
  rules: LiveRules | undefined,
  isInstalled: boolean,
  gaps: Gaps,
): Pick<FirewallFacts, 'ufwRules' | 'ufwUndeclared'> {
  if (!isInstalled && declared.length === 0) return { ufwRules: [], ufwUndeclared: [] }
  if (!rules) for (const gap of gaps.rows.filter(({ field }) => field === 'live')) noteUnseen(gaps, gap)
  const rows: UfwRule[] = []
  const undeclared: NonNullable<FirewallFacts['ufwUndeclared']> = []
  let isSeen = rules !== undefined
  for (const family of families) {
    const own = declared.filter(rule => rule.family === family)
    const inKernel = rules && look(kernelLines[family], rules, family, gaps)
    if (inKernel) undeclared.push(...inKernel.undeclared)
    else isSeen = false
    const hidden = hiddenRules(own)
    if (!hidden) noteLimit(gaps, files[family])
    for (const [index, rule] of own.entries()) {
      const hiddenBy = hidden?.[index]
      // A rule of which the file hands nothing to the kernel is not there.
      const loaded = inKernel && (inKernel.loaded.has(rule.position) ? inKernel.loaded.get(rule.position) : false)
      if (inKernel && loaded === undefined) noteUnread(gaps, files[family])
      rows.push({ ...rule, ...(hiddenBy !== undefined && { hiddenBy }), ...(loaded !== undefined && { loaded }) })
    }
  }
  return { ufwRules: rows, ...(isSeen && { ufwUndeclared: undeclared }) }
}

function look(
  lines: DeclaredRules['kernelLines'][Family],
  rules: LiveRules,
  family: Family,
  gaps: Gaps,
): UfwInKernel | undefined {
  const unread = { state: 'unavailable', path: files[family], detail: 'not wholly read' } as const
  const answer = lines ? compareUfw(lines, rules, family) : unread
  if (!('state' in answer)) return answer
  const state = answer.state === 'absent' ? 'unavailable' : answer.state
  noteUnseen(gaps, { source: answer.path, state, detail: answer.detail })
  return undefined
}

function noteUnseen(gaps: Gaps, { source, state, detail }: Pick<Gap, 'source' | 'state' | 'detail'>): void {
  for (const field of ['ufwRules.loaded', 'ufwUndeclared']) {
    gaps.add({ field, effect: 'omitted', source, state, detail })
  }
}

function noteLimit(gaps: Gaps, source: string): void {
  const detail = 'more rules than are held against each other'
  gaps.add({ field: 'ufwRules.hiddenBy', effect: 'omitted', source, state: 'tooLarge', detail })
}

function noteUnread(gaps: Gaps, source: string): void {
  const detail = 'a rule that tests what is not read'
  gaps.add({ field: 'ufwRules.loaded', effect: 'omitted', source, state: 'unavailable', detail })
}
