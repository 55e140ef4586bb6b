// Facet `apparmor`: whether it is on, which profiles are loaded in which mode, and what the files on disk say.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

const mode = z.enum(['enforce', 'complain', 'kill', 'unconfined', 'prompt', 'mixed', 'unknown'])

export const AppArmorFacet = defineFacet({
  name: 'apparmor',
  version: 1,
  title: 'AppArmor: kernel support, loaded profiles and their modes, profile files, confined processes',
  facts: {
    enabled: z.boolean().optional().describe('/sys/module/apparmor/parameters/enabled is Y'),
    enabledAtBoot: z.boolean().optional().describe('apparmor.service is linked to start at boot'),
    profiles: keyed(
      z.object({
        name: z.string().describe('profile name; children as parent//child, namespaces as :ns://name'),
        mode: mode.describe('mode in the kernel'),
        path: z.string().describe('file on disk that defines it, empty when none was found'),
      }),
      ['name'],
    )
      .optional()
      .describe('/sys/kernel/security/apparmor/profiles; left out when it cannot be read'),
    files: keyed(
      z.object({
        path: z.string().describe('file under /etc/apparmor.d'),
        sha256: z.string().describe('SHA-256 of its content in hex'),
        profiles: sortedSet(z.string()).describe('top-level profiles it defines'),
        disabled: z.boolean().describe('linked in disable/'),
        forceComplain: z.boolean().describe('linked in force-complain/'),
        complainFlag: z.boolean().describe('flags=(complain) stands in it'),
        loaded: z.boolean().optional().describe('all of its profiles are in the kernel'),
      }),
      ['path'],
    ).describe('profile files on disk'),
    unconfinedWithProfile: keyed(
      z.object({
        executable: z.string().describe('target of /proc/PID/exe'),
        profile: z.string().describe('loaded profile that is meant for it'),
      }),
      ['executable', 'profile'],
    )
      .optional()
      .describe('running programs that have a profile and run without it: started before it was loaded'),
  },
  observations: {
    processes: keyed(
      z.object({
        label: z.string().describe('label of /proc/PID/attr/apparmor/current'),
        mode: mode.describe('mode of the label'),
        count: z.int().describe('processes'),
      }),
      ['label', 'mode'],
    ).describe('confined processes by label'),
    unconfined: z.int().describe('processes without a label'),
  },
})
export type AppArmorFacts = FactsOf<typeof AppArmorFacet>
export type AppArmorObservations = ObservationsOf<typeof AppArmorFacet>
