// Finds kubelets that are configured to start but do not run: from units first, then from distributions' usual places.
import { posix } from 'node:path'
import type { Failure, Host } from '../host/host.ts'
import { parseKubeletConfig } from '../parse/kubelet-config.ts'
import { type KubeletFlags, parseKubeletFlags } from '../parse/kubelet-flags.ts'
import type { Gaps } from '../probe.ts'
import { configured, type FoundKubelet } from './found-kubelet.ts'
import { kubeletArgsFile, readArgsFile } from './microk8s.ts'
import { type RancherKind, readRancherKubelet } from './rancher.ts'
import { readUnit, readUnitCommand, type Unit } from './units.ts'

/** Units that start a kubelet under its own name. */
const kubeletUnits = ['kubelet.service', 'snap.kubelet.daemon.service']
/** Units that start a program with a kubelet inside or below it. */
const rancherUnits: readonly (readonly [string, RancherKind])[] = [
  ['k3s.service', 'k3s'],
  ['k3s-agent.service', 'k3s'],
  ['rke2-server.service', 'rke2'],
  ['rke2-agent.service', 'rke2'],
]

interface UsualPlace {
  readonly kind: FoundKubelet['kind']
  readonly flags: KubeletFlags & { readonly config: string }
}

/** Where distributions keep a KubeletConfiguration. A file counts only if it says that it is one. */
const usualPlaces: readonly UsualPlace[] = [
  place('kubelet', '/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet.conf'),
  place('openshift', '/etc/kubernetes/kubelet.conf', '/var/lib/kubelet/kubeconfig'),
  place('talos', '/etc/kubernetes/kubelet.yaml', '/etc/kubernetes/kubeconfig-kubelet'),
  place('k0s', '/var/lib/k0s/kubelet-config.yaml', '/var/lib/k0s/kubelet.conf', { 'root-dir': '/var/lib/k0s/kubelet' }),
  // EKS on Amazon Linux 2023, with drop-ins beside it
  place('kubelet', '/etc/kubernetes/kubelet/config.json', '/var/lib/kubelet/kubeconfig', {
    'config-dir': '/etc/kubernetes/kubelet/config.json.d',
  }),
  // EKS on Amazon Linux 2
  place('kubelet', '/etc/kubernetes/kubelet/kubelet-config.json', '/var/lib/kubelet/kubeconfig'),
  // Bottlerocket
  place('kubelet', '/etc/kubernetes/kubelet/config', '/etc/kubernetes/kubelet/kubeconfig'),
  // GKE
  place('kubelet', '/home/kubernetes/kubelet-config.yaml', '/var/lib/kubelet/kubeconfig'),
  // AKS
  place('kubelet', '/etc/default/kubeletconfig.json', '/var/lib/kubelet/kubeconfig'),
  // kubespray and other distributions
  place('kubelet', '/etc/kubernetes/kubelet-config.yaml', '/etc/kubernetes/kubelet.conf'),
]

/** @param running the kubelets that were found running; their units are not listed again */
export async function findConfigured(
  host: Host,
  running: readonly FoundKubelet[],
  gaps: Gaps,
): Promise<readonly FoundKubelet[]> {
  const found: FoundKubelet[] = []
  for (const name of kubeletUnits) found.push(...(await fromKubeletUnit(host, name, running)))
  for (const [name, kind] of rancherUnits) found.push(...(await fromRancherUnit(host, name, kind, running)))
  if (running.every(kubelet => kubelet.kind !== 'microk8s')) found.push(...(await fromMicrok8s(host)))
  return found.length > 0 || running.length > 0 ? found : await fromUsualPlaces(host, gaps)
}

/** Whether a kubelet program is installed although nothing starts it. A place that cannot be looked at is a gap. */
export async function hasKubeletBinary(host: Host, gaps: Gaps): Promise<boolean> {
  for (const directory of ['/usr/bin', '/usr/local/bin', '/opt/bin', '/home/kubernetes/bin', '/var/lib/k0s/bin']) {
    const stat = await host.stat(`${directory}/kubelet`)
    if (stat.state === 'present' && stat.value.kind === 'file') return true
    if (stat.state !== 'present') noteUnlessRemote(gaps, stat)
  }
  return false
}

