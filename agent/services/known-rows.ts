// Makes the row of each known service from its units, its programs and what runs.
import type { KnownService } from '../../proto/facets/services.ts'
import type { Failure, Host, Outcome } from '../host/host.ts'
import type { ProcessTable } from '../host/processes.ts'
import { offline } from '../no-answer.ts'
import type { ListedUnit } from '../parse/systemctl-units.ts'
import type { Gaps } from '../probe.ts'
import { knownServices, type ServiceTraces } from './known-services.ts'
import { runningServices, serviceOfUnit } from './running.ts'
import type { BootServices } from './unit-rows.ts'

export interface ServiceKnowledge {
  readonly boot: BootServices
  readonly table: ProcessTable
  readonly active: Outcome<readonly ListedUnit[]>
}

export async function knownRows(host: Host, knowledge: ServiceKnowledge, gaps: Gaps): Promise<readonly KnownService[]> {
  const rows: KnownService[] = []
  const running = runningFields(host, knowledge, gaps)
  for (const [name, traces] of Object.entries(knownServices)) {
    const units = knowledge.boot.units.filter(unit => unit.service === name)
    const installed =
      knowledge.boot.installed.has(name) || (await hasProgram(host, traces, knowledge.boot.complete, gaps))
    const atBoot = units.some(unit => unit.atBoot) || (knowledge.boot.complete ? false : undefined)
    rows.push({
      name,
      ...(installed !== undefined && { installed }),
      ...(atBoot !== undefined && { atBoot }),
      ...running(name, traces),
    })
  }
  return rows
}

async function hasProgram(
  host: Host,
  { programs }: ServiceTraces,
  complete: boolean,
  gaps: Gaps,
): Promise<boolean | undefined> {
  let known = complete
  for (const program of programs ?? []) {
    const stat = await host.stat(program)
    if (stat.state === 'present') return true
    if (stat.state !== 'absent') {
      gaps.note('known.installed', 'omitted', stat)
      known = false
    }
  }
  return known ? false : undefined
}

type RunningFields = (name: string, traces: ServiceTraces) => Pick<KnownService, 'running' | 'inContainer'>

function runningFields(host: Host, { table, active }: ServiceKnowledge, gaps: Gaps): RunningFields {
  if (!host.live) {
    for (const field of ['known.running', 'known.inContainer']) gaps.note(field, 'omitted', offline('/proc'))
    return () => ({})
  }
  const found = runningServices(table)
  const activeNames = new Set<string | undefined>()
  if (active.state === 'present') {
    for (const unit of active.value) if (unit.active === 'active') activeNames.add(serviceOfUnit(unit.unit))
  }
  const all = table.unreadable.count === 0
  if (!all) {
    const failure: Failure = { state: 'unreadable', path: '/proc', detail: table.unreadable.detail }
    for (const field of ['known.running', 'known.inContainer']) gaps.note(field, 'omitted', failure)
  }
  if (active.state !== 'present') gaps.note('known.running', 'omitted', active)
  return (name, { oneShot }) => {
    const runs = found.onHost.has(name) || activeNames.has(name)
    // systemd knows of every unit; processes alone tell nothing of what does its work and ends.
    const certain = runs || active.state === 'present' || (all && !oneShot)
    const contained = found.inContainers.has(name)
    return { ...(certain && { running: runs }), ...((contained || all) && { inContainer: contained }) }
  }
}
