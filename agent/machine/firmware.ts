// Reads what the firmware says the machine is, and the cloud that it thereby belongs to.
import type { HostFacts } from '../../proto/facets/host.ts'
import type { Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'

const directory = '/sys/class/dmi/id'

/** DMI texts; a machine without DMI, as many of ARM's, has empty ones. */
export async function readFirmware(host: Host, gaps: Gaps): Promise<Pick<HostFacts, 'firmware' | 'cloud'>> {
  if (!host.live) {
    for (const field of ['firmware', 'cloud']) {
      gaps.add({ field, effect: 'omitted', source: directory, state: 'unavailable', detail: 'offline root' })
    }
    return { cloud: 'none' }
  }
  const [vendor, product, biosVersion, assetTag] = [
    await readDmi(host, 'sys_vendor', 'firmware', gaps),
    await readDmi(host, 'product_name', 'firmware', gaps),
    await readDmi(host, 'bios_version', 'firmware', gaps),
    await readDmi(host, 'chassis_asset_tag', 'cloud', gaps),
  ]
  const cloud = cloudOf({
    vendor: vendor ?? '',
    product: product ?? '',
    biosVersion: biosVersion ?? '',
    assetTag: assetTag ?? '',
  })
  if (vendor === undefined || product === undefined || biosVersion === undefined) return { cloud }
  return { cloud, firmware: { vendor, product, biosVersion } }
}

async function readDmi(host: Host, name: string, field: string, gaps: Gaps): Promise<string | undefined> {
  const text = await host.readText(`${directory}/${name}`, { maxBytes: 4096 })
  if (text.state === 'present') return text.value.trim()
  if (text.state === 'absent') return ''
  gaps.note(field, 'omitted', text)
  return undefined
}

interface Dmi {
  readonly vendor: string
  readonly product: string
  readonly biosVersion: string
  readonly assetTag: string
}

/** What the vendors document for telling their machines, as cloud-init's ds-identify and systemd use it too. */
const clouds: readonly (readonly [name: string, matches: (dmi: Dmi) => boolean])[] = [
  ['aws', ({ vendor, biosVersion }) => vendor === 'Amazon EC2' || /\.amazon$/i.test(biosVersion)],
  ['gcp', ({ product }) => product === 'Google Compute Engine'],
  ['azure', ({ assetTag }) => assetTag === '7783-7084-3265-9085-8269-3286-77'],
  ['oracle', ({ assetTag }) => assetTag === 'OracleCloud.com'],
  ['alibaba', ({ vendor }) => vendor === 'Alibaba Cloud'],
  ['tencent', ({ vendor }) => vendor === 'Tencent Cloud'],
  ['digitalocean', ({ vendor }) => vendor === 'DigitalOcean'],
  ['hetzner', ({ vendor }) => vendor === 'Hetzner'],
  ['linode', ({ vendor }) => vendor === 'Linode' || vendor === 'Akamai'],
  ['vultr', ({ vendor }) => vendor === 'Vultr'],
  ['scaleway', ({ vendor }) => vendor === 'Scaleway'],
  ['exoscale', ({ vendor }) => vendor === 'Exoscale'],
  ['upcloud', ({ vendor }) => vendor === 'UpCloud'],
  ['openstack', ({ product }) => /^OpenStack (Nova|Compute)$/.test(product)],
]

function cloudOf(dmi: Dmi): string {
  return clouds.find(([, matches]) => matches(dmi))?.[0] ?? 'none'
}
