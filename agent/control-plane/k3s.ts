// Finds the control plane inside a k3s server: what k3s gives each embedded program, and what its configuration adds.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import type { HostProcess } from '../host/processes.ts'
import { programOf } from '../kubelet/find-running.ts'
import { readRancherFiles } from '../kubelet/rancher.ts'
import { readUnit, readUnitCommand } from '../kubelet/units.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { processArguments } from '../parse/process-arguments.ts'
import { parseRancherValues } from '../parse/rancher-options.ts'
import {
  embeddedArguments,
  type RancherServer,
  rancherConfigWords,
  readRancherServer,
} from '../parse/rancher-server-options.ts'
import type { ProbeContext } from '../probe.ts'
import type { ComponentName, FoundComponent } from './component.ts'

const unitName = 'k3s.service'
const processNames: ReadonlySet<string> = new Set(['k3s', 'k3s-server'])

/** Components of a running k3s server, else of one whose unit is installed. */
export async function findK3s(host: Host, context: ProbeContext): Promise<readonly FoundComponent[]> {
  const running = await findServer(host, context)
  const { unit: cgroupUnit } = identifyCgroups(running?.process.cgroups ?? [])
  const name = cgroupUnit.endsWith('.service') ? cgroupUnit : unitName
  const unit = await readUnit(host, name)
  const command = unit && (await readUnitCommand(host, unit))
  const isServer = command?.argv[1] === 'server' || (command?.obstacle !== undefined && (await hasServerData(host)))
  if (!running && !isServer) return []
  // k3s hides its arguments from the process list; then the unit tells them.
  const given = running && running.words.length > 0 ? running.words : (command?.argv.slice(2) ?? [])
  const obstacle = running && running.words.length > 0 ? undefined : command?.obstacle
  const config = readRancherServer(given).config ?? '/etc/rancher/k3s/config.yaml'
  const { files, obstacle: unread } = await readRancherFiles(host, config, parseRancherValues)
  const server = readRancherServer([...rancherConfigWords(files), ...given])
  const dataDir = server.dataDir ?? '/var/lib/rancher/k3s'
  const place = files.length > 0 ? config : name
  const etcdConfig = `${dataDir}/server/db/etcd/config`
  const hasEtcd = (await host.stat(etcdConfig)).state !== 'absent'
  return embedded(server, `${dataDir}/server`, hasEtcd).map(({ component, builtIn, extra }) => {
    const args = embeddedArguments(builtIn, extra)
    return {
      name: component,
      kind: 'k3s',
      running: running && asRunning(running.process, name),
      manifest: undefined,
      unit: name,
      words: [
        { source: 'distribution', place: `argument that k3s gives ${component}`, args: args.builtIn },
        { source: 'file', place, args: args.given },
      ],
      environment: undefined,
      cwd: '/',
      obstacle: obstacle ?? unread,
    } satisfies FoundComponent
  })
}

interface Server {
  readonly process: HostProcess
  /** arguments after `server`, as far as the process shows them */
  readonly words: readonly string[]
}

async function findServer(host: Host, context: ProbeContext): Promise<Server | undefined> {
  const { processes } = await context.processes()
  for (const process of processes) {
    if (!processNames.has(posix.basename(process.executable)) && !processNames.has(process.name)) continue
    const text = await host.readText(`/proc/${process.pid}/cmdline`, { maxBytes: 1024 * 1024 })
    if (text.state !== 'present') {
      context.gaps.note('apiServers', 'incomplete', text)
      continue
    }
    const argv = processArguments(text.value)
    const program = programOf(process.executable, argv)
    const isServer = /(?:^|\/)k3s-server$/.test(argv[0] ?? '') || /^\S*k3s\s+server\b/.test(argv.slice(0, 2).join(' '))
    if (program?.form === 'k3s' && isServer) return { process, words: program.args }
  }
  return undefined
}

function asRunning(process: HostProcess, unit: string) {
  return { process, args: [], environment: new Map(), unit, cwd: '/', contained: false, foreign: false } as const
}

async function hasServerData(host: Host): Promise<boolean> {
  return (await host.stat('/var/lib/rancher/k3s/server')).state === 'present'
}

interface Embedded {
  readonly component: ComponentName
  /** flag → value */
  readonly builtIn: Readonly<Record<string, string>>
  readonly extra: readonly string[]
}

/** @param data the server's directory, such as /var/lib/rancher/k3s/server */
function embedded(server: RancherServer, data: string, hasEtcd: boolean): readonly Embedded[] {
  const { disabled } = server
  const local = { 'bind-address': '127.0.0.1', profiling: 'false' }
  const components: (Embedded | false)[] = [
    !disabled.apiServer && {
      component: 'kube-apiserver',
      builtIn: apiServerArguments(server, data, hasEtcd),
      extra: server.apiServerArgs,
    },
    !disabled.controllerManager && {
      component: 'kube-controller-manager',
      builtIn: {
        ...local,
        kubeconfig: `${data}/cred/controller.kubeconfig`,
        'service-account-private-key-file': `${data}/tls/service.current.key`,
        'root-ca-file': `${data}/tls/server-ca.crt`,
        'use-service-account-credentials': 'true',
      },
      extra: server.controllerManagerArgs,
    },
    !disabled.scheduler && {
      component: 'kube-scheduler',
      builtIn: { ...local, kubeconfig: `${data}/cred/scheduler.kubeconfig` },
      extra: server.schedulerArgs,
    },
    hasEtcd && { component: 'etcd', builtIn: { 'config-file': `${data}/db/etcd/config` }, extra: [] },
    !disabled.kubeProxy && { component: 'kube-proxy', builtIn: {}, extra: server.kubeProxyArgs },
  ]
  return components.filter(one => one !== false)
}

function apiServerArguments(server: RancherServer, data: string, hasEtcd: boolean): Record<string, string> {
  const tls = `${data}/tls`
  const etcd: Record<string, string> = hasEtcd
    ? {
        'etcd-servers': 'https://127.0.0.1:2379',
        'etcd-cafile': `${tls}/etcd/server-ca.crt`,
        'etcd-certfile': `${tls}/etcd/client.crt`,
        'etcd-keyfile': `${tls}/etcd/client.key`,
      }
    : // Other data stores stand behind a socket of k3s itself.
      { 'etcd-servers': server.etcdServers.join(',') || 'unix://kine.sock' }
  return {
    ...etcd,
    'anonymous-auth': 'false',
    'authorization-mode': 'Node,RBAC',
    'bind-address': server.bindAddress === '' ? '127.0.0.1' : server.bindAddress,
    'client-ca-file': `${tls}/client-ca.crt`,
    'enable-admission-plugins': 'NodeRestriction',
    'kubelet-certificate-authority': `${tls}/server-ca.crt`,
    'kubelet-client-certificate': `${tls}/client-kube-apiserver.crt`,
    'kubelet-client-key': `${tls}/client-kube-apiserver.key`,
    profiling: 'false',
    'secure-port': '6444',
    'service-account-key-file': `${tls}/service.key`,
    'service-account-signing-key-file': `${tls}/service.current.key`,
    'tls-cert-file': `${tls}/serving-kube-apiserver.crt`,
    'tls-private-key-file': `${tls}/serving-kube-apiserver.key`,
    ...(server.secretsEncryption ? { 'encryption-provider-config': `${data}/cred/encryption-config.json` } : {}),
  }
}
