// Makes the row of a kube-proxy; in a pod its configuration is a ConfigMap that the kubelet keeps on the host.
import { posix } from 'node:path'
import { type ControlPlaneFacts, KubeProxySettingsSchema } from '../../proto/facets/control-plane.ts'
import { type Obstacle, obstacleOf } from '../kubelet/found-kubelet.ts'
import { identifyCgroups } from '../parse/cgroup.ts'
import { parseProxyConfig } from '../parse/component-config.ts'
import { malformedDetail } from '../parse/kubernetes-document.ts'
import { reach } from './component.ts'
import { commonRow, type Description, note } from './describe.ts'
import { kubeProxyFields } from './setting-fields.ts'
import { readFlags, settingsOf, textFlag } from './settings.ts'

type Row = Omit<ControlPlaneFacts['kubeProxies'][number], 'id'>

export async function describeKubeProxy(description: Description): Promise<Row> {
  const { found, version } = description
  const flags = readFlags(found.words, kubeProxyFields, found)
  const effective = settingsOf(kubeProxyFields, flags, found, version)
  if ('obstacle' in effective) {
    note(description, 'settings', effective.obstacle)
    return commonRow(description, kubeProxyFields)
  }
  const config = textFlag(flags.layers, 'config')
  const told = config === '' ? effective.settings : await fromFile(description, config, effective.settings)
  if ('detail' in told) {
    note(description, 'settings', told)
    return commonRow(description, kubeProxyFields)
  }
  return { ...commonRow(description, kubeProxyFields), settings: KubeProxySettingsSchema.parse(told) }
}

type Effective = Extract<ReturnType<typeof settingsOf<typeof kubeProxyFields>>, { settings: unknown }>['settings']

/** With a configuration file the flags have no say. */
async function fromFile(description: Description, config: string, settings: Effective): Promise<Effective | Obstacle> {
  const path = await findConfig(description, config)
  if (typeof path !== 'string') return path
  const text = await description.host.readText(path)
  if (text.state !== 'present') return obstacleOf(text)
  const parsed = parseProxyConfig(text.value)
  if (parsed.state === 'malformed') return { source: config, state: 'malformed', detail: malformedDetail(parsed) }
  const setting = (value: string, field: keyof typeof kubeProxyFields) => {
    const fallback = { ...settings[field], value: kubeProxyFields[field].fallback, source: 'default' } as const
    return value === '' ? { ...fallback, origin: 'default' } : ({ value, source: 'file', origin: config } as const)
  }
  return {
    metricsBindAddress: setting(parsed.metricsBindAddress, 'metricsBindAddress'),
    healthzBindAddress: setting(parsed.healthzBindAddress, 'healthzBindAddress'),
  }
}

/** Where the kubelet keeps the volumes of pods unless told otherwise. */
const podVolumes = '/var/lib/kubelet/pods'

/** The file on the host, in a pod that of a ConfigMap with the same name. */
async function findConfig({ host, found }: Description, config: string): Promise<string | Obstacle> {
  const reached = reach(found, config)
  if (reached.state === 'host') return reached.path
  const { podUid } = identifyCgroups(found.running?.process.cgroups ?? [])
  const unknown: Obstacle = { source: config, state: 'unavailable', detail: 'the volume of the pod is not known' }
  if (podUid === '' || found.running?.foreign) return unknown
  const volumes = `${podVolumes}/${podUid}/volumes/kubernetes.io~configmap`
  const entries = await host.list(volumes)
  if (entries.state !== 'present') return { ...obstacleOf(entries), source: config }
  const candidates: string[] = []
  for (const { name } of entries.value) {
    const path = `${volumes}/${name}/${posix.basename(config)}`
    if ((await host.stat(path)).state === 'present') candidates.push(path)
  }
  const [path, another] = candidates
  return path !== undefined && another === undefined ? path : unknown
}
