// Reads the arguments file that MicroK8s gives the kubelet inside kubelite.
import type { Host, Outcome } from '../host/host.ts'
import { type KubeletFlags, parseKubeletFlags } from '../parse/kubelet-flags.ts'
import { splitWords } from '../parse/systemd-exec.ts'
import { type Obstacle, obstacleOf } from './found-kubelet.ts'

export const kubeletArgsFile = '/var/snap/microk8s/current/args/kubelet'

export interface ArgsFile {
  readonly flags: KubeletFlags
  readonly obstacle?: Obstacle
}

/** What the file says to the kubelet; undefined when it is not there. */
export async function readArgsFile(host: Host, path: string): Promise<ArgsFile | undefined> {
  const words = await readArgsWords(host, path)
  if (words.state === 'absent') return undefined
  if (words.state !== 'present') return { flags: {}, obstacle: obstacleOf(words) }
  const { flags, invalid } = parseKubeletFlags(words.value)
  const [first] = invalid
  return first === undefined
    ? { flags }
    : { flags, obstacle: { source: path, state: 'malformed', detail: `--${first} has no value of its type` } }
}

/** One argument per line, `#` comments, variables of the snap. */
export async function readArgsWords(host: Host, path: string): Promise<Outcome<readonly string[]>> {
  const text = await host.readText(path)
  if (text.state !== 'present') return text
  const snapData = /^(\/var\/snap\/[^/]+)\/([^/]+)\/args\/[^/]+$/.exec(path)
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
  return { state: 'present', path, value: words }
}
