// Runs the trial of deploy/compose as its first lines say it, in Docker's own engine, and builds the images as the guide does.
//
//   unshare --pid --net --mount --fork --mount-proc sh -c 'node compose-trial.ts DIRECTORY'
//
// In DIRECTORY `trial.json` is written: ComposeResults.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { errnoOf } from '../../runtime/errors.ts'
import { documentedLine } from '../documented-line.ts'
import { makeBaseContext } from './base-context.ts'
import type { ImageName } from './build-images.ts'
import { type DockerEngine, startDocker } from './docker-engine.ts'

export interface ComposeResults {
  /** what the engine says of the collector's health, and the agent's own command when it had told all */
  readonly health: Readonly<Record<ImageName, string>>
  readonly hosts: { readonly items: readonly { readonly connected: boolean }[] }
  readonly facets: { readonly items: readonly { readonly facet: string; readonly state: string }[] }
  readonly overview: string
  /** why another address of the machine does not answer, too; '' when it does */
  readonly elsewhere: string
  /** /proc/PID/status of each */
  readonly status: Readonly<Record<ImageName, string>>
  /** how Compose ended when it was interrupted */
  readonly exit: number | null
  /** names that the images have which the lines of the guide build */
  readonly built: readonly string[]
}

const root = join(import.meta.dirname, '../..')
const base = 'http://127.0.0.1:8080'
const names = ['agent', 'collector'] as const

async function runTrial(directory: string): Promise<void> {
  const engine = await startDocker(join(directory, 'docker'))
  const { docker, environment } = engine
  try {
    const [, base = ''] = /^ARG BASE=(\S+)$/m.exec(readFileSync(join(root, 'Dockerfile.agent'), 'utf8')) ?? []
    docker('build', '--quiet', '--tag', base, makeBaseContext(join(directory, 'docker-base')))
    const results = await useTrial(engine)
    for (const name of names) {
      const line = documentedLine('docs/kubernetes.md', `docker build -f Dockerfile.${name} `)
      execFileSync('sh', ['-c', line], { cwd: root, env: environment, stdio: 'ignore' })
    }
    const built = docker('images', '--format', '{{.Repository}}').split('\n')
    writeFileSync(join(directory, 'trial.json'), JSON.stringify({ ...results, built } satisfies ComposeResults))
  } finally {
    await engine.stop()
  }
}

async function useTrial({ docker, environment, address }: DockerEngine): Promise<Omit<ComposeResults, 'built'>> {
  const line = documentedLine('deploy/compose/compose.yaml', '#   docker compose ').replace(/^#\s+/, '')
  const compose = spawn('sh', ['-c', `exec ${line}`], {
    ...{ cwd: root, env: environment, stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  })
  let said = ''
  compose.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  const ended = once(compose, 'exit')
  const inspect = (name: ImageName, what: string) => docker('inspect', '--format', what, `gabion_${name}_1`)
  let hosts: ComposeResults['hosts'] = { items: [] }
  let facets: ComposeResults['facets'] = { items: [] }
  await until(async () => {
    if (compose.exitCode !== null) throw new Error(`Compose ended: ${said.slice(-2_000)}`)
    hosts = await ask<ComposeResults['hosts']>('hosts').catch(() => hosts)
    const [host] = hosts.items as readonly { readonly id?: string; readonly connected: boolean }[]
    if (!host?.connected) return false
    facets = await ask<ComposeResults['facets']>(`hosts/${host.id}/facets`).catch(() => facets)
    return facets.items.length >= 15
  })
  const healthcheck = JSON.parse(inspect('agent', '{{json .Config.Healthcheck.Test}}')) as readonly string[]
  const statusOf = (name: ImageName) => readFileSync(`/proc/${inspect(name, '{{.State.Pid}}')}/status`, 'utf8')
  const results = {
    ...{ hosts, facets },
    health: {
      collector: inspect('collector', '{{.State.Health.Status}}'),
      agent: docker('exec', 'gabion_agent_1', ...healthcheck.slice(1)),
    },
    overview: await (await fetch(base)).text(),
    elsewhere: await fetch(base.replace('127.0.0.1', address)).then(
      () => '',
      error => errnoOf(error.cause),
    ),
    status: { collector: statusOf('collector'), agent: statusOf('agent') },
  }
  // As a terminal does: all of its processes are interrupted.
  process.kill(-(compose.pid ?? 0), 'SIGINT')
  const [exit] = (await ended) as [number | null]
  return { ...results, exit }
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${base}/api/v1/${path}`)
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return response.json() as Promise<T>
}

/** @throws when it does not come to hold within four minutes */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 240_000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('no agent of the trial has told what it sees')
    await delay(200)
  }
}

await runTrial(process.argv[2] ?? '')
