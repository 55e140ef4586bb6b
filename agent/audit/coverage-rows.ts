// Makes the facet's row of each group of things to record, from what this host has and what the rules meet.
import type { AuditGroup } from '../../proto/facets/audit.ts'
import type { Host } from '../host/host.ts'
import type { AuditRule } from '../parse/audit-rules.ts'
import type { Gaps } from '../probe.ts'
import { meets, needText } from './rule-coverage.ts'
import { type Need, oldCalls, type RuleGroup, ruleGroups } from './rule-groups.ts'

/** Which system calls there are: those of x86 with its 32-bit ones, of another 64-bit machine, or of a young one. */
type Machine = 'x86' | 'old' | 'young'

/** @param configured @param loaded undefined where they are not known, for which gaps are noted elsewhere */
export async function coverageRows(
  host: Host,
  configured: readonly AuditRule[] | undefined,
  loaded: readonly AuditRule[] | undefined,
  gaps: Gaps,
): Promise<readonly AuditGroup[]> {
  const machine = await readMachine(host)
  const rows: AuditGroup[] = []
  for (const group of ruleGroups) {
    const needs = [...(await pathNeeds(host, group, gaps)), ...callNeeds(group, machine)]
    if (needs.length === 0) continue
    const missing = configured && unmet(configured, needs)
    const notLoaded = loaded && unmet(loaded, needs)
    rows.push({
      group: group.group,
      needed: needs.length,
      ...(missing && { configured: missing.length === 0, missing }),
      ...(notLoaded && { loaded: notLoaded.length === 0, notLoaded }),
    })
  }
  return rows
}

const unmet = (rules: readonly AuditRule[], needs: readonly Need[]) =>
  needs.filter(need => !meets(rules, need)).map(needText)

async function pathNeeds(host: Host, group: RuleGroup, gaps: Gaps): Promise<readonly Need[]> {
  const needs: Need[] = (group.watches ?? []).map(path => ({ kind: 'watch', path, perm: 'wa' }))
  const want = async (path: string, perm: string, mark = path, isWanted = (_mode: number) => true) => {
    const stat = await host.stat(mark)
    if (stat.state !== 'present') gaps.note('coverage', 'incomplete', stat)
    else if (isWanted(stat.value.mode)) needs.push({ kind: 'watch', path, perm })
  }
  for (const path of group.existing ?? []) await want(path, 'wa')
  for (const [mark, path] of Object.entries(group.marked ?? {})) await want(path, 'wa', mark)
  for (const path of group.programs ?? []) await want(path, 'x')
  for (const path of group.setIdPrograms ?? []) await want(path, 'x', path, isSetId)
  return needs
}

const isSetId = (mode: number) => (mode & 0o6000) !== 0

function callNeeds({ calls, only64, errnos, otherUser }: RuleGroup, machine: Machine): readonly Need[] {
  const arches = machine === 'x86' && !only64 ? (['b64', 'b32'] as const) : (['b64'] as const)
  const known = (calls ?? []).filter(call => machine !== 'young' || !oldCalls.has(call))
  return known.flatMap(call =>
    arches.flatMap(arch =>
      (errnos ?? [undefined]).map((errno): Need => {
        return { kind: 'call', arch, call, ...(errno !== undefined && { errno }), ...(otherUser && { otherUser }) }
      }),
    ),
  )
}

const loaders: readonly (readonly [path: string, machine: Machine])[] = [
  ['/lib64/ld-linux-x86-64.so.2', 'x86'],
  ['/lib/ld-musl-x86_64.so.1', 'x86'],
  ['/lib/ld-linux-aarch64.so.1', 'young'],
  ['/lib/ld-musl-aarch64.so.1', 'young'],
  ['/lib/ld-linux-riscv64-lp64d.so.1', 'young'],
  ['/lib64/ld64.so.2', 'old'],
  ['/lib/ld64.so.1', 'old'],
]

/** The kernel's own word on a live host, else the program loader on the disk; x86 where neither tells. */
async function readMachine(host: Host): Promise<Machine> {
  const arch = host.live ? await host.readText('/proc/sys/kernel/arch') : undefined
  if (arch?.state === 'present') return machineOf(arch.value.trim())
  for (const [path, machine] of loaders) if ((await host.stat(path)).state === 'present') return machine
  return 'x86'
}

function machineOf(name: string): Machine {
  if (name === 'x86_64' || /^i[3-6]86$/.test(name)) return 'x86'
  return /^(?:aarch64|riscv64|loongarch64)/.test(name) ? 'young' : 'old'
}
