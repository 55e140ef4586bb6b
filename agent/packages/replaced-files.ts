// Finds processes that run programs or libraries that were replaced or deleted since they started.
import type { PackagesFacts } from '../../proto/facets/packages.ts'
import type { Failure, Host } from '../host/host.ts'
import type { HostProcess, ProcessTable } from '../host/processes.ts'
import { offline } from '../no-answer.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { parseReplacedFiles } from '../parse/proc-maps.ts'
import type { Gaps } from '../probe.ts'

type Row = NonNullable<PackagesFacts['replacedFiles']>[number]

/** A browser maps two megabytes of lines; what has more is named in a gap. */
const maxMapsBytes = 8 * 1024 * 1024
const maxRows = 500
const maxFilesPerRow = 50
const field = 'replacedFiles'

/**
 * One row per unit and process name: ids of processes change by themselves. Containers are left out: their files
 * come from images, which nobody upgrades in place.
 */
export async function readReplacedFiles(host: Host, gaps: Gaps, table: ProcessTable): Promise<Row[] | undefined> {
  if (!host.live) {
    gaps.note(field, 'omitted', offline('/proc/PID/maps'))
    return undefined
  }
  if (table.unreadable.count > 0) {
    gaps.note(field, 'incomplete', { state: 'unreadable', path: '/proc/PID', detail: 'some processes are hidden' })
  }
  const rows = new Map<string, { readonly unit: string; readonly process: string; readonly files: Set<string> }>()
  let failure: Failure | undefined
  for (const process of table.processes) {
    const identity = identifyCgroups(process.cgroups)
    if (identity.containerId !== '' || identity.podUid !== '' || isKernelThread(process)) continue
    const maps = await host.readText(`/proc/${process.pid}/maps`, { maxBytes: maxMapsBytes })
    if (maps.state !== 'present') {
      if (maps.state !== 'absent') failure = maps
      continue
    }
    const files = parseReplacedFiles(maps.value)
    if (files.length > 0) addFiles(rows, identity.unit, process, files)
  }
  if (failure) gaps.note(field, 'incomplete', { ...failure, path: '/proc/PID/maps' })
  return limited([...rows.values()], gaps)
}

/** Threads of the kernel are children of kthreadd and run no program. */
function isKernelThread({ pid, parentPid, executable }: HostProcess): boolean {
  return executable === '' && (pid === 2 || parentPid === 2)
}

function addFiles(
  rows: Map<string, { readonly unit: string; readonly process: string; readonly files: Set<string> }>,
  unit: string,
  { name }: HostProcess,
  files: readonly string[],
): void {
  const key = `${unit}\n${name}`
  const row = rows.get(key) ?? { unit, process: name, files: new Set<string>() }
  for (const file of files) row.files.add(file)
  rows.set(key, row)
}

function limited(rows: readonly { unit: string; process: string; files: ReadonlySet<string> }[], gaps: Gaps): Row[] {
  const isCut = rows.length > maxRows || rows.some(({ files }) => files.size > maxFilesPerRow)
  if (isCut) {
    const detail = `over the limit of ${maxRows} processes or ${maxFilesPerRow} files of one`
    gaps.note(field, 'incomplete', { state: 'tooLarge', path: '/proc/PID/maps', detail })
  }
  return rows
    .slice(0, maxRows)
    .map(({ unit, process, files }) => ({ unit, process, files: [...files].sort().slice(0, maxFilesPerRow) }))
}
