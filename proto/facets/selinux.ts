// Facet `selinux`: whether it enforces now and after the next boot, and who runs without the protection of a domain.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

export const SelinuxFacet = defineFacet({
  name: 'selinux',
  version: 1,
  title: 'SELinux: mode now and at boot, policy, booleans that matter, permissive domains, unconfined daemons',
  facts: {
    mode: z
      .enum(['enforcing', 'permissive', 'disabled'])
      .optional()
      .describe('/sys/fs/selinux/enforce; disabled where the kernel has no selinuxfs; left out for an offline root'),
    configuredMode: z
      .enum(['enforcing', 'permissive', 'disabled', 'none'])
      .optional()
      .describe('SELINUX of /etc/selinux/config; none when the file or a known value in it is missing'),
    configuredType: z.string().optional().describe('SELINUXTYPE of that file, such as targeted; empty when not set'),
    disabledAtBoot: z
      .boolean()
      .optional()
      .describe('selinux=0 stands on the kernel command line; left out for an offline root'),
    policyVersion: z.int().optional().describe('/sys/fs/selinux/policyvers, 0 when disabled; left out when offline'),
    unknownPermissions: z
      .enum(['allow', 'deny', 'reject', 'none'])
      .optional()
      .describe('what becomes of permissions that the policy does not know; none when disabled; left out when offline'),
    booleans: keyed(
      z.object({
        name: z.string().describe('name of the boolean'),
        value: z.boolean().describe('in force now'),
        pending: z.boolean().describe('in force after the next commit'),
      }),
      ['name'],
    )
      .optional()
      .describe('booleans that matter, as far as the policy has them; left out for an offline root'),
    permissiveDomains: sortedSet(z.string())
      .optional()
      .describe('types that `semanage permissive` made permissive; left out when the policy store cannot be read'),
    unconfinedDaemons: keyed(
      z.object({
        executable: z.string().describe('program, empty when it could not be read'),
        unit: z.string().describe('systemd unit, empty outside of units'),
        type: z.string().describe('type it runs as'),
      }),
      ['executable', 'unit', 'type'],
    )
      .optional()
      .describe('services without a domain of their own: unconfined_service_t, initrc_t; left out when offline'),
  },
  observations: {
    processes: keyed(
      z.object({
        type: z.string().describe('type of the label'),
        count: z.int().describe('processes'),
      }),
      ['type'],
    ).describe('processes by type'),
  },
})
export type SelinuxFacts = FactsOf<typeof SelinuxFacet>
export type SelinuxObservations = ObservationsOf<typeof SelinuxFacet>

/** Booleans that weaken or strengthen a host as a whole. */
export const weightyBooleans = [
  'container_connect_any',
  'container_manage_cgroup',
  'container_use_devices',
  'daemons_dump_core',
  'deny_execmem',
  'deny_ptrace',
  'domain_kernel_load_modules',
  'httpd_can_network_connect',
  'httpd_execmem',
  'mmap_low_allowed',
  'nis_enabled',
  'secure_mode',
  'secure_mode_insmod',
  'secure_mode_policyload',
  'selinuxuser_execheap',
  'selinuxuser_execmod',
  'selinuxuser_execstack',
  'ssh_sysadm_login',
  'unconfined_login',
] as const
