// Reads what the parameters of `all` and of each network interface make together, as the kernel combines them.
import type { InterfaceIpv4, InterfaceIpv6, SysctlFacts } from '../../proto/facets/sysctl.ts'
import type { Failure, Host } from '../host/host.ts'
import { offline } from '../no-answer.ts'
import type { Gaps } from '../probe.ts'
import { readLive } from './read-live.ts'

const ipv4 = {
  directory: 'net/ipv4/conf',
  leaves: [
    'accept_redirects',
    'accept_source_route',
    'forwarding',
    'log_martians',
    'route_localnet',
    'rp_filter',
    'send_redirects',
  ],
} as const
const ipv6 = {
  directory: 'net/ipv6/conf',
  leaves: ['accept_ra', 'accept_redirects', 'accept_source_route', 'disable_ipv6', 'forwarding'],
} as const

const maxInterfaces = 128

/** Loopback, and what container runtimes, network plugins and hypervisors make and take away by themselves. */
const notOfNote =
  /^(?:lo|all|veth.*|cali.*|lxc.*|cilium_.*|flannel.*|cni.*|docker\d*|br-[0-9a-f]{12}|podman\d*|virbr.*|vnet.*|tap.*|azv.*|gke.*|eni[0-9a-f]{11}|tunl\d+|vxlan.*|geneve.*|genev_.*|ovs-.*|antrea-.*|weave.*|vethwe.*|kube-.*|nodelocaldns|dummy.*|ifb\d+|gre\d+|gretap\d+|erspan\d+|sit\d+|ip6tnl\d+|ip6gre\d+|ip_vti\d+|ip6_vti\d+)$/

/** Undefined on an offline root, or when the interfaces cannot be listed. */
export async function readInterfaces(host: Host, gaps: Gaps): Promise<SysctlFacts['interfaces']> {
  if (!host.live) return omitted(gaps, offline(`/proc/sys/${ipv4.directory}`))
  const listed = await host.list(`/proc/sys/${ipv4.directory}`)
  if (listed.state !== 'present' && listed.state !== 'absent') return omitted(gaps, listed)
  const entries = listed.state === 'present' ? listed.value : []
  const names = entries.filter(({ name, kind }) => kind === 'directory' && !notOfNote.test(name)).map(one => one.name)
  if (names.length > maxInterfaces) {
    const detail = `over the limit of ${maxInterfaces} interfaces`
    gaps.note('interfaces', 'incomplete', { state: 'tooLarge', path: listed.path, detail })
  }
  const kept = ['all', ...names.slice(0, maxInterfaces)]
  const four = await readFamily(host, ipv4, kept, 'interfaces.ipv4', gaps)
  const hasIpv6 = (await host.stat(`/proc/sys/${ipv6.directory}`)).state !== 'absent'
  const six = hasIpv6 ? await readFamily(host, ipv6, kept, 'interfaces.ipv6', gaps) : undefined
  return kept.slice(1).map(name => {
    const effective4 = four && ipv4Of(values(four, 'all'), values(four, name))
    const effective6 = hasIpv6 ? six && ipv6Of(values(six, 'all'), values(six, name)) : noIpv6
    return { name, ...(effective4 && { ipv4: effective4 }), ...(effective6 && { ipv6: effective6 }) }
  })
}

function omitted(gaps: Gaps, failure: Failure): undefined {
  gaps.note('interfaces', 'omitted', failure)
  return undefined
}

/** Integers by `NAME/LEAF`; undefined, with a gap, when one of them is unknown. What a kernel lacks counts as 0. */
type Family = ReadonlyMap<string, number>

async function readFamily(
  host: Host,
  { directory, leaves }: { readonly directory: string; readonly leaves: readonly string[] },
  names: readonly string[],
  field: string,
  gaps: Gaps,
): Promise<Family | undefined> {
  const keys = names.flatMap(name => leaves.map(leaf => `${name}/${leaf}`))
  const live = await readLive(
    host,
    keys.map(key => `${directory}/${key}`),
  )
  const family = new Map<string, number>()
  let known = true
  for (const key of keys) {
    const value = live.get(`${directory}/${key}`)
    if (value?.state === 'known') family.set(key, /^-?\d{1,9}$/.test(value.value) ? Number(value.value) : 0)
    else {
      if (value) gaps.note(field, 'omitted', value.failure)
      known = false
    }
  }
  return known ? family : undefined
}

type Values = (leaf: string) => number

const values =
  (family: Family, name: string): Values =>
  leaf =>
    family.get(`${name}/${leaf}`) ?? 0

/** IN_DEV_ANDCONF, ORCONF and MAXCONF of include/linux/inetdevice.h. */
function ipv4Of(all: Values, own: Values): InterfaceIpv4 {
  const either = (leaf: string) => all(leaf) !== 0 || own(leaf) !== 0
  const both = (leaf: string) => all(leaf) !== 0 && own(leaf) !== 0
  const forwards = own('forwarding') !== 0
  return {
    acceptsRedirects: forwards ? both('accept_redirects') : either('accept_redirects'),
    sendsRedirects: either('send_redirects'),
    acceptsSourceRoute: both('accept_source_route'),
    reversePathFilter: Math.max(all('rp_filter'), own('rp_filter')),
    logsMartians: either('log_martians'),
    forwards,
    routesLoopback: either('route_localnet'),
  }
}

const noIpv6: InterfaceIpv6 = {
  enabled: false,
  acceptsRedirects: false,
  acceptsSourceRoute: false,
  acceptsRouterAdvertisements: false,
  forwards: false,
}

/** Of IPv6 the values of `all` count for source routes only: net/ipv6/ndisc.c, route.c, exthdrs.c. */
function ipv6Of(all: Values, own: Values): InterfaceIpv6 {
  if (own('disable_ipv6') !== 0) return noIpv6
  const forwards = own('forwarding') !== 0
  return {
    enabled: true,
    acceptsRedirects: own('accept_redirects') !== 0 && !forwards,
    acceptsSourceRoute: Math.min(all('accept_source_route'), own('accept_source_route')) > 0,
    acceptsRouterAdvertisements: forwards ? own('accept_ra') === 2 : own('accept_ra') !== 0,
    forwards,
  }
}