/** No kubelet starts from a network mount: /home, one of the usual places, often is one on hosts without a kubelet. */
function noteUnlessRemote(gaps: Gaps, failure: Failure): void {
  if (failure.state !== 'remote') gaps.note('kubelets', 'incomplete', failure)
}

function place(kind: FoundKubelet['kind'], config: string, kubeconfig: string, more: KubeletFlags = {}): UsualPlace {
  return { kind, flags: { config, kubeconfig, ...more } }
}

async function unitNotRunning(host: Host, name: string, running: readonly FoundKubelet[]): Promise<Unit | undefined> {
  return running.some(kubelet => kubelet.unit === name) ? undefined : await readUnit(host, name)
}

async function fromKubeletUnit(
  host: Host,
  name: string,
  running: readonly FoundKubelet[],
): Promise<readonly FoundKubelet[]> {
  const unit = await unitNotRunning(host, name, running)
  if (!unit) return []
  const { argv, cwd, environmentFiles, obstacle } = await readUnitCommand(host, unit)
  const [program = '', first] = argv
  const isHyperkube = posix.basename(program) === 'hyperkube' && first === 'kubelet'
  const { flags, invalid } = parseKubeletFlags(argv.slice(isHyperkube ? 2 : 1))
  const [bad] = invalid
  const source = unit.paths[0] ?? name
  const wrapped = posix.basename(program) !== 'kubelet' && !isHyperkube
  const reason =
    bad !== undefined
      ? { source, state: 'malformed' as const, detail: `--${bad} has no value of its type` }
      : { source, state: 'unavailable' as const, detail: 'starts a wrapper: its arguments are not the kubelet’s' }
  return [
    {
      ...configured,
      kind: isHyperkube ? 'hyperkube' : 'kubelet',
      unit: name,
      flags,
      cwd,
      unitFiles: unit.paths,
      environmentFiles,
      unlistedFiles: unit.obstacle,
      obstacle: obstacle ?? (bad !== undefined || wrapped ? reason : undefined),
    },
  ]
}

async function fromRancherUnit(
  host: Host,
  name: string,
  kind: RancherKind,
  running: readonly FoundKubelet[],
): Promise<readonly FoundKubelet[]> {
  // RKE2's kubelet is a child of its unit, so a running one stands for whichever unit started it.
  if (running.some(kubelet => kubelet.kind === kind)) return []
  const unit = await unitNotRunning(host, name, running)
  if (!unit) return []
  const { argv, environmentFiles, obstacle } = await readUnitCommand(host, unit)
  const { disabled, ...rancher } = await readRancherKubelet(host, kind, argv.slice(2))
  if (disabled) return []
  const files = { unitFiles: unit.paths, environmentFiles, unlistedFiles: unit.obstacle }
  const common = { ...configured, kind, unit: name, cwd: '/', ...files }
  const unread = { obstacle: obstacle ?? rancher.obstacle, unreadOptions: obstacle ?? rancher.unreadOptions }
  return [{ ...common, ...rancher, ...unread }]
}

async function fromMicrok8s(host: Host): Promise<readonly FoundKubelet[]> {
  const file = await readArgsFile(host, kubeletArgsFile)
  if (!file) return []
  const unit = 'snap.microk8s.daemon-kubelite.service'
  return [{ ...configured, kind: 'microk8s', unit, cwd: '/', ...file, environmentFiles: [kubeletArgsFile] }]
}

async function fromUsualPlaces(host: Host, gaps: Gaps): Promise<readonly FoundKubelet[]> {
  for (const { kind, flags } of usualPlaces) {
    const text = await host.readText(flags.config)
    if (text.state !== 'present') {
      noteUnlessRemote(gaps, text)
      continue
    }
    // A malformed file is not known to be one: a kubeconfig may have the same name.
    if (parseKubeletConfig(text.value).state !== 'configuration') continue
    const directory = flags['config-dir']
    const hasDirectory = directory !== undefined && (await host.stat(directory)).state !== 'absent'
    const { 'config-dir': _unused, ...withoutDirectory } = flags
    return [
      {
        ...configured,
        kind,
        unit: '',
        cwd: '/',
        flags: hasDirectory ? flags : withoutDirectory,
        assumed: {
          source: flags.config,
          state: 'unavailable',
          detail: 'no unit and no process tells the command line',
        },
      },
    ]
  }
  return []
}
