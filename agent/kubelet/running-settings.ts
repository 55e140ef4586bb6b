// Asks a kubelet what it runs with, and holds that against what it is configured with.
import type { Gap } from '../../proto/facet.ts'
import type { Kubelet, KubeletEndpoint, KubeletSettings, RunningSetting } from '../../proto/facets/kubelet.ts'
import type { Host } from '../host/host.ts'
import { parseKubeletConfigz } from '../parse/kubelet-configz.ts'
import type { KubeletCertificates } from './certificates.ts'
import { runningValues } from './effective.ts'
import type { SettingName, SettingValue } from './setting-fields.ts'

export interface RunningSettings {
  readonly configz: Kubelet['configz']
  readonly rows: readonly RunningSetting[]
  readonly gaps: readonly Gap[]
}

export interface ConfiguredKubelet {
  readonly id: string
  readonly version: string | undefined
  readonly cwd: string | undefined
  /** undefined when they cannot be told */
  readonly settings: KubeletSettings | undefined
  /** where the kubelet keeps the pair that it makes itself */
  readonly certDir: string
}

export const notAsked: RunningSettings = { configz: 'not-asked', rows: [], gaps: [] }

/** @param endpoint the HTTPS port, open */
export async function readRunningSettings(
  host: Host,
  { address, port }: KubeletEndpoint,
  { serving }: KubeletCertificates,
  kubelet: ConfiguredKubelet,
): Promise<RunningSettings> {
  const outcome = await host.askConfigz({ address, port, fingerprints: [...serving.keys()] })
  if (outcome.state === 'absent') return notAsked
  if (outcome.state !== 'present') return lacking('unavailable', outcome.path, outcome.state, outcome.detail)
  const { path, value: answer } = outcome
  if (answer.status === 401 || answer.status === 403) {
    return lacking('refused', path, 'unavailable', `status ${answer.status}: the token may not get nodes/configz`)
  }
  if (answer.status !== 200) return lacking('unavailable', path, 'unavailable', `status ${answer.status}`)
  const values = parseKubeletConfigz(answer.body)
  const running = values && runningValues(values, kubelet)
  if (!(running instanceof Map)) return lacking('unavailable', path, 'malformed', 'no KubeletConfiguration')
  const detail = 'its flags and files cannot be told'
  const unknown = { field: 'runningSettings.configured', effect: 'omitted', source: kubelet.id } as const
  const gaps = kubelet.settings === undefined ? [{ ...unknown, state: 'unavailable', detail } as const] : []
  return { configz: 'read', rows: rowsOf(kubelet, running), gaps }
}

function lacking(configz: Kubelet['configz'], source: string, state: Gap['state'], detail: string): RunningSettings {
  return { configz, rows: [], gaps: [{ field: 'runningSettings', effect: 'incomplete', source, state, detail }] }
}

function rowsOf(
  { id, settings, certDir }: ConfiguredKubelet,
  running: ReadonlyMap<SettingName, SettingValue>,
): readonly RunningSetting[] {
  return [...running].map(([setting, value]) => {
    const told = textOf(value)
    if (settings === undefined) return { kubelet: id, setting, running: told }
    const own = ownPair[setting]
    // A kubelet without a certificate of its own tells the pair that it has made as if it were configured.
    const running = own !== undefined && told === `${certDir}/${own}` && settings[setting].value === '' ? '' : told
    return { kubelet: id, setting, running, configured: textOf(settings[setting].value) }
  })
}

const ownPair: Partial<Readonly<Record<SettingName, string>>> = {
  tlsCertFile: 'kubelet.crt',
  tlsPrivateKeyFile: 'kubelet.key',
}

const textOf = (value: SettingValue) => (typeof value === 'object' ? value.join(',') : String(value))
