// Facet `sysctl`: kernel parameters as they are now and as files set them at boot.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

export const SysctlParameterSchema = z.object({
  name: z
    .string()
    .describe('as sysctl(8) prints it: net.ipv4.conf.all.rp_filter; a dot inside an interface name is a slash'),
  supported: z.boolean().optional().describe('the running kernel has it below /proc/sys'),
  live: z
    .string()
    .optional()
    .describe('value now, white space folded to one blank; empty when not supported; `(hidden)` for key material'),
  persisted: z
    .string()
    .optional()
    .describe(
      'value in force at boot by a file or the kernel command line; empty when nothing sets it; `(hidden)` for key material and for text of a parameter that is not known to exist',
    ),
  origin: z
    .object({
      path: z.string().describe('file that sets it last, or /proc/cmdline; empty when nothing sets it'),
      line: z.int().describe('line in that file, from 1; 0 for none'),
    })
    .optional()
    .describe('where the persisted value comes from'),
  differs: z
    .boolean()
    .optional()
    .describe('a value is persisted for a supported parameter and is not the one in force now'),
})
export type SysctlParameter = z.infer<typeof SysctlParameterSchema>

export const InterfaceIpv4Schema = z.object({
  acceptsRedirects: z.boolean().describe('ICMP redirects: all or interface; all and interface where it forwards'),
  sendsRedirects: z.boolean().describe('all or interface; only one that forwards does'),
  acceptsSourceRoute: z.boolean().describe('all and interface'),
  reversePathFilter: z.int().describe('0 none, 1 strict, 2 loose: the greater of all and interface'),
  logsMartians: z.boolean().describe('all or interface'),
  forwards: z.boolean().describe('the interface passes packets on'),
  routesLoopback: z.boolean().describe('route_localnet, all or interface: packets to 127.0.0.0/8 come in from outside'),
})
export type InterfaceIpv4 = z.infer<typeof InterfaceIpv4Schema>

export const InterfaceIpv6Schema = z.object({
  enabled: z.boolean().describe('the kernel has IPv6 and it is not disabled here; else everything below is false'),
  acceptsRedirects: z.boolean().describe('accept_redirects of the interface alone, and only where it does not forward'),
  acceptsSourceRoute: z.boolean().describe('the lesser of all and interface is above 0'),
  acceptsRouterAdvertisements: z.boolean().describe('accept_ra of the interface alone; 2 where it forwards'),
  forwards: z.boolean().describe('the interface passes packets on'),
})
export type InterfaceIpv6 = z.infer<typeof InterfaceIpv6Schema>

export const SysctlFacet = defineFacet({
  name: 'sysctl',
  version: 1,
  title: 'Kernel parameters: in force now, set at boot, and what they make of each network interface',
  facts: {
    loader: z
      .enum(['systemd', 'procps', 'none'])
      .describe('what applies the files at boot; none: systemd-sysctl is masked, so nothing does'),
    parameters: keyed(SysctlParameterSchema, ['name']).describe(
      'parameters that matter for hardening or to the kubelet, and every one that a file names',
    ),
    interfaces: keyed(
      z.object({
        name: z.string().describe('interface, or `default` for those that come later'),
        ipv4: InterfaceIpv4Schema.optional().describe('what the parameters of all and of the interface make together'),
        ipv6: InterfaceIpv6Schema.optional().describe('what the parameters of all and of the interface make together'),
      }),
      ['name'],
    )
      .optional()
      .describe('loopback and the interfaces that container runtimes and network plugins make are left out'),
    hiddenFiles: sortedSet(z.string()).describe('files masked by one of the same name in an earlier directory'),
  },
  observations: {},
})
export type SysctlFacts = FactsOf<typeof SysctlFacet>
export type SysctlObservations = ObservationsOf<typeof SysctlFacet>
