// Finds the control plane inside MicroK8s' kubelite, by the argument files that it reads.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import { obstacleOf } from '../kubelet/found-kubelet.ts'
import { readArgsWords } from '../kubelet/microk8s.ts'
import type { ProbeContext } from '../probe.ts'
import { type ComponentName, type FoundComponent, listOf } from './component.ts'

const directory = '/var/snap/microk8s/current/args'
/** There on a node that joined another's control plane. */
const workerMark = '/var/snap/microk8s/current/var/lock/clustered.lock'
const unit = 'snap.microk8s.daemon-kubelite.service'
const controlPlane: readonly ComponentName[] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']

export async function findMicrok8s(host: Host, context: ProbeContext): Promise<readonly FoundComponent[]> {
  const { processes } = await context.processes()
  const process = processes.find(one => posix.basename(one.executable) === 'kubelite' || one.name === 'kubelite')
  const worker = await host.stat(workerMark)
  if (worker.state !== 'present') context.gaps.note('apiServers', 'incomplete', worker)
  const names = worker.state === 'present' ? (['kube-proxy'] as const) : [...controlPlane, 'kube-proxy' as const]
  const found: FoundComponent[] = []
  for (const name of names) {
    const path = `${directory}/${name}`
    const words = await readArgsWords(host, path)
    if (words.state === 'absent') continue
    if (words.state !== 'present') context.gaps.note(listOf[name], 'incomplete', words)
    const at = { unit, cwd: '/', contained: false, foreign: false, environment: new Map<string, string>() }
    found.push({
      name,
      kind: 'microk8s',
      running: process && { ...at, process, args: [] },
      manifest: undefined,
      unit,
      words: [{ source: 'file', place: path, args: words.state === 'present' ? words.value : [] }],
      environment: undefined,
      cwd: '/',
      obstacle: words.state === 'present' ? undefined : obstacleOf(words),
    })
  }
  return found
}
