// Facet `host`: which machine this is, what it boots, and which roles it has.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, ordered, sortedSet } from '../facet.ts'

export const HostFacet = defineFacet({
  name: 'host',
  version: 1,
  title: 'Identity, operating system, kernel, boot parameters, virtualization and roles of the host',
  facts: {
    machineId: z.string().describe('/etc/machine-id; equal on cloned machines, empty when not set'),
    hostname: z.string().describe('/proc/sys/kernel/hostname on a live host, else /etc/hostname'),
    os: z
      .object({
        id: z.string().describe('ID of os-release, such as debian'),
        idLike: ordered(z.string()).describe('ID_LIKE of os-release'),
        versionId: z.string().describe('VERSION_ID of os-release, empty on rolling releases'),
        codename: z.string().describe('VERSION_CODENAME of os-release'),
        name: z.string().describe('PRETTY_NAME of os-release'),
        supportEndsOn: z.string().describe('last day of vendor security support as YYYY-MM-DD, or `unknown`'),
      })
      .optional()
      .describe('/etc/os-release or /usr/lib/os-release'),
    kernel: z
      .object({
        release: z.string().describe('/proc/sys/kernel/osrelease'),
        version: z.string().describe('/proc/sys/kernel/version'),
        architecture: z.string().describe('machine architecture such as x86_64'),
      })
      .optional()
      .describe('the running kernel; left out for an offline root'),
    bootParameters: keyed(
      z.object({
        position: z.int().describe('place on the command line, from 0'),
        name: z.string().describe('parameter name'),
        value: z.string().describe('value, empty for a bare word'),
      }),
      ['position'],
    )
      .optional()
      .describe('security relevant parameters of /proc/cmdline only; others may carry secrets and stay on the host'),
    lockdown: z
      .enum(['none', 'integrity', 'confidentiality', 'unsupported'])
      .optional()
      .describe('/sys/kernel/security/lockdown'),
    securityModules: ordered(z.string()).optional().describe('active security modules from /sys/kernel/security/lsm'),
    secureBoot: z
      .enum(['enabled', 'disabled', 'unsupported'])
      .optional()
      .describe('SecureBoot EFI variable; unsupported on a host booted without EFI'),
    firmware: z
      .object({
        vendor: z.string().describe('/sys/class/dmi/id/sys_vendor'),
        product: z.string().describe('/sys/class/dmi/id/product_name'),
        biosVersion: z.string().describe('/sys/class/dmi/id/bios_version'),
      })
      .optional()
      .describe('DMI identity; empty strings where the machine has none'),
    hardware: z
      .object({
        cpuModel: z.string().describe('model of the CPU'),
        cpuCores: z.int().describe('logical CPUs'),
        memoryMiB: z.int().describe('installed memory in MiB'),
        virtualization: z.string().describe('hypervisor such as kvm, or `none`'),
      })
      .optional()
      .describe('/proc/cpuinfo, /proc/meminfo and DMI, else systeminformation; on a live root only'),
    cloud: z.string().describe('cloud vendor told by DMI (aws, azure, gcp, …), or `none`'),
    init: z.string().describe('name of process 1 (systemd, …), or `unknown` for an offline root'),
    containerRuntimes: sortedSet(z.string()).describe(
      'runtimes installed or running: containerd, docker, cri-o, podman',
    ),
    kubernetesRoles: sortedSet(z.string()).describe('worker, control-plane, etcd; empty when the host is not a node'),
  },
  observations: {
    bootId: z.string().describe('/proc/sys/kernel/random/boot_id, empty for an offline root'),
    bootedAt: z.string().describe('ISO 8601 time of boot from /proc/stat btime, empty for an offline root'),
  },
})
export type HostFacts = FactsOf<typeof HostFacet>
export type HostObservations = ObservationsOf<typeof HostFacet>
