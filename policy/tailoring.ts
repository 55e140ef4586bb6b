// Applies a site's tailoring to the catalog, for hosts with certain labels.
import type { JsonObject, JsonValue } from '../proto/facet.ts'
import { sealCatalog } from './catalog.ts'
import type { Catalog, Check, Profile, Severity } from './check.ts'
import { isGlob, type Labels, matchesGlob, selectsLabels } from './host-selector.ts'
import type { Placed, TailoringRule } from './policy-file.ts'
import type { SitePolicy } from './site-policy.ts'

export interface DisabledCheck {
  readonly check: string
  readonly rationale: string
  /** `path:line:column` of the rule */
  readonly place: string
}

/** What rules set on one check, with the place of each. */
export interface CheckChanges {
  readonly severity?: { readonly value: Severity; readonly place: string }
  readonly parameters: ReadonlyMap<string, { readonly value: JsonValue; readonly place: string }>
}

export interface TailoredCatalog {
  /** has a digest of its own; the untailored one where no rule is meant for the host */
  readonly catalog: Catalog
  /** by id */
  readonly disabled: readonly DisabledCheck[]
  /** by check, those that are not disabled */
  readonly changes: ReadonlyMap<string, CheckChanges>
}

/** Labels come from hosts, so that what is kept for them is bounded. */
const maxKept = 100

/** Hosts for which the same rules hold share a catalog. */
export function createTailor(policy: SitePolicy): (labels: Labels) => TailoredCatalog {
  const known = new Map<string, TailoredCatalog>()
  return labels => {
    const rules = policy.tailoring.filter(({ item }) => !item.hosts || selectsLabels(item.hosts, labels))
    const key = rules.map(rule => policy.tailoring.indexOf(rule)).join()
    const found = known.get(key)
    if (found) return found
    const tailored = tailor(policy.catalog, rules)
    if (known.size >= maxKept) known.clear()
    known.set(key, tailored)
    return tailored
  }
}

interface Changes {
  disabled: { readonly rationale: string; readonly place: string } | undefined
  severity: CheckChanges['severity']
  readonly parameters: Map<string, { readonly value: JsonValue; readonly place: string }>
}

function tailor(base: Catalog, rules: readonly Placed<TailoringRule>[]): TailoredCatalog {
  if (rules.length === 0) return { catalog: base, disabled: [], changes: new Map() }
  const changed = new Map<string, Changes>()
  for (const check of base.checks) {
    const mine = rules.filter(({ item }) => names(item.check, check.id))
    if (mine.length > 0) changed.set(check.id, changesOf(mine))
  }
  const kept = base.checks.filter(({ id }) => !changed.get(id)?.disabled)
  const checks = kept.map(check => changedCheck(check, changed.get(check.id)))
  const profiles = base.profiles.map(profile => changedProfile(profile, changed))
  return {
    catalog: sealCatalog(checks, profiles),
    disabled: [...changed].flatMap(([check, { disabled }]) => (disabled ? { check, ...disabled } : [])),
    changes: new Map([...changed].filter(([, { disabled }]) => !disabled).map(([id, own]) => [id, publicOf(own)])),
  }
}

const names = (pattern: string, id: string) => (isGlob(pattern) ? matchesGlob(pattern, id) : pattern === id)

/** What is said later goes over what is said before, name by name. */
function changesOf(rules: readonly Placed<TailoringRule>[]): Changes {
  const changes: Changes = { disabled: undefined, severity: undefined, parameters: new Map() }
  for (const { item, place } of rules) {
    const { disabled, severity, parameters, rationale = '' } = item
    if (disabled !== undefined) changes.disabled = disabled ? { rationale, place: place('disabled') } : undefined
    if (severity !== undefined) changes.severity = { value: severity, place: place('severity') }
    for (const [name, value] of Object.entries(parameters ?? {})) {
      changes.parameters.set(name, { value, place: place(`parameters.${name}`) })
    }
  }
  return changes
}

function publicOf({ severity, parameters }: Changes): CheckChanges {
  return { ...(severity && { severity }), parameters }
}

function changedCheck(check: Check, changes: Changes | undefined): Check {
  if (!changes) return check
  const set = Object.fromEntries([...changes.parameters].map(([name, { value }]) => [name, value]))
  const severity = changes.severity?.value ?? check.severity
  return { ...check, severity, parameters: { ...check.parameters, ...set } }
}

/** What a site sets is set for every profile: a profile's own value would go over it. */
function changedProfile(profile: Profile, changed: ReadonlyMap<string, Changes>): Profile {
  const isOff = (id: string) => changed.get(id)?.disabled !== undefined
  const parameters = Object.entries(profile.parameters)
    .filter(([id]) => !isOff(id))
    .map(([id, values]) => [id, without(values, changed.get(id)?.parameters)] as const)
    .filter(([, values]) => Object.keys(values).length > 0)
  return { ...profile, checks: profile.checks.filter(id => !isOff(id)), parameters: Object.fromEntries(parameters) }
}

function without(values: JsonObject, names: ReadonlyMap<string, unknown> | undefined): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names?.has(name)))
}
