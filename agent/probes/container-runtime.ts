// Probe `container-runtime`: container engines, how they are configured, and who can reach them.
import { ContainerRuntimeFacet, type ContainerRuntimeFacts } from '../../proto/facets/container-runtime.ts'
import { type DescribedEngine, describeEngine } from '../container-runtime/describe-engine.ts'
import {
  findClientFiles,
  findRegistryCertificates,
  type NamedFile,
  statFiles,
  usualFiles,
} from '../container-runtime/engine-files.ts'
import { type EngineKind, type FoundEngine, findEngines } from '../container-runtime/find-engines.ts'
import { readHostsDirectories, readRegistriesConf } from '../container-runtime/registries.ts'
import { findSandboxPrograms, readKvm } from '../container-runtime/sandbox-programs.ts'
import { readSockets, type Socket } from '../container-runtime/sockets.ts'
import type { Host } from '../host/host.ts'
import { parseGroup } from '../parse/etc-group.ts'
import { parsePasswd } from '../parse/etc-passwd.ts'
import { absent, defineProbe, every, type Gaps, type ProbeContext, present, watch } from '../probe.ts'

export const containerRuntime = defineProbe({
  facet: ContainerRuntimeFacet,
  triggers: [
    watch(
      '/etc/docker',
      '/etc/docker/daemon.json',
      '/etc/containerd',
      '/etc/containerd/config.toml',
      '/etc/containerd/conf.d',
      '/etc/crio',
      '/etc/crio/crio.conf.d',
      '/etc/containers/registries.conf',
      '/etc/systemd/system/docker.service.d',
      '/etc/default/docker',
      '/root/.docker',
    ),
    every(60_000),
  ],
  deadlineMs: 30_000,
  async run(host, context) {
    const engines = await findEngines(host, context)
    if (engines.length === 0 && context.gaps.rows.length === 0) {
      return absent('notInstalled', 'no container engine runs, is configured or is installed')
    }
    const homes = await readHomes(host, context.gaps)
    const described: DescribedEngine[] = []
    for (const engine of engines) {
      const home = homes.get(engine.process?.uid ?? 0) ?? '/root'
      described.push(await describeEngine(host, engine, home, context))
    }
    const named = nameEngines(described)
    return present(
      {
        ...rowsOf(named),
        handlers: named.flatMap(({ id, engine }) => engine.handlers.map(handler => ({ engine: id, ...handler }))),
        registries: [...(await registriesOf(host, context, named))],
        sockets: [...(await socketsOf(host, context, described))],
        files: [...(await filesOf(host, context, described, homes.get(0) ?? '/root'))],
        ...(await sandboxesOf(host, context, described)),
        ...(await criOf(host, context, described)),
      },
      { processes: named.flatMap(({ id, engine }) => processOf(id, engine.found)) },
    )
  },
})

interface Named {
  readonly id: string
  readonly engine: DescribedEngine
}

/** `KIND:CONFIGURATION FILE`; further ones with the same, such as those in containers, get a number. */
function nameEngines(described: readonly DescribedEngine[]): readonly Named[] {
  const seen = new Map<string, number>()
  const order = ({ found }: DescribedEngine) => (found.contained ? 1 : 0)
  return described
    .toSorted((a, b) => order(a) - order(b))
    .map(engine => {
      const base = `${engine.found.kind === 'crio' ? 'cri-o' : engine.found.kind}:${engine.configFile}`
      const count = (seen.get(base) ?? 0) + 1
      seen.set(base, count)
      return { id: count === 1 ? base : `${base}#${count}`, engine }
    })
}

function rowsOf(named: readonly Named[]): Pick<ContainerRuntimeFacts, EngineKind> {
  const docker: ContainerRuntimeFacts['docker'] = []
  const containerd: ContainerRuntimeFacts['containerd'] = []
  const crio: ContainerRuntimeFacts['crio'] = []
  for (const { id, engine } of named) {
    const { common, configFile, read } = engine
    const files = { configFile, configFiles: [...engine.configFiles] }
    if (read.kind === 'docker') docker.push({ id, ...common, configFile, ...settingsOf(read.settings) })
    else if (read.kind === 'containerd') containerd.push({ id, ...common, ...files, ...settingsOf(read.settings) })
    else crio.push({ id, ...common, ...files, ...settingsOf(read.settings) })
  }
  return { docker, containerd, crio }
}

const settingsOf = <Settings>(settings: Settings | undefined) => (settings === undefined ? {} : { settings })

function processOf(engine: string, { process }: FoundEngine) {
  return process === undefined ? [] : [{ engine, pid: process.pid }]
}

