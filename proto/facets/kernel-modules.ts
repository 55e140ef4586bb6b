// Facet `kernel-modules`: what is loaded, and for each module the rule in force with the file and line it stands in.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

const RuleSourceSchema = z.object({
  directive: z
    .enum(['blacklist', 'install', 'remove', 'alias', 'options', 'softdep', 'cmdline'])
    .describe('modprobe.d directive, or the kernel command line'),
  path: z.string().describe('file that says so, /proc/cmdline for the command line'),
  line: z.int().describe('line number from 1'),
  disables: z
    .boolean()
    .describe('an `install` whose command only ends or prints, such as /bin/false, instead of loading'),
})

export const ModuleSchema = z.object({
  name: z.string().describe('module name with `_` for `-`'),
  loaded: z.boolean().optional().describe('in /proc/modules; left out when that could not be read'),
  builtin: z.boolean().optional().describe('in modules.builtin of the running kernel'),
  available: z.boolean().optional().describe('in modules.dep of the running kernel'),
  blacklisted: z
    .boolean()
    .optional()
    .describe('a blacklist line or module_blacklist= is in force: aliases do not load it'),
  installDisabled: z
    .boolean()
    .optional()
    .describe('an install line makes modprobe run true or false, or nothing at all, instead'),
  denied: z
    .boolean()
    .optional()
    .describe('module_blacklist= on the kernel command line refuses it whoever asks; left out on an offline root'),
  loadable: z
    .boolean()
    .optional()
    .describe(
      'an explicit modprobe or a dependency can bring it in now: available, not disabled, not built in; an offline root is judged by its disk alone',
    ),
  autoload: z.boolean().optional().describe('named in /etc/modules, modules-load.d or modules_load='),
  taints: sortedSet(z.string()).optional().describe('taint letters of the loaded module, such as O, E, P'),
  sources: keyed(RuleSourceSchema, ['path', 'line']).describe('lines in force that name the module'),
})
export type Module = z.infer<typeof ModuleSchema>

export const KernelModulesFacet = defineFacet({
  name: 'kernel-modules',
  version: 1,
  title: 'Kernel modules: loaded, blacklisted, disabled, built in, and what loads them at boot',
  facts: {
    support: z
      .enum(['modular', 'monolithic'])
      .optional()
      .describe('monolithic: the kernel has no /proc/modules because it cannot load modules'),
    loadingDisabled: z.boolean().optional().describe('/proc/sys/kernel/modules_disabled is 1 until reboot'),
    modprobePath: z.string().optional().describe('/proc/sys/kernel/modprobe: program the kernel runs to load modules'),
    tainted: z.int().optional().describe('/proc/sys/kernel/tainted bit mask'),
    taintFlags: sortedSet(z.string()).optional().describe('letters of that mask'),
    modules: keyed(ModuleSchema, ['name']).describe(
      'every module that is loaded, has a rule, loads at boot, or is on the list of seldom-used ones',
    ),
    hiddenFiles: sortedSet(z.string()).describe(
      'configuration files masked by one of the same name in an earlier directory',
    ),
  },
  observations: {
    loaded: keyed(
      z.object({
        name: z.string().describe('module name'),
        sizeBytes: z.int().describe('memory in bytes'),
        refcount: z.int().describe('users of the module'),
        dependants: sortedSet(z.string()).describe('modules that use it'),
      }),
      ['name'],
    ).describe('/proc/modules'),
  },
})
export type KernelModulesFacts = FactsOf<typeof KernelModulesFacet>
export type KernelModulesObservations = ObservationsOf<typeof KernelModulesFacet>

/** Modules that hosts seldom need and attackers like: always in the facet, so that a check can name them. */
export const seldomUsedModules = [
  'af_802154',
  'appletalk',
  'atm',
  'ax25',
  'can',
  'cramfs',
  'dccp',
  'decnet',
  'econet',
  'firewire_core',
  'firewire_ohci',
  'freevxfs',
  'gfs2',
  'hfs',
  'hfsplus',
  'ipx',
  'jffs2',
  'joydev',
  'ksmbd',
  'n_hdlc',
  'netrom',
  'p8022',
  'p8023',
  'pcspkr',
  'psnap',
  'rds',
  'rose',
  'sctp',
  'snd_pcsp',
  'squashfs',
  'thunderbolt',
  'tipc',
  'udf',
  'usb_storage',
  'uvcvideo',
  'vivid',
  'x25',
] as const
