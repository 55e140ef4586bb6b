// Runs the agent of an image in namespaces that stand for a host: as root, in its container, and with one right less each.
//
//   unshare --pid --net --mount --fork --mount-proc sh -c 'node confined-host.ts PLAN'
//
// PLAN is a file with a ConfinedPlan, beside which `results.json` is written: ConfinedResults.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { IDaemonSet } from 'kubernetes-models/apps/v1'
import type { FacetState } from '../../proto/facet.ts'
import { agentPod, find, kustomized, podOf } from '../deploy/rendered.ts'
import { outsideOfTap } from '../outside-of-tap.ts'
import { type ContainerSpec, containerSpec, startContainerd } from './container-spec.ts'
import { type Ran, runContainer } from './traced-container.ts'

export interface ConfinedPlan {
  /** root file systems of the images */
  readonly agent: string
  readonly collector: string
  /** variables of the agent's image */
  readonly environment: readonly string[]
  /** what the agent's image is asked by whether it lives */
  readonly healthcheck: readonly string[]
}

export interface ConfinedResults {
  /** facets as root sees them, without a container */
  readonly direct: readonly FacetState[]
  readonly confined: readonly FacetState[]
  /** by the capability that was taken away */
  readonly without: Readonly<Record<string, readonly FacetState[]>>
  /** what `kubectl logs` would show of the job that looks once */
  readonly job: string
  /** an agent that stayed, what the collector's image then had of it, and what its health check said */
  readonly resident: Ran & {
    readonly hosts: unknown
    readonly facets: unknown
    readonly health: string
    readonly stateFiles: readonly string[]
  }
}

const launcher = '/opt/gabion/gabion-agent.mjs'
const facts = ['facts', '--all', '--no-port-probes']

async function runAll(planFile: string): Promise<void> {
  const plan = JSON.parse(readFileSync(planFile, 'utf8')) as ConfinedPlan
  const work = dirname(planFile)
  execFileSync('ip', ['link', 'set', 'lo', 'up'])
  execFileSync('nft', ['-f', '-'], { input: rules })
  const listener = await listen()
  const containerd = await startContainerd(join(work, 'containerd'))
  const state = join(work, 'state')
  mkdirSync(state)
  const spec = containerSpec(containerd, {
    ...{ rootfs: plan.agent, pod: agentPod(kustomized('deploy/kubernetes')), volumes: { state } },
    environment: plan.environment,
  })
  const jobPod = podOf(find<IDaemonSet>(kustomized('deploy/kubernetes/job'), 'Job', 'gabion-scan'))
  const { args = [] } = jobPod.container
  const looksOnce = containerSpec(containerd, {
    ...{ rootfs: plan.agent, pod: jobPod, volumes: {} },
    environment: plan.environment,
  })
  await containerd.stop()
  const direct = factsOf(
    execFileSync(join(plan.agent, 'usr/local/bin/node'), [join(plan.agent, launcher), ...facts], { encoding: 'utf8' }),
  )
  const once = async (name: string, one: ContainerSpec) =>
    factsOf((await runContainer(one, { bundle: join(work, name) })).stdout)
  const looking = command(spec, ['node', launcher, ...facts, '--root=/host'])
  const confined = await once('confined', looking)
  const job = (await runContainer(command(looksOnce, ['node', launcher, ...args]), { bundle: join(work, 'job') }))
    .stdout
  const without: Record<string, readonly FacetState[]> = {}
  for (const name of spec.process.capabilities['effective'] ?? []) without[name] = await once(name, less(looking, name))
  const resident = {
    ...(await stay(plan, spec, work)),
    stateFiles: readdirSync(state, { recursive: true, encoding: 'utf8' }),
  }
  listener.kill()
  const results: ConfinedResults = { direct, confined, without, job, resident }
  writeFileSync(join(work, 'results.json'), JSON.stringify(results))
}

const factsOf = (text: string): readonly FacetState[] =>
  Object.values((JSON.parse(text) as { readonly facets: Readonly<Record<string, FacetState>> }).facets)

/** A rule set of both kinds, so that nft and iptables-save have something to print. */
const rules = `
table inet guard {
  chain input { type filter hook input priority 0; policy drop; iif "lo" accept; tcp dport 22 accept; }
}`

/** A listener of somebody else's. */
async function listen() {
  const program = "require('node:net').createServer().listen(8099, '0.0.0.0', () => process.stdout.write('.'))"
  const child = spawn(process.execPath, ['-e', program], {
    uid: 65_534,
    gid: 65_534,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

function command(spec: ContainerSpec, args: readonly string[]): ContainerSpec {
  return { ...spec, process: { ...spec.process, args: [...args] } }
}

function less(spec: ContainerSpec, capability: string): ContainerSpec {
  const sets = Object.entries(spec.process.capabilities).map(([set, names]) => [
    set,
    names.filter(name => name !== capability),
  ])
  return { ...spec, process: { ...spec.process, capabilities: Object.fromEntries(sets) } }
}

/** The agent's container and the collector's program, until the collector has every facet. */
async function stay(plan: ConfinedPlan, spec: ContainerSpec, work: string) {
  const args = [
    'serve',
    '--insecure-loopback',
    '--http-address',
    '127.0.0.1:18080',
    '--grpc-address',
    '127.0.0.1:15051',
  ]
  const program = ['/usr/local/bin/node', '/opt/gabion/gabion-collector.mjs', ...args]
  const collector = spawn(...outsideOfTap('chroot', ['--userspec=65532:65532', plan.collector, ...program]), {
    env: { PATH: process.env['PATH'], GABION_DATA_DIR: '/tmp/data' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ask = async (path: string): Promise<unknown> => (await fetch(`http://127.0.0.1:18080/api/v1/${path}`)).json()
  let hosts: { readonly items: readonly { readonly id: string }[] } = { items: [] }
  let answered: unknown
  let health = ''
  const bundle = join(work, 'resident')
  const until = async () => {
    for (let attempt = 0; attempt < 600; attempt += 1) {
      await delay(200)
      try {
        hosts = (await ask('hosts')) as typeof hosts
        const [host] = hosts.items
        if (!host) continue
        const list = (await ask(`hosts/${encodeURIComponent(host.id)}/facets`)) as {
          readonly items: readonly unknown[]
        }
        answered = list
        if (list.items.length < facetCount) continue
        health = said('runc', ['--root', join(bundle, 'runc'), 'exec', 'agent', ...plan.healthcheck])
        return
      } catch {
        // It does not listen yet.
      }
    }
  }
  const facetCount = readdirSync(join(import.meta.dirname, '../../agent/probes')).length
  const environment = [
    ...spec.process.env,
    'GABION_ROOT=/host',
    'GABION_COLLECTOR=127.0.0.1:15051',
    'UV_USE_IO_URING=0',
  ]
  const staying = command(spec, ['node', launcher, 'run', '--no-port-probes', '--state-dir=/var/lib/gabion/agent'])
  try {
    const ran = await runContainer(
      { ...staying, process: { ...staying.process, env: environment } },
      { bundle, trace: true, until },
    )
    return { ...ran, hosts, facets: answered, health }
  } finally {
    collector.kill()
  }
}

/** What a command prints, also when it fails. */
function said(name: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(name, args, { encoding: 'utf8' })
  return stdout + stderr
}

await runAll(process.argv[2] ?? '')
