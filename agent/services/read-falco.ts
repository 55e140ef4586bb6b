// Tells how each Falco of the host is set up: its driver, its rules, and where its alerts go.
import { posix } from 'node:path'
import type { Falco, KnownService } from '../../proto/facets/services.ts'
import type { Host } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import { readUnit, readUnitCommand } from '../kubelet/units.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import {
  type FalcoFlags,
  falcoSettings,
  includedFiles,
  mergeFalcoConfig,
  parseFalcoFlags,
} from '../parse/falco-config.ts'
import { type ConfigObject, malformedDetail, parseKubernetesDocument } from '../parse/kubernetes-document.ts'
import { processArguments } from '../parse/process-arguments.ts'
import type { Gaps, ProbeContext } from '../probe.ts'

const usualConfig = '/etc/falco/falco.yaml'
const unitNames = ['falco-custom', 'falco-modern-bpf', 'falco-bpf', 'falco-kmod', 'falco']
const drivers: readonly string[] = ['kmod', 'ebpf', 'modern_ebpf', 'nodriver', 'gvisor', 'replay']
const maxFiles = 100

/** One row for Falco on the host itself, one for a container of it. */
export async function readFalco(
  host: Host,
  context: ProbeContext,
  known: readonly KnownService[],
): Promise<readonly Falco[]> {
  const row = known.find(({ name }) => name === 'falco')
  const rows: Falco[] = []
  const processes = host.live ? (await context.processes()).processes.filter(isFalco) : []
  const contained = processes.find(process => placeOf(process) === 'container')
  const own = processes.find(process => placeOf(process) === 'host')
  if (own || row?.installed) rows.push(await describe(host, context, 'host', own))
  if (contained) rows.push(await describe(host, context, 'container', contained))
  return rows
}

const isFalco = ({ name, executable }: HostProcess) =>
  executable === '' ? name === 'falco' : posix.basename(executable) === 'falco'

function placeOf({ cgroups }: HostProcess): Falco['place'] {
  const { containerId, podUid } = identifyCgroups(cgroups)
  return containerId === '' && podUid === '' ? 'host' : 'container'
}

async function describe(
  host: Host,
  { gaps, memory }: ProbeContext,
  place: Falco['place'],
  process: HostProcess | undefined,
): Promise<Falco> {
  const flags = process ? await flagsOfProcess(host, process, gaps) : await flagsOfUnit(host, gaps)
  const common = { place, running: process !== undefined }
  const configFile = place === 'host' ? flags?.config || usualConfig : await mountedConfig(host, process)
  const module = await moduleLoaded(host, gaps)
  const loaded = module === undefined ? {} : { moduleLoaded: module }
  const values = configFile === '' ? undefined : await readConfiguration(host, configFile, place, gaps, memory)
  if (configFile === '') noteUnknown(gaps, 'container', 'no volume of the kubelet holds its configuration')
  if (flags === undefined || values === undefined) return { ...common, configFile, ...loaded }
  const settings = falcoSettings(values, flags)
  const driver = drivers.find(one => one === settings.driver) as Falco['driver']
  if (driver === undefined) noteGap(gaps, 'falco.driver', configFile, 'neither flags nor files say it')
  const rules = place === 'host' ? await ruleRows(host, settings.rules, gaps) : undefined
  if (rules === undefined)
    noteGap(gaps, 'falco.rules', 'container', 'its files are not reached through the host’s root')
  const priority = /^[a-z]{1,20}$/.test(settings.priority) ? settings.priority : 'unknown'
  return {
    ...{ ...common, configFile, ...loaded, outputs: [...settings.outputs], priority },
    ...(driver === undefined ? {} : { driver }),
    ...(rules === undefined ? {} : { rules: [...rules] }),
  }
}

function noteUnknown(gaps: Gaps, source: string, detail: string): void {
  for (const field of ['driver', 'rules', 'outputs', 'priority']) noteGap(gaps, `falco.${field}`, source, detail)
}

function noteGap(gaps: Gaps, field: string, source: string, detail: string): void {
  gaps.add({ field, effect: 'omitted', source, state: 'unavailable', detail })
}

async function flagsOfProcess(host: Host, { pid }: HostProcess, gaps: Gaps): Promise<FalcoFlags | undefined> {
  const text = await host.readText(`/proc/${pid}/cmdline`)
  if (text.state === 'present') return parseFalcoFlags(processArguments(text.value).slice(1))
  noteUnknown(gaps, '/proc/PID/cmdline', text.detail)
  return undefined
}

