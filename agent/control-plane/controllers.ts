// Makes the rows of controller managers and schedulers.
import {
  type ControllerManagerSettings,
  ControllerManagerSettingsSchema,
  type ControlPlaneFacts,
  SchedulerSettingsSchema,
} from '../../proto/facets/control-plane.ts'
import type { Obstacle } from '../kubelet/found-kubelet.ts'
import { parseSchedulerConfig } from '../parse/component-config.ts'
import { commonRow, type Description, nameFile, note, readParsed } from './describe.ts'
import type { FileRole } from './files.ts'
import { controllerManagerFields, schedulerFields } from './setting-fields.ts'
import { type FlagLayer, readFlags, type Setting, settingsOf, textFlag } from './settings.ts'

export async function describeControllerManager(
  description: Description,
): Promise<Omit<ControlPlaneFacts['controllerManagers'][number], 'id'>> {
  const { found, version } = description
  const flags = readFlags(found.words, controllerManagerFields, found)
  const effective = settingsOf(controllerManagerFields, flags, found, version)
  if ('obstacle' in effective) {
    note(description, 'settings', effective.obstacle)
    return commonRow(description, controllerManagerFields)
  }
  const settings = ControllerManagerSettingsSchema.parse(effective.settings)
  nameControllerFiles(description, settings)
  nameKubeconfigs(description, flags.layers, 'controller-manager-kubeconfig')
  return { ...commonRow(description, controllerManagerFields), settings }
}

export async function describeScheduler(
  description: Description,
): Promise<Omit<ControlPlaneFacts['schedulers'][number], 'id'>> {
  const { found, version } = description
  const flags = readFlags(found.words, schedulerFields, found)
  const effective = settingsOf(schedulerFields, flags, found, version)
  if ('obstacle' in effective) {
    note(description, 'settings', effective.obstacle)
    return commonRow(description, schedulerFields)
  }
  const { profiling, ...others } = effective.settings
  const told = await profilingOf(description, String(others.config.value), profiling)
  if (!('value' in told)) note(description, 'settings.profiling', told)
  const settings = SchedulerSettingsSchema.parse('value' in told ? { ...others, profiling: told } : others)
  nameKubeconfigs(description, flags.layers, 'scheduler-kubeconfig')
  return { ...commonRow(description, schedulerFields), settings }
}

/** With a configuration file the flag has no say. */
async function profilingOf(description: Description, config: string, flag: Setting): Promise<Setting | Obstacle> {
  if (config === '') return flag
  const named = { flag: 'config', path: config, role: 'component-config' } as const
  const read = await readParsed(description, named, parseSchedulerConfig)
  return 'obstacle' in read ? read.obstacle : { value: read.value.enableProfiling, source: 'file', origin: read.path }
}

function nameControllerFiles(description: Description, settings: ControllerManagerSettings): void {
  const named: readonly (readonly [string, string, FileRole])[] = [
    ['service-account-private-key-file', settings.serviceAccountPrivateKeyFile.value, 'pki-key'],
    ['root-ca-file', settings.rootCAFile.value, 'pki-certificate'],
    ['cluster-signing-cert-file', settings.clusterSigningCertFile.value, 'pki-certificate'],
    ['cluster-signing-key-file', settings.clusterSigningKeyFile.value, 'pki-key'],
  ]
  for (const [flag, path, role] of named) if (path !== '') nameFile(description, flag, path, role)
}

function nameKubeconfigs(description: Description, layers: readonly FlagLayer[], role: FileRole): void {
  for (const flag of ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig']) {
    const path = textFlag(layers, flag)
    if (path.startsWith('/')) nameFile(description, flag, path, role)
  }
}
