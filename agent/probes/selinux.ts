// Probe `selinux`: whether it enforces now and after the next boot, and who escapes its domains.
import { SelinuxFacet, type SelinuxFacts } from '../../proto/facets/selinux.ts'
import type { Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { offline } from '../no-answer.ts'
import { parseSelinuxConfig } from '../parse/selinux-config.ts'
import { absent, defineProbe, every, type Gaps, present, watch } from '../probe.ts'
import { readPermissiveDomains } from '../selinux/permissive-domains.ts'
import { isActive, readKernelState } from '../selinux/read-kernel-state.ts'
import { readTypes } from '../selinux/read-types.ts'

const configPath = '/etc/selinux/config'

export const selinux = defineProbe({
  facet: SelinuxFacet,
  triggers: [watch(configPath), every(60_000)],
  async run(host, context) {
    const { gaps } = context
    const config = await host.stat(configPath)
    if (config.state === 'absent' && (await isActive(host)) !== true) {
      return host.live
        ? absent('notSupported', 'the kernel has SELinux off, and there is no configuration of it')
        : absent('notInstalled', `${configPath} does not exist`)
    }
    const { configuredMode, configuredType } = await readConfig(host, gaps)
    const kernel = await readKernelState(host, gaps)
    const permissiveDomains = await permissiveFacts(host, gaps, configuredType)
    const isLabelled = host.live && kernel.mode !== 'disabled'
    const types = isLabelled ? await readTypes(host, gaps, await context.processes()) : undefined
    if (!host.live) gaps.note('unconfinedDaemons', 'omitted', offline('/proc/PID/attr/current'))
    return present(
      {
        ...kernel,
        ...(configuredMode !== undefined && { configuredMode }),
        ...(configuredType !== undefined && { configuredType }),
        ...(permissiveDomains && { permissiveDomains }),
        ...(host.live && { unconfinedDaemons: types?.unconfinedDaemons ?? [] }),
      },
      { processes: types?.processes ?? [] },
    )
  },
})

async function readConfig(host: Host, gaps: Gaps): Promise<Pick<SelinuxFacts, 'configuredMode' | 'configuredType'>> {
  const text = await host.readText(configPath)
  if (text.state === 'absent') return { configuredMode: 'none', configuredType: '' }
  if (text.state !== 'present') {
    gaps.note('configuredMode', 'omitted', text)
    gaps.note('configuredType', 'omitted', text)
    return {}
  }
  const { mode, type, malformed } = parseSelinuxConfig(text.value)
  // A known value elsewhere in the file decides all the same.
  if (mode !== 'none' || malformed.length === 0) return { configuredMode: mode, configuredType: type }
  noteMalformedLines(gaps, 'configuredMode', 'omitted', configPath, malformed)
  if (type !== '') return { configuredType: type }
  noteMalformedLines(gaps, 'configuredType', 'omitted', configPath, malformed)
  return {}
}

async function permissiveFacts(
  host: Host,
  gaps: Gaps,
  type: string | undefined,
): Promise<SelinuxFacts['permissiveDomains']> {
  if (type !== undefined) return await readPermissiveDomains(host, gaps, type)
  const detail = 'the name of the policy is not known'
  gaps.note('permissiveDomains', 'omitted', { state: 'unavailable', path: configPath, detail })
  return undefined
}
