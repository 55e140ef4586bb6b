// What the fleet is judged by while it is in force: checks with a digest each, rules for hosts with certain labels, waivers.
import { createHash } from 'node:crypto'
import type { Check, Severity } from '../../policy/check.ts'
import { type Labels, matchesGlob } from '../../policy/host-selector.ts'
import type { StartSandbox } from '../../policy/sandbox.ts'
import { createSiteJudge, type SiteJudge } from '../../policy/site-judge.ts'
import type { SitePolicy } from '../../policy/site-policy.ts'
import { createTailor, type TailoredCatalog } from '../../policy/tailoring.ts'
import type { Waiver } from '../../policy/waivers.ts'
import { type Facet, facetProperty, type JsonObject } from '../../proto/facet.ts'
import type { CatalogEntry } from '../store/policy-records.ts'

export interface PolicyInForce {
  readonly site: SitePolicy
  /** that it is put in force under: of program, catalog, tailoring, and waivers and cohorts of files */
  readonly putVersion: string
  /** of program, catalog and tailoring */
  readonly catalogVersion: string
  /** of those and of waivers: results that were made with another one are made again */
  readonly version: string
  /** check → digest of everything that the policy says about it */
  readonly digests: ReadonlyMap<string, string>
  readonly entries: readonly CatalogEntry[]
  readonly waivers: readonly Waiver[]
  /** of what was in force when its waivers were read */
  readonly revision: number
  rulesFor(labels: Labels): HostRules
  /** whether observations of a facet can change a result */
  readsObservations(facet: string): boolean
}

/** The policy as it is for hosts with certain labels. */
export interface HostRules {
  readonly judge: SiteJudge
  /** profile → ids of its checks */
  readonly checksOf: ReadonlyMap<string, readonly string[]>
  /** undefined for a check that is off for these hosts */
  check(id: string): DescribedCheck | undefined
  /** check → what stands for it with the parameters that these profiles give it */
  keysOf(profiles: readonly string[]): ReadonlyMap<string, string>
}

export interface DescribedCheck {
  readonly severity: Severity
  readonly title: string
  readonly facets: readonly string[]
  /** properties of those, and of the ones that its remediation shows */
  readonly inputs: readonly string[]
  /** those in one text */
  readonly inputNames: string
  /** whether its expressions name observations */
  readonly observes: boolean
}

export interface PolicyOptions {
  readonly site: SitePolicy
  /** all of them, of files and others */
  readonly waivers: readonly Waiver[]
  readonly revision: number
  readonly facets: readonly Facet[]
  /** another program may judge otherwise by the same policy */
  readonly program: string
  readonly startSandbox: StartSandbox
}

/** The part of a policy's version that waivers have no part in. */
export const catalogVersionOf = (version: string): string => version.slice(0, version.lastIndexOf(' '))

/** The program in the version that a policy is put in force under. */
export const programOf = (putVersion: string): string => putVersion.slice(0, Math.max(0, putVersion.indexOf(' ')))

/** Sets of rules that are kept compiled; a host whose labels ask for another one has it made again. */
const maxRules = 16

