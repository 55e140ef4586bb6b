// Facet `services`: which services are there, start at boot and run, and how logging, time and updates are set up.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

export const unitStates = ['enabled', 'disabled', 'static', 'indirect', 'linked', 'alias', 'masked', 'sysv'] as const

export const UnitSchema = z.object({
  unit: z.string().describe('unit name with its type; of a SysV script its name with .service'),
  service: z.string().describe('name in `known` that it belongs to'),
  path: z.string().describe('unit file, link or script of highest precedence'),
  state: z
    .enum(unitStates)
    .optional()
    .describe('as systemctl is-enabled says it; sysv: a script of /etc/init.d without a unit'),
  atBoot: z.boolean().optional().describe('a link starts it at boot, in whatever way, and it is not masked'),
  dropIns: sortedSet(z.string()).describe('drop-in files that change it'),
})
export type Unit = z.infer<typeof UnitSchema>

export const KnownServiceSchema = z.object({
  name: z.string().describe('service, such as avahi or auditd, whatever its units are called'),
  installed: z
    .boolean()
    .optional()
    .describe('a unit that is more than a mask, a start script, or its program is there'),
  atBoot: z.boolean().optional().describe('one of its units, also a socket, timer or path, starts at boot'),
  running: z
    .boolean()
    .optional()
    .describe(
      'a process of it runs on the host itself, or systemd says its unit is active; left out on an offline root',
    ),
  inContainer: z.boolean().optional().describe('a process of that name runs in a container'),
})
export type KnownService = z.infer<typeof KnownServiceSchema>

export const JournaldSchema = z.object({
  storage: z.enum(['volatile', 'persistent', 'auto', 'none']).describe('Storage=, default auto'),
  persistent: z
    .boolean()
    .optional()
    .describe('the journal outlives a reboot: persistent, or auto with /var/log/journal'),
  compress: z.boolean().describe('Compress=, default yes; a size is yes'),
  forwardToSyslog: z.enum(['yes', 'no', 'default']).describe('ForwardToSyslog=; default: yes on Debian and Ubuntu'),
})
export type Journald = z.infer<typeof JournaldSchema>

export const FalcoSchema = z.object({
  place: z.enum(['host', 'container']).describe('a service of the host, or in a container'),
  running: z.boolean().describe('a process of it runs'),
  configFile: z.string().describe('its configuration on the host, empty when it lies in an image'),
  driver: z
    .enum(['kmod', 'ebpf', 'modern_ebpf', 'nodriver', 'gvisor', 'replay'])
    .optional()
    .describe('how it sees system calls; nodriver: it sees none'),
  moduleLoaded: z.boolean().optional().describe('the kernel module falco is loaded; left out for an offline root'),
  rules: keyed(
    z.object({
      path: z.string().describe('file, or directory that holds none'),
      state: z.enum(['present', 'empty', 'absent']).describe('absent ones are passed over'),
    }),
    ['path'],
  )
    .optional()
    .describe('rules files in its configuration; left out for a container'),
  outputs: sortedSet(z.string()).optional().describe('where alerts go: file, grpc, http, program, stdout, syslog'),
  priority: z.string().optional().describe('rules below it are not loaded, such as debug'),
})
export type Falco = z.infer<typeof FalcoSchema>

export const ServicesFacet = defineFacet({
  name: 'services',
  version: 2,
  title: 'Services: installed, started at boot, running, with the set-up of logging, time and updates',
  facts: {
    known: keyed(KnownServiceSchema, ['name']).describe('one row per service of note, there or not'),
    units: keyed(UnitSchema, ['unit']).describe('units and start scripts of those services that are there'),
    startedAtBoot: sortedSet(z.string()).describe(
      'every unit that a link starts at boot, and SysV and OpenRC services',
    ),
    failedUnits: sortedSet(z.string())
      .optional()
      .describe('units in state failed; left out where systemctl of the host cannot be asked'),
    falco: keyed(FalcoSchema, ['place']).describe('Falco, where it is installed or runs'),
    journald: JournaldSchema.optional().describe('journald.conf with its drop-ins'),
    timeSources: keyed(
      z.object({
        daemon: z.enum(['chrony', 'systemd-timesyncd', 'ntp']).describe('service whose configuration it is'),
        sources: z.int().describe('servers, pools and peers configured; not the fallback built into timesyncd'),
        authenticated: z.int().describe('those with NTS or a key'),
      }),
      ['daemon'],
    )
      .optional()
      .describe('one row per daemon that is installed'),
    automaticUpdates: z
      .object({
        method: z
          .enum(['apt', 'dnf', 'none'])
          .describe('what is set up: unattended-upgrades, dnf-automatic, or nothing'),
        refreshes: z.boolean().describe('package lists are brought up to date by themselves'),
        installs: z.boolean().describe('updates are installed by themselves, and the timer for it starts at boot'),
      })
      .optional()
      .describe('configuration and timers together'),
  },
  observations: {},
})
export type ServicesFacts = FactsOf<typeof ServicesFacet>
export type ServicesObservations = ObservationsOf<typeof ServicesFacet>
