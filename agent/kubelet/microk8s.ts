// Reads the arguments file that MicroK8s gives the kubelet inside kubelite.
import type { Host } from '../host/host.ts'
import { type KubeletFlags, parseKubeletFlags } from '../parse/kubelet-flags.ts'
import { splitWords } from '../parse/systemd-exec.ts'
import { type Obstacle, obstacleOf } from './found-kubelet.ts'

export const kubeletArgsFile = '/var/snap/microk8s/current/args/kubelet'

export interface ArgsFile {
  readonly flags: KubeletFlags
  readonly obstacle?: Obstacle
}

/** One argument per line, `#` comments, variables of the snap. Undefined when the file is not there. */
export async function readArgsFile(host: Host, path: string): Promise<ArgsFile | undefined> {
  const text = await host.readText(path)
  if (text.state === 'absent') return undefined
  if (text.state !== 'present') return { flags: {}, obstacle: obstacleOf(text) }
  const snapData = /^(\/var\/snap\/[^/]+)\/([^/]+)\/args\/kubelet$/.exec(path)
  const [, data = '/var/snap/microk8s', revision = 'current'] = snapData ?? []
  const variables = new Map([
    ['SNAP_DATA', `${data}/${revision}`],
    ['SNAP_COMMON', `${data}/common`],
    ['SNAP', `${data.replace('/var/snap/', '/snap/')}/${revision}`],
  ])
  const lines = text.value.split('\n').filter(line => !/^\s*#/.test(line))
  const words = splitWords(lines.join('\n')).map(word =>
    word.replace(/\$\{?(SNAP_DATA|SNAP_COMMON|SNAP)\b\}?/g, (_, name: string) => variables.get(name) ?? ''),
  )
  const { flags, invalid } = parseKubeletFlags(words)
  const [first] = invalid
  return first === undefined
    ? { flags }
    : { flags, obstacle: { source: path, state: 'malformed', detail: `--${first} has no value of its type` } }
}