/** Of the units that the packages bring, the first that is there: `falco.service` is a link to one of them. */
async function flagsOfUnit(host: Host, gaps: Gaps): Promise<FalcoFlags | undefined> {
  for (const name of ['falco', ...unitNames]) {
    const unit = await readUnit(host, `${name}.service`)
    if (!unit) continue
    const { argv, obstacle } = await readUnitCommand(host, unit)
    if (!obstacle) return parseFalcoFlags(argv.slice(1))
    noteUnknown(gaps, obstacle.source, obstacle.detail)
    return undefined
  }
  return parseFalcoFlags([])
}

/** A ConfigMap that the kubelet keeps for the pod. */
async function mountedConfig(host: Host, process: HostProcess | undefined): Promise<string> {
  const { podUid } = identifyCgroups(process?.cgroups ?? [])
  const volumes = `/var/lib/kubelet/pods/${podUid}/volumes/kubernetes.io~configmap`
  const entries = podUid === '' ? undefined : await host.list(volumes, { maxEntries: maxFiles })
  for (const { name } of entries?.state === 'present' ? entries.value : []) {
    const path = `${volumes}/${name}/falco.yaml`
    if ((await host.stat(path)).state === 'present') return path
  }
  return ''
}

async function moduleLoaded(host: Host, gaps: Gaps): Promise<boolean | undefined> {
  if (host.live) return (await host.stat('/sys/module/falco')).state === 'present'
  noteGap(gaps, 'falco.moduleLoaded', '/sys/module', 'offline root')
  return undefined
}

/** In a container only the file itself is read: what it includes lies in the image. */
async function readConfiguration(
  host: Host,
  path: string,
  place: Falco['place'],
  gaps: Gaps,
  memory: Map<string, unknown>,
): Promise<ConfigObject | undefined> {
  let values = await readFile(host, path, gaps, memory)
  if (values === undefined || place === 'container') return values
  for (const { path: included, strategy } of includedFiles(values).slice(0, maxFiles)) {
    for (const file of await filesOf(host, included, gaps, /\.ya?ml$/)) {
      const more = await readFile(host, file, gaps, memory)
      if (more === undefined) return undefined
      values = mergeFalcoConfig(values, more, strategy)
    }
  }
  return values
}

interface ReadFile {
  readonly version: string
  readonly values: ConfigObject
}

/** The file is large and seldom changes, so what it said is remembered with its size and times. */
async function readFile(
  host: Host,
  path: string,
  gaps: Gaps,
  memory: Map<string, unknown>,
): Promise<ConfigObject | undefined> {
  const stat = await host.stat(path)
  const version =
    stat.state === 'present' ? `${stat.value.sizeBytes} ${stat.value.modifiedAtMs} ${stat.value.changedAtMs}` : ''
  const before = memory.get(`falco ${path}`) as ReadFile | undefined
  if (before && before.version === version) return before.values
  const text = await host.readText(path)
  if (text.state !== 'present') {
    noteUnknown(gaps, path, text.detail)
    return undefined
  }
  const document = parseKubernetesDocument(text.value)
  if (document.state === 'malformed') {
    for (const field of ['driver', 'rules', 'outputs', 'priority']) {
      const detail = malformedDetail(document)
      gaps.add({ field: `falco.${field}`, effect: 'omitted', source: path, state: 'malformed', detail })
    }
    return undefined
  }
  memory.set(`falco ${path}`, { version, values: document.values } satisfies ReadFile)
  return document.values
}

/** The file itself, or those of the directory in order of names. */
async function filesOf(host: Host, path: string, gaps: Gaps, name: RegExp): Promise<readonly string[]> {
  const stat = await host.stat(path)
  if (stat.state !== 'present' || stat.value.kind !== 'directory') return stat.state === 'absent' ? [] : [path]
  const entries = await host.list(path, { maxEntries: maxFiles })
  if (entries.state !== 'present') {
    noteUnknown(gaps, path, entries.detail)
    return []
  }
  return entries.value.filter(entry => name.test(entry.name)).map(entry => posix.join(path, entry.name))
}

/** Falco passes over rules files that are not there. */
async function ruleRows(host: Host, paths: readonly string[], gaps: Gaps): Promise<NonNullable<Falco['rules']>> {
  const rows = new Map<string, NonNullable<Falco['rules']>[number]>()
  for (const named of paths.slice(0, maxFiles)) {
    if (!named.startsWith('/')) continue
    const files = await filesOf(host, named, gaps, /./)
    if (files.length === 0) rows.set(named, { path: named, state: 'absent' })
    for (const path of files) {
      const stat = await host.stat(path)
      if (stat.state !== 'present') gaps.note('falco.rules', 'incomplete', stat)
      else rows.set(path, { path, state: stat.value.sizeBytes === 0 ? 'empty' : 'present' })
    }
  }
  return [...rows.values()]
}