/** @param before what was compiled for the same policy, with other waivers, serves again */
export function createPolicy(options: PolicyOptions, before?: PolicyInForce): PolicyInForce {
  const { site, waivers, program, revision } = options
  if (before?.site === site) {
    return { ...before, waivers, revision, version: `${before.catalogVersion} ${digest(waivers)}` }
  }
  const tailor = createTailor(site)
  const made = new Map<TailoredCatalog['catalog'], HostRules>()
  const digests = digestsOf(site)
  const catalogVersion = `${program} ${digest([[...digests], site.catalog.profiles])}`
  const plain = createRules(options, site.catalog)
  const observing = new Set<string>()
  for (const { id } of site.catalog.checks) {
    const { observes, inputs } = plain.check(id) ?? { observes: false, inputs: [] }
    if (observes) for (const property of inputs) observing.add(property)
  }
  return {
    site,
    putVersion: `${catalogVersion} ${digest([site.waivers.map(({ item }) => item), site.cohorts.map(({ item }) => item)])}`,
    catalogVersion,
    version: `${catalogVersion} ${digest(waivers)}`,
    revision,
    digests,
    entries: site.catalog.checks.map(({ id, severity, title }) => ({
      ...{ check: id, severity, title },
      facets: plain.judge.facetsOf(id),
    })),
    waivers,
    rulesFor(labels) {
      const { catalog } = tailor(labels)
      const known = made.get(catalog) ?? (catalog === site.catalog ? plain : createRules(options, catalog))
      made.delete(catalog)
      made.set(catalog, known)
      for (const [oldest] of made) if (made.size > maxRules) made.delete(oldest)
      return known
    },
    readsObservations: facet => observing.has(facetProperty(facet)),
  }
}

/** Rules are told with their selectors: whom they are meant for is part of what they say. */
function digestsOf({ catalog, tailoring }: SitePolicy): ReadonlyMap<string, string> {
  const rules = tailoring.map(({ item }) => item)
  return new Map(
    catalog.checks.map(check => [
      check.id,
      digest([
        judgedBy(check),
        parametersOf(check.id, catalog.profiles),
        rules.filter(rule => matchesGlob(rule.check, check.id)),
      ]),
    ]),
  )
}

/** Sets of profiles whose keys are kept: few of them ever fit hosts. */
const maxKeys = 64

function createRules({ site, facets, startSandbox }: PolicyOptions, catalog: TailoredCatalog['catalog']): HostRules {
  const judge = createSiteJudge({ policy: site, catalog, facets, startSandbox })
  const checks = new Map(catalog.checks.map(check => [check.id, check]))
  const described = new Map<string, DescribedCheck>()
  const keys = new Map<string, ReadonlyMap<string, string>>()
  const made = new Map<string, string>()
  const setting = new Map(catalog.profiles.map(({ id, parameters }) => [id, parameters]))
  function keyOf(check: Check, profiles: readonly string[]): string {
    const setter = profiles.find(profile => Object.hasOwn(setting.get(profile) ?? {}, check.id)) ?? ''
    const name = `${check.id} ${setter}`
    const known = made.get(name) ?? digest([judgedBy(check), setting.get(setter)?.[check.id] ?? {}])
    made.set(name, known)
    return known
  }
  return {
    judge,
    checksOf: new Map(catalog.profiles.map(profile => [profile.id, profile.checks])),
    check(id) {
      const check = checks.get(id)
      if (!check) return undefined
      const known = described.get(id) ?? describe(check, judge)
      described.set(id, known)
      return known
    },
    keysOf(profiles) {
      const name = profiles.join(' ')
      const known = keys.get(name)
      if (known) return known
      const made = new Map(catalog.checks.map(check => [check.id, keyOf(check, profiles)]))
      if (keys.size >= maxKeys) keys.clear()
      keys.set(name, made)
      return made
    },
  }
}

function describe({ id, severity, title }: Check, judge: SiteJudge): DescribedCheck {
  const { facets: inputs, observes } = judge.inputsOf(id)
  return { severity, title, facets: judge.facetsOf(id), inputs, inputNames: inputs.join(' '), observes }
}

/** What a check judges by: without its tests, references and prose that no result holds. */
function judgedBy({ tests: _, references: __, rationale: ___, parameterNotes: ____, ...check }: Check) {
  return check
}

function parametersOf(
  check: string,
  profiles: SitePolicy['catalog']['profiles'],
): Readonly<Record<string, JsonObject>> {
  const own = profiles.flatMap(({ id, parameters }) => {
    const values = parameters[check]
    return values ? [[id, values] as const] : []
  })
  return Object.fromEntries(own)
}

function digest(value: unknown): string {
  const text = JSON.stringify(value, (_, part) => (isRecord(part) ? sorted(part) : part))
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sorted = (record: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
