// `gabion-agent policy explain`: one check as this host sees it.
import type { Check, Profile, Result } from '../../policy/check.ts'
import { compileCatalog } from '../../policy/compile.ts'
import { didYouMean } from '../../policy/policy-error.ts'
import { visible } from '../../policy/visible-text.ts'
import { applyWaivers } from '../../policy/waivers.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import { facets as allFacets } from '../../proto/facets.generated.ts'
import { type CheckExplanation, type Origin, renderExplanation } from '../../report/check-explanation.ts'
import { describeHost } from '../../report/scan-report.ts'
import { systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { openSite, type Site } from '../policy/open-site.ts'
import { probes } from '../probes.generated.ts'
import type { PolicyOptions } from './policy-options.ts'
import { openRoot, readOnce } from './read-host.ts'
import { terminal } from './terminal.ts'

export interface ExplainOptions extends PolicyOptions {
  readonly root: string
  readonly portProbes: boolean
}

export async function explainCheck(id: string, options: ExplainOptions): Promise<void> {
  const site = await openSite(options.policy, options.label ?? {})
  const check = checkOf(site, id)
  const states = await readStates(options)
  const facets = new Map(states.map(state => [facetProperty(state.facet), state]))
  const profiles = await site.judge.profilesFor(facets)
  const [found] = await site.judge.evaluate({
    ...{ facets, now: new Date(systemClock.now()), checks: [id], profiles },
  })
  if (!found) throw new Error(`no result of ${id}`)
  const explanation: CheckExplanation = {
    check,
    writtenIn: site.policy.ownChecks.get(id)?.place('id') ?? 'built in',
    severities: severitiesOf(site, check),
    parameters: parametersOf(site, check, profiles),
    profiles: site.judge.catalog.profiles
      .filter(profile => profile.checks.includes(id))
      .map(profile => ({ id: profile.id, taken: profiles.includes(profile.id) })),
    reads: readsOf(check),
    facets: found.facets.map(property => facetLine(property, facets.get(property))),
    result: waived(site, found, states),
  }
  process.stdout.write(renderExplanation(explanation, terminal()))
}

/** @throws GabionError (usage) for a check that there is not, or that is switched off */
function checkOf({ judge, tailored }: Site, id: string): Check {
  const check = judge.catalog.checks.find(item => item.id === id)
  if (check) return check
  const off = tailored.disabled.find(item => item.check === id)
  if (off) throw usageError(`check '${id}' is switched off at ${off.place}: ${visible(off.rationale)}`)
  const known = judge.catalog.checks.map(item => item.id)
  throw usageError(`unknown check '${id}'${didYouMean(id, known)}`)
}

async function readStates({ root, portProbes }: ExplainOptions): Promise<readonly FacetState[]> {
  return readOnce(await openRoot(root), probes, portProbes, [])
}

/** The check as it was before tailoring. */
function before({ policy }: Site, { id }: Check): Check | undefined {
  return policy.catalog.checks.find(check => check.id === id)
}

function severitiesOf(site: Site, check: Check): readonly Origin[] {
  const changed = site.tailored.changes.get(check.id)?.severity
  const written = before(site, check)
  if (!changed || !written) return []
  return [
    { value: changed.value, from: changed.place },
    { value: written.severity, from: 'the check itself' },
  ]
}

function parametersOf(site: Site, check: Check, taken: readonly string[]): CheckExplanation['parameters'] {
  const defaults = before(site, check)?.parameters ?? check.parameters
  return Object.keys(check.parameters).map(name => {
    const changed = site.tailored.changes.get(check.id)?.parameters.get(name)
    // Of the profiles that a host takes the first one that sets anything of a check sets all of it.
    const setting = taken
      .map(id => site.policy.catalog.profiles.find(profile => profile.id === id))
      .find((profile): profile is Profile => profile !== undefined && Object.hasOwn(profile.parameters, check.id))
    const inProfile = setting?.parameters[check.id]?.[name]
    const origins: Origin[] = [
      ...(changed ? [{ value: changed.value, from: changed.place }] : []),
      ...(setting && inProfile !== undefined ? [{ value: inProfile, from: `profile ${setting.id}` }] : []),
      { value: defaults[name] ?? '', from: 'default' },
    ]
    return { name, origins, note: check.parameterNotes?.[name] ?? '' }
  })
}

/** What its expressions name, found without evaluating any. */
function readsOf(check: Check): readonly string[] {
  const compiled = compileCatalog({ checks: [check], profiles: [] }, allFacets).checks.get(check.id)
  const expressions = [compiled?.applies?.(), compiled?.pass?.(), compiled?.evidence?.()]
  const paths = expressions.flatMap(expression =>
    [...(expression?.fields ?? [])].flatMap(([facet, fields]) => [...fields].map(field => `${facet}.${field}`)),
  )
  return [...new Set(paths)].sort()
}

function facetLine(property: string, state: FacetState | undefined): CheckExplanation['facets'][number] {
  if (!state) return { name: property, state: 'not read', reason: '' }
  return { name: state.facet, state: state.state, reason: state.state === 'present' ? '' : state.reason.detail }
}

function waived({ policy, labels }: Site, found: Result, states: readonly FacetState[]): Result {
  const { id, hostname } = describeHost(states)
  const waivers = policy.waivers.map(({ item }) => item)
  const now = new Date(systemClock.now())
  const context = { host: { id, hostname, labels }, now, noticeDays: 0, complete: false }
  return applyWaivers([found], waivers, context).results[0] ?? found
}
