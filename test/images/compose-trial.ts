// Runs the trial of deploy/compose with the images that were built: each service in the container that Compose asks for.
//
//   unshare --pid --net --mount --fork --mount-proc sh -c 'node compose-trial.ts PLAN'
//
// PLAN is a file with a ComposePlan, beside which `trial.json` is written: ComposeResults.
import { execFileSync } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parse } from 'yaml'
import type { ImageConfig, ImageName } from './build-images.ts'
import { type ContainerSpec, createSpec, startContainerd } from './container-spec.ts'
import { runContainer } from './traced-container.ts'

export interface ComposePlan {
  /** root file systems of the images, and what they say of themselves */
  readonly images: Readonly<Record<ImageName, { readonly root: string; readonly config: ImageConfig }>>
}

export interface ComposeResults {
  /** whether the collector's health check said yes before the agent began, and the agent's when it had told all */
  readonly isHealthy: Readonly<Record<ImageName, boolean>>
  readonly hosts: { readonly items: readonly { readonly connected: boolean }[] }
  readonly facets: { readonly items: readonly { readonly facet: string; readonly state: string }[] }
  readonly overview: string
  /** /proc/PID/status of each before it ran */
  readonly status: Readonly<Record<ImageName, string>>
}

interface Service {
  readonly command: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly pid?: string
  readonly read_only?: boolean
  readonly cap_add?: readonly string[]
  readonly volumes: readonly string[]
  readonly tmpfs?: readonly string[]
}

const composeFile = join(import.meta.dirname, '../../deploy/compose/compose.yaml')
const base = 'http://127.0.0.1:8080'

async function runTrial(planFile: string): Promise<void> {
  const { images } = JSON.parse(readFileSync(planFile, 'utf8')) as ComposePlan
  const { services } = parse(readFileSync(composeFile, 'utf8')) as {
    readonly services: Readonly<Record<ImageName, Service>>
  }
  const work = join(dirname(planFile), 'trial')
  mkdirSync(work)
  execFileSync('ip', ['link', 'set', 'lo', 'up'])
  const containerd = await startContainerd(join(work, 'containerd'))
  const specOf = (name: ImageName) => serviceSpec(containerd.socket, work, name, services[name], images[name])
  const specs = { collector: specOf('collector'), agent: specOf('agent') }
  await containerd.stop()
  const isHealthy = { collector: false, agent: false }
  let overview = ''
  let hosts: ComposeResults['hosts'] = { items: [] }
  let facets: ComposeResults['facets'] = { items: [] }
  let agentStatus = ''
  const [collectorBundle, agentBundle] = [join(work, 'collector-bundle'), join(work, 'agent-bundle')]
  const isWell = (name: ImageName, bundle: string) =>
    exec(bundle, (images[name].config.Healthcheck?.Test ?? []).slice(1))
  const look = async () => {
    hosts = (await ask('hosts')) as typeof hosts
    const [host] = hosts.items as readonly { readonly id?: string; readonly connected: boolean }[]
    if (!host?.connected) return false
    facets = (await ask(`hosts/${host.id}/facets`)) as typeof facets
    overview = await (await fetch(base)).text()
    return facets.items.length >= 15
  }
  const { status } = await runContainer(specs.collector, {
    bundle: collectorBundle,
    until: async () => {
      // depends_on: service_healthy
      isHealthy.collector = await until(() => isWell('collector', collectorBundle))
      const seen = async () => {
        await until(look)
        isHealthy.agent = isWell('agent', agentBundle)
      }
      const agent = await runContainer(specs.agent, { bundle: agentBundle, until: seen })
      agentStatus = agent.status
    },
  })
  const results: ComposeResults = {
    ...{ isHealthy, hosts, facets, overview },
    status: { collector: status, agent: agentStatus },
  }
  writeFileSync(join(dirname(planFile), 'trial.json'), JSON.stringify(results))
}

const ask = async (path: string): Promise<unknown> => (await fetch(`${base}/api/v1/${path}`)).json()

/** Whether it came to hold within two minutes; what throws does not hold yet. */
async function until(holds: () => Promise<boolean> | boolean): Promise<boolean> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    const isSo = await Promise.resolve()
      .then(holds)
      .catch(() => false)
    if (isSo) return true
    await delay(200)
  }
  return false
}

function exec(bundle: string, command: readonly string[]): boolean {
  try {
    execFileSync('runc', ['--root', join(bundle, 'runc'), 'exec', 'agent', ...command], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
}

function serviceSpec(
  socket: string,
  work: string,
  name: ImageName,
  service: Service,
  { root, config }: ComposePlan['images'][ImageName],
): ContainerSpec {
  const spec = createSpec(socket, {
    ...{ id: `trial-${name}-${process.pid}`, rootfs: root, user: config.User ?? '0:0' },
    ...{ isReadOnly: service.read_only === true, capabilities: service.cap_add ?? [] },
    args: [...config.Entrypoint, ...service.command],
  })
  const environment = Object.entries(service.environment ?? {}).map(([key, value]) => `${key}=${value}`)
  const shared = service.pid === 'host' ? ['pid'] : []
  return {
    ...spec,
    mounts: [
      ...spec.mounts.filter(({ destination }) => destination !== '/run' && !destination.startsWith('/etc/')),
      ...service.volumes.map(text => mountOf(text, work, config.User ?? '0:0')),
      ...(service.tmpfs ?? []).map(path => ({
        ...{ destination: path, type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'nodev', 'mode=1777'] },
      })),
    ],
    linux: { ...spec.linux, namespaces: spec.linux.namespaces.filter(({ type }) => !shared.includes(type)) },
    process: { ...spec.process, env: [...config.Env, ...environment] },
  }
}

/** `SOURCE:PLACE[:OPTIONS]`; a name alone is a volume, which is made with the owner that the image gives the place. */
function mountOf(text: string, work: string, user: string): ContainerSpec['mounts'][number] {
  const [from = '', destination = '', options = 'rw'] = text.split(':')
  const source = from.startsWith('/') ? from : join(work, `volume-${from}`)
  if (source !== from) {
    mkdirSync(source, { mode: 0o700 })
    const [uid = 0, gid = 0] = user.split(':').map(Number)
    chownSync(source, uid, gid)
  }
  return { destination, type: 'bind', source, options: ['rbind', ...options.split(',')] }
}

await runTrial(process.argv[2] ?? '')
