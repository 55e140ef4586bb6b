// Reads every container of a host and groups those that are the same thing.
import type { ContainersFacts, ContainersObservations, Workload } from '../../proto/facets/containers.ts'
import type { Failure, Host } from '../host/host.ts'
import type { ProbeContext } from '../probe.ts'
import { type FoundContainer, findContainers, programOf } from './find-containers.ts'
import { type Identity, nameContainers } from './name-containers.ts'
import { type FieldFailure, type HostView, readConfinement, readIsolation } from './read-confinement.ts'
import { type Remembered, settle } from './settle.ts'

/** A container changes its user and program while it starts. */
const settledAfterTicks = 10 * 100
const maxContainers = 2000

type Row = Omit<Workload, 'variant'>

export interface Workloads {
  readonly facts: NonNullable<ContainersFacts['workloads']>
  readonly observations: NonNullable<ContainersObservations['containers']>
}

/** @param nowTicks clock ticks since boot */
export async function readWorkloads(
  host: Host,
  context: ProbeContext,
  view: HostView,
  nowTicks: number,
): Promise<Workloads> {
  const table = await context.processes()
  const all = await findContainers(host, table)
  const found = all.slice(0, maxContainers)
  if (all.length > found.length) {
    const detail = `over the limit of ${maxContainers} containers`
    note(context, 'workloads', { state: 'tooLarge', path: '/proc', detail }, 'incomplete')
  }
  const names = await nameContainers(host, found, table.processes, context.probePorts)
  const rows: { readonly row: Row; readonly settled: boolean }[] = []
  const observations: Workloads['observations'] = []
  for (const container of found) {
    const identity = names.get(container.id)
    if (!identity) continue
    observations.push(observed(container, identity))
    if (identity.isSandbox && container.sandbox === 'none') continue
    const row = await readRow(host, context, container, identity, view)
    const age = nowTicks - container.process.startTicks
    if (row) rows.push({ row, settled: context.oneShot || age >= settledAfterTicks })
  }
  return { facts: groupRows(rows, context), observations }
}

function observed(
  { id, process }: FoundContainer,
  { manager, namespace, fullName, container }: Identity,
): Workloads['observations'][number] {
  return { id, manager, namespace, pod: fullName, container, program: programOf(process), pid: process.pid }
}

async function readRow(
  host: Host,
  context: ProbeContext,
  container: FoundContainer,
  identity: Identity,
  view: HostView,
): Promise<Row | undefined> {
  const { pid } = container.process
  const rights = await readConfinement(host, pid, view)
  if (rights === undefined) return undefined
  if ('state' in rights) {
    note(context, 'workloads', rights, 'incomplete')
    return undefined
  }
  const { isolation, failures } = await readIsolation(host, pid, rights.confinement.uid, view)
  noteFields(context, 'workloads', [...view.failures, ...rights.failures, ...failures])
  const { manager, namespace, name, container: inner, image } = identity
  if (image === '') noteUnknown(context, 'workloads.image', manager, 'its records do not tell images')
  if (container.sandbox === undefined) {
    note(context, 'workloads.sandbox', { state: 'unreadable', path: '/proc/PID/exe', detail: 'shims cannot be told' })
  }
  return {
    ...{ manager, namespace, name, container: inner },
    ...(image !== '' && { image }),
    ...(container.sandbox !== undefined && { sandbox: container.sandbox }),
    ...rights.confinement,
    ...isolation,
  }
}

/** Every failure is noted once per field: process ids change by themselves. */
export function noteFields(context: ProbeContext, list: string, failures: readonly FieldFailure[]): void {
  for (const { field, failure } of failures) note(context, `${list}.${field}`, failure)
}

function note(
  { gaps }: ProbeContext,
  field: string,
  failure: Failure,
  effect: 'omitted' | 'incomplete' = 'omitted',
): void {
  gaps.note(field, effect, { ...failure, path: failure.path.replace(/^\/proc\/(?!1\/)\d+\//, '/proc/PID/') })
}

function noteUnknown({ gaps }: ProbeContext, field: string, source: string, detail: string): void {
  gaps.add({ field, effect: 'omitted', source, state: 'unavailable', detail })
}

/** Containers of one name that have the same rights are one row; others become variants in a fixed order. */
function groupRows(
  rows: readonly { readonly row: Row; readonly settled: boolean }[],
  { memory, now, oneShot }: ProbeContext,
): Workloads['facts'] {
  const sightings = rows.map(({ row, settled }) => ({ name: nameOf(row), row, settled }))
  const known = (memory.get('workloads') as readonly Remembered<Row>[] | undefined) ?? []
  const kept = settle(sightings, oneShot ? [] : known, now.getTime())
  memory.set('workloads', kept)
  const groups = new Map<string, Row[]>()
  for (const { name, row } of kept) groups.set(name, [...(groups.get(name) ?? []), row])
  return [...groups.values()].flatMap(group =>
    group
      .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
      .map((row, index) => ({ ...row, variant: index + 1 })),
  )
}

const nameOf = ({ manager, namespace, name, container }: Row) => [manager, namespace, name, container].join('\n')
