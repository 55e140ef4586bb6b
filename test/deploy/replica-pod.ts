// A collector as the overlay for PostgreSQL runs it: the bundle, its variables and file, both Secrets, its user.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import type { IDeployment } from 'kubernetes-models/apps/v1'
import type { Test } from 'tap'
import { parse, stringify } from 'yaml'
import { collectorFile, find, type Manifest, podOf } from './rendered.ts'

export interface PodPlan {
  readonly manifests: readonly Manifest[]
  /** directory that its files are in, open to its user */
  readonly place: string
  /** loopback address that stands for the address of the pod */
  readonly address: string
  readonly ports: Readonly<Record<'http' | 'grpc' | 'enrolled' | 'exchange', number>>
  /** content of Secret gabion-database and of Secret gabion-pki */
  readonly secrets: { readonly url: string; readonly password: string; readonly pki: string }
}

export interface ReplicaPod {
  readonly child: ChildProcess
  /** resolves when it serves; rejects with its log when it ends instead */
  readonly serving: Promise<void>
  readonly log: () => string
  /** `kubectl exec … -- node gabion-collector.mjs WORDS` */
  exec(...words: readonly string[]): string
  /** GET at the pod's address, verified by the CA; undefined while there is no answer */
  get<T>(path: string, token: string): Promise<T | undefined>
}

const user = 65532
const program = (place: string) => join(place, '../dist/gabion-collector.mjs')

/** Files of a Secret as the kubelet lays them out: links into a directory that can be swapped whole. */
function mountSecret(from: string, to: string): void {
  const data = join(to, '..2026_11_22')
  mkdirSync(data, { recursive: true })
  for (const name of readdirSync(from)) {
    cpSync(join(from, name), join(data, name))
    chmodSync(join(data, name), 0o440)
    chownSync(join(data, name), 0, user)
    symlinkSync(join('..data', name), join(to, name))
  }
  symlinkSync('..2026_11_22', join(to, '..data'))
}

/** The files and variables that the manifest gives the container, where the test has them. */
function prepare({ manifests, place, address, ports, secrets }: PodPlan) {
  const { container } = podOf(find<IDeployment>(manifests, 'Deployment', 'gabion-collector'))
  const mounts = (name: string) => container.volumeMounts?.find(mount => mount.name === name)?.mountPath ?? '-'
  const data = join(place, 'data')
  // An emptyDir belongs to root and to the pod's group.
  mkdirSync(data)
  chownSync(data, 0, user)
  chmodSync(data, 0o2770)
  mountSecret(secrets.pki, join(data, 'pki'))
  mkdirSync(join(place, 'given'))
  writeFileSync(join(place, 'given/password'), secrets.password)
  mountSecret(join(place, 'given'), join(place, 'database'))
  // There is no cluster here to review tokens; what is left is as in the pod.
  const { kubernetes: _, ...config } = parse(collectorFile(manifests)) as Readonly<Record<string, unknown>>
  const file = join(place, 'collector.yaml')
  writeFileSync(file, stringify(config).replaceAll(mounts('data'), data))
  const given = (container.env ?? []).map(({ name, value, valueFrom }) => [
    name,
    valueFrom?.secretKeyRef?.key === 'url' ? secrets.url : value?.replace(mounts('database'), join(place, 'database')),
  ])
  // The address of a pod is no loopback, where TLS has to be asked for.
  const env = {
    ...{ PATH: process.env['PATH'], ...Object.fromEntries(given) },
    ...{ GABION_HTTP_HOST: address, GABION_GRPC_HOST: address, GABION_ADVERTISE: 'localhost', GABION_HTTP_TLS: 'true' },
    ...Object.fromEntries(
      Object.entries(ports).map(([name, port]) => [`GABION_${name.toUpperCase()}_PORT`, `${port}`]),
    ),
  }
  return { args: container.args ?? [], file, env }
}

export function startPod(t: Pick<Test, 'teardown'>, plan: PodPlan): ReplicaPod {
  const { args, file, env } = prepare(plan)
  const who = process.getuid?.() === 0 ? { uid: user, gid: user } : {}
  const words = (...given: readonly string[]) => [program(plan.place), ...given, '--config', file]
  const child = spawn(process.execPath, words(...args), { env, ...who, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  const serving = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', chunk => {
        log += chunk
        if (log.includes('"serving"')) resolve()
      })
    child.once('exit', code => reject(new Error(`ended with ${code}: ${log}`)))
  })
  serving.catch(() => undefined)
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  })
  return {
    ...{ child, serving, log: () => log },
    exec: (...given) =>
      execFileSync(process.execPath, words(...given), {
        env,
        ...who,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    get: (path, token) => ask(plan, path, token),
  }
}

function ask<T>({ address, ports, secrets }: PodPlan, path: string, token: string): Promise<T | undefined> {
  const ca = readFileSync(join(secrets.pki, 'ca.crt'))
  const headers = { host: `localhost:${ports.http}`, authorization: `Bearer ${token}` }
  const options = { host: address, port: ports.http, path: `/api/v1/${path}`, servername: 'localhost', ca, headers }
  return new Promise(resolve => {
    const nothing = () => resolve(undefined)
    const asked = request(options, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      answer.on('end', () => (answer.statusCode === 200 ? resolve(JSON.parse(text) as T) : nothing()))
    })
    asked.on('error', nothing).end()
  })
}
