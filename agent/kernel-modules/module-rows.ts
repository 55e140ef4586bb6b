// Makes the facet's row of each module from what is configured, installed and loaded.
import type { Module } from '../../proto/facets/kernel-modules.ts'
import type { ModuleConfiguration } from './read-configuration.ts'
import type { InstalledModules } from './read-installed.ts'
import type { RunningKernel } from './read-running.ts'
import { collectRules, type ModuleRule } from './rules.ts'

export interface ModuleKnowledge {
  readonly configuration: ModuleConfiguration
  readonly installed: InstalledModules
  readonly running: RunningKernel
  readonly live: boolean
}

/** A row for every module that is loaded, has a rule, loads at boot, or is among `always`; by name. */
export function moduleRows(knowledge: ModuleKnowledge, always: readonly string[]): readonly Module[] {
  const { configuration, running } = knowledge
  const rules = collectRules(configuration.lines, configuration.parameters)
  const loaded = running.loaded?.keys() ?? []
  const names = new Set([...always, ...rules.names, ...configuration.autoload, ...loaded])
  return [...names].sort().map(name => moduleRow(name, rules.of(name), knowledge))
}

function moduleRow(name: string, rule: ModuleRule, knowledge: ModuleKnowledge): Module {
  const { configuration, installed, running } = knowledge
  const module = running.loaded?.get(name)
  const row = {
    name,
    loaded: running.loaded && module !== undefined,
    builtin: installed.builtin?.has(name) ?? (running.seenBuiltin.has(name) || undefined),
    available: installed.available?.has(name),
    blacklisted: certain(rule.blacklisted, configuration.linesComplete),
    installDisabled: certain(rule.installDisabled, configuration.linesComplete),
    denied: certain(rule.denied, configuration.parametersKnown),
    autoload: certain(configuration.autoload.has(name), configuration.autoloadComplete),
    taints: running.loaded && [...(module?.taints ?? [])],
    sources: [...rule.sources],
  }
  return withoutUnknown({ ...row, loadable: isLoadable(row, knowledge) })
}

/** What was found is true; what was not found is false only where everything could be read. */
const certain = (found: boolean, complete: boolean) => (found || complete ? found : undefined)

type Judged = { readonly [Field in 'available' | 'builtin' | 'installDisabled' | 'denied']: boolean | undefined }

/** Undefined where something unknown decides. An offline root is judged by its disk alone. */
function isLoadable(row: Judged, { running, live }: ModuleKnowledge): boolean | undefined {
  if (running.support === 'monolithic' || row.available === false || row.builtin === true) return false
  if (row.installDisabled || row.denied || running.loadingDisabled) return false
  const deciding = [row.available, row.installDisabled, ...(live ? [row.denied, running.loadingDisabled] : [])]
  return deciding.includes(undefined) ? undefined : true
}

type Unknowable =
  | 'loaded'
  | 'builtin'
  | 'available'
  | 'blacklisted'
  | 'installDisabled'
  | 'denied'
  | 'autoload'
  | 'taints'
  | 'loadable'
type DraftRow = Omit<Module, Unknowable> & { readonly [Field in Unknowable]: Module[Field] | undefined }

function withoutUnknown(row: DraftRow): Module {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as unknown as Module
}
