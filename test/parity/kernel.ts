// Holds kernel-modules and sysctl against what lsmod, modprobe and sysctl printed.
import type { KernelModulesFacts, KernelModulesObservations } from '../../proto/facets/kernel-modules.ts'
import type { SysctlFacts } from '../../proto/facets/sysctl.ts'
import { type Comparison, linesOf, type Recording, rowsOf, sorted } from './recording.ts'

export function compareKernelModules(recording: Recording): readonly Comparison[] {
  const { modules } = recording.facts<KernelModulesFacts>('kernel-modules')
  const { loaded } = recording.observations<KernelModulesObservations>('kernel-modules')
  const listed = rowsOf(recording.output('lsmod')).slice(1)
  const rules = rowsOf(recording.output('modprobe-showcfg'))
  const named = (directive: string) =>
    sorted(new Set(rules.filter(([word]) => word === directive).map(([, name = '']) => name.replaceAll('-', '_'))))
  const withRule = (directive: string) =>
    modules.filter(({ sources }) => sources.some(one => one.directive === directive)).map(({ name }) => name)
  return [
    {
      title: 'loaded modules, their sizes and what uses them are those of lsmod',
      found: sorted(
        loaded.map(({ name, sizeBytes, dependants }) => `${name} ${sizeBytes} ${sorted(dependants).join()}`),
      ),
      printed: sorted(
        listed.map(
          ([name, size, , users = '']) => `${name} ${size} ${sorted(users.split(',').filter(Boolean)).join()}`,
        ),
      ),
    },
    {
      title: 'modules are marked as loaded that lsmod has',
      found: sorted(modules.filter(row => row.loaded).map(({ name }) => name)),
      printed: sorted(listed.map(([name = '']) => name)),
    },
    {
      title: 'blacklisted modules are those of modprobe --showconfig',
      found: sorted(modules.filter(row => row.blacklisted).map(({ name }) => name)),
      printed: named('blacklist'),
    },
    {
      title: 'modules with an install line are those of modprobe --showconfig',
      found: sorted(withRule('install')),
      printed: named('install'),
    },
    {
      title: 'modules with options are those of modprobe --showconfig',
      found: sorted(withRule('options')),
      // Parameters of the kernel command line are not lines of a file.
      printed: named('options').filter(name => !['net', 'systemd', 'cryptomgr', 'audit'].includes(name)),
    },
  ]
}

export function compareSysctl(recording: Recording): readonly Comparison[] {
  const { parameters } = recording.facts<SysctlFacts>('sysctl')
  const printed = new Map<string, string>()
  for (const line of linesOf(recording.output('sysctl-a'))) {
    const [name = '', value = ''] = line.split(/ =(?: |$)/, 2)
    if (!printed.has(name)) printed.set(name, value.replace(/\s+/g, ' ').trim())
  }
  return [
    {
      title: `${parameters.length} kernel parameters are those of sysctl -a`,
      found: parameters.map(({ name, supported, live }) => `${name} ${supported} ${live}`),
      printed: parameters.map(({ name }) => `${name} ${printed.has(name)} ${printed.get(name) ?? ''}`),
    },
  ]
}