async function registriesOf(
  host: Host,
  { gaps }: ProbeContext,
  named: readonly Named[],
): Promise<ContainerRuntimeFacts['registries']> {
  const rows = new Map<string, ContainerRuntimeFacts['registries'][number]>()
  const add = (engine: string, found: DescribedEngine['registries']) => {
    for (const row of found) rows.set([engine, row.registry, row.endpoint].join(' '), { engine, ...row })
  }
  for (const { id, engine } of named) {
    add(id, engine.registries)
    if (engine.read.kind !== 'containerd' || engine.read.settings === undefined) continue
    add(id, await readHostsDirectories(host, engine.read.settings.registryConfigPath, gaps))
  }
  add('containers', await readRegistriesConf(host, gaps))
  return [...rows.values()]
}

async function socketsOf(host: Host, { gaps }: ProbeContext, described: readonly DescribedEngine[]) {
  const groups = await readGroups(host, gaps)
  const configured = described.flatMap(({ read }): (readonly [string, Socket['engine']])[] => {
    if (read.settings === undefined) return []
    if (read.kind !== 'docker') {
      return [[read.settings.address.replace(/^unix:\/\//, ''), read.kind === 'crio' ? 'cri-o' : 'containerd']]
    }
    const sockets = read.settings.hosts.filter(({ transport }) => transport === 'unix')
    return sockets.map(({ host: name }) => [name.slice('unix://'.length), 'docker'])
  })
  return await readSockets(host, configured, groups, gaps)
}

async function filesOf(host: Host, { gaps }: ProbeContext, described: readonly DescribedEngine[], home: string) {
  const named: NamedFile[] = described.flatMap(engine => [...engine.files])
  named.push(...usualFiles, ...(await findClientFiles(host, home, gaps)))
  named.push(...(await findRegistryCertificates(host, gaps)))
  return await statFiles(host, named, gaps)
}

async function sandboxesOf(host: Host, { gaps }: ProbeContext, described: readonly DescribedEngine[]) {
  const programs = described.flatMap(({ handlers }) => handlers.map(({ program }) => program))
  const kvm = await readKvm(host, gaps)
  const sandboxPrograms = [...(await findSandboxPrograms(host, programs, gaps))]
  return { sandboxPrograms, ...(kvm !== undefined && { kvm }) }
}

async function criOf(
  host: Host,
  { gaps, probePorts }: ProbeContext,
  described: readonly DescribedEngine[],
): Promise<Pick<ContainerRuntimeFacts, 'cri'>> {
  const reason = host.live ? (probePorts ? '' : 'asking sockets is switched off') : 'offline root'
  if (reason !== '') {
    gaps.add({ field: 'cri', effect: 'omitted', source: 'runtime.v1', state: 'unavailable', detail: reason })
    return {}
  }
  const cri: NonNullable<ContainerRuntimeFacts['cri']> = []
  for (const socket of new Set(described.flatMap(({ criSocket }) => (criSocket === '' ? [] : [criSocket])))) {
    const answer = await host.askCri({ socket, what: 'version' })
    if (answer.state !== 'present') gaps.note('cri', 'incomplete', answer)
    else {
      const { runtimeName, runtimeVersion, apiVersion } = answer.value
      cri.push({ socket, runtime: runtimeName, version: runtimeVersion.replace(/^v/, ''), apiVersion })
    }
  }
  return { cri }
}

/** Home directories by user id. Without them root's is taken to be the usual one. */
async function readHomes(host: Host, gaps: Gaps): Promise<ReadonlyMap<number, string>> {
  const text = await host.readText('/etc/passwd')
  if (text.state !== 'present') gaps.note('files', 'incomplete', text)
  const entries = text.state === 'present' ? parsePasswd(text.value).entries : []
  const homes = entries.filter(({ home }) => home.startsWith('/') && home !== '/')
  return new Map(homes.toReversed().map(({ uid, home }) => [uid, home.replace(/\/+$/, '')]))
}

/** Names of groups by id, undefined when they cannot be read. */
async function readGroups(host: Host, gaps: Gaps): Promise<ReadonlyMap<number, string> | undefined> {
  const text = await host.readText('/etc/group')
  if (text.state !== 'present') gaps.note('sockets.group', 'omitted', text)
  if (text.state !== 'present' && text.state !== 'absent') return undefined
  const entries = text.state === 'present' ? parseGroup(text.value).entries : []
  return new Map(entries.toReversed().map(({ gid, name }) => [gid, name]))
}
