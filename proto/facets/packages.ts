// Facet `packages`: what is installed in which version, whether it is what runs, and what waits for a restart.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

export const packageStates = [
  'installed',
  'held',
  'config-files',
  'half-installed',
  'unpacked',
  'half-configured',
  'triggers-awaited',
  'triggers-pending',
] as const

export const PackageSchema = z.object({
  name: z.string().describe('name of the binary package'),
  architecture: z.string().describe('such as amd64, all, x86_64 or noarch'),
  version: z.string().describe('with epoch and revision as the package manager writes it'),
  source: z
    .string()
    .describe(
      'source package as `name` or, of another version, `name (version)`; empty when it is named like this one',
    ),
  state: z
    .enum(packageStates)
    .describe(
      'held: installed, and kept from upgrades; others are what dpkg left of it; rpm and apk know only installed',
    ),
})
export type Package = z.infer<typeof PackageSchema>

export const PackagesFacet = defineFacet({
  name: 'packages',
  version: 1,
  title: 'Packages with their versions, kernels, pending reboots, and processes that run replaced files',
  facts: {
    manager: z.enum(['dpkg', 'apk', 'rpm']).describe('whose database tells it'),
    packages: keyed(PackageSchema, ['name', 'architecture'])
      .optional()
      .describe('installed packages, and removed ones that left configuration; left out when the database is unread'),
    olderVersions: keyed(
      z.object({
        name: z.string().describe('name of the binary package'),
        architecture: z.string().describe('such as x86_64'),
        version: z.string().describe('version that is installed beside a newer one'),
      }),
      ['name', 'architecture', 'version'],
    )
      .optional()
      .describe('packages in a second version, such as kernels of rpm; left out when the database is unread'),
    installedKernels: sortedSet(z.string()).describe('releases with an image in /boot or modules in /lib/modules'),
    runningKernel: z.string().optional().describe('release of the running kernel; left out for an offline root'),
    newerKernels: sortedSet(z.string())
      .optional()
      .describe('installed releases newer than the running one; left out for an offline root'),
    kernelBuild: z
      .object({
        running: z.string().describe('package version that the running kernel says it is, empty when it does not say'),
        installed: z.string().describe('version of the package that holds that release now, empty when none does'),
      })
      .optional()
      .describe('Debian builds kernels anew under the same release; left out for an offline root'),
    rebootRequired: z
      .boolean()
      .optional()
      .describe('a mark in /run asks for it, or rpm installed since boot what needs one; left out for an offline root'),
    rebootPackages: sortedSet(z.string())
      .optional()
      .describe(
        'packages that asked for it, /run/reboot-required.pkgs, or that rpm installed since; left out for an offline root',
      ),
    replacedFiles: keyed(
      z.object({
        unit: z.string().describe('systemd unit, empty outside of units'),
        process: z.string().describe('name of the process'),
        files: sortedSet(z.string()).describe('programs and libraries that it runs and that are no longer on disk'),
      }),
      ['unit', 'process'],
    )
      .optional()
      .describe('processes outside containers that run code replaced or deleted since; left out for an offline root'),
  },
  observations: {
    metadataRefreshedAt: z
      .string()
      .optional()
      .describe('ISO 8601 time at which the lists of available packages were last fetched, empty when never'),
  },
})
export type PackagesFacts = FactsOf<typeof PackagesFacet>
export type PackagesObservations = ObservationsOf<typeof PackagesFacet>
