// Finds the static pods of control plane components in the directories that kubelets start them from.
import { posix } from 'node:path'
import type { Host } from '../host/host.ts'
import type { Obstacle } from '../kubelet/found-kubelet.ts'
import { findStaticPodFiles } from '../kubelet/static-pod-files.ts'
import { malformedDetail } from '../parse/kubernetes-document.ts'
import { type PodContainer, parseStaticPod } from '../parse/static-pod.ts'
import type { Gaps, ProbeContext } from '../probe.ts'
import { type ComponentName, componentNames, listOf, type Manifest } from './component.ts'

const maxManifestBytes = 512 * 1024

export type FoundManifest = Manifest & { readonly component: ComponentName }

/** What could not be read is noted for the lists of all components: any of them may stand there. */
export async function findManifests(host: Host, context: ProbeContext): Promise<readonly FoundManifest[]> {
  const { paths, unlisted, unknown, remote } = await findStaticPodFiles(host, context)
  for (const obstacle of unlisted) noteEverywhere(context.gaps, obstacle)
  // On a running host the processes tell what there is.
  if (!host.live) for (const obstacle of [...unknown, ...remote]) noteEverywhere(context.gaps, obstacle)
  const found: FoundManifest[] = []
  for (const path of paths) found.push(...(await readManifest(host, path, context.gaps)))
  return found
}

async function readManifest(host: Host, path: string, gaps: Gaps): Promise<readonly FoundManifest[]> {
  const text = await host.readText(path, { maxBytes: maxManifestBytes })
  const stat = await host.stat(path)
  if (text.state !== 'present' || stat.state !== 'present') {
    const failure = text.state !== 'present' ? text : stat
    if (failure.state !== 'present' && failure.state !== 'absent') {
      noteManifest(gaps, { source: path, state: failure.state, detail: failure.detail })
    }
    return []
  }
  const pod = parseStaticPod(text.value)
  if (pod.state === 'malformed') {
    noteManifest(gaps, { source: path, state: 'malformed', detail: malformedDetail(pod) })
    return []
  }
  if (pod.state === 'other') return []
  const { modifiedAtMs } = stat.value
  return pod.containers.flatMap(container => {
    const read = componentOf(container)
    return read ? { ...read, path, modifiedAtMs, container } : []
  })
}

/** A manifest is a file of the control plane itself, and names others. */
function noteManifest(gaps: Gaps, obstacle: Obstacle): void {
  noteEverywhere(gaps, obstacle)
  gaps.add({ field: 'files', effect: 'incomplete', ...obstacle })
}

/**
 * Which component a container runs. Some images start another program in front (`go-runner … -- kube-apiserver …`), or
 * have the program as their entry point; what a shell starts cannot be told.
 */
export function componentOf(
  container: PodContainer,
): Pick<FoundManifest, 'component' | 'args' | 'obstacle'> | undefined {
  const { argv, name, image } = container
  const divider = argv.indexOf('--')
  for (const start of divider < 0 ? [0] : [0, divider + 1]) {
    const component = named(argv[start] ?? '')
    if (component) return { component, args: argv.slice(start + 1) }
  }
  const component = componentNames.find(one => one === name) ?? named(image.replace(/(?::[^:/]*)?(?:@[^@/]*)?$/, ''))
  if (!component) return undefined
  if (argv.length === 0 || argv[0]?.startsWith('-')) return { component, args: argv }
  const detail = 'starts a wrapper: its arguments are not the component’s'
  return { component, args: [], obstacle: { source: name || component, state: 'unavailable', detail } }
}

function named(path: string): ComponentName | undefined {
  const program = posix.basename(path)
  return componentNames.find(name => name === program)
}

export function noteEverywhere(gaps: Gaps, { source, state, detail }: Obstacle): void {
  for (const field of Object.values(listOf)) gaps.add({ field, effect: 'incomplete', source, state, detail })
}
