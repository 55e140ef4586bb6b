// The policy in force: put into the store before anything is judged by it, and replaced while the collector runs.
import type { StartSandbox } from '../../policy/sandbox.ts'
import type { SitePolicy } from '../../policy/site-policy.ts'
import type { Facet } from '../../proto/facet.ts'
import type { Clock } from '../../runtime/clock.ts'
import { oneAfterAnother } from '../../runtime/one-after-another.ts'
import type { Store } from '../store/store.ts'
import { createPolicy, type PolicyInForce } from './policy-in-force.ts'

export interface Policies {
  readonly current: PolicyInForce
  /** @throws system and store errors; the policy before stays in force then */
  replace(site: SitePolicy): Promise<void>
  /** takes up waivers that were written into the store. @throws store errors; the ones before stay in force then */
  reloadWaivers(): Promise<void>
}

export interface PoliciesOptions {
  readonly store: Store
  readonly facets: readonly Facet[]
  readonly program: string
  readonly startSandbox: StartSandbox
  readonly clock: Clock
  /** told when another policy is in force */
  readonly onChange: () => void
}

export async function openPolicies(site: SitePolicy, options: PoliciesOptions): Promise<Policies> {
  let current = await enforce(site, options, undefined)
  const exclusively = oneAfterAnother()
  async function replace(next: SitePolicy): Promise<void> {
    const before = current.version
    current = await enforce(next, options, current)
    if (current.version !== before) options.onChange()
  }
  return {
    get current() {
      return current
    },
    replace: next => exclusively(() => replace(next)),
    reloadWaivers: () => exclusively(() => replace(current.site)),
  }
}

async function enforce(
  site: SitePolicy,
  options: PoliciesOptions,
  before: PolicyInForce | undefined,
): Promise<PolicyInForce> {
  const { store, facets, program, startSandbox, clock } = options
  const own = site.waivers.map(({ item }) => item)
  const written = new Set(own.map(({ id }) => id))
  const others = (await store.read.waivers()).filter(({ id, source }) => source === 'api' && !written.has(id))
  const waivers = [...own, ...others.map(({ results: _, source: __, ...waiver }) => waiver)]
  const policy = createPolicy({ site, waivers, facets, program, startSandbox }, before)
  if (site === before?.site) return policy
  const { catalogVersion, entries, digests } = policy
  const cohorts = site.cohorts.map(({ item }) => item)
  await store.write(async transaction => {
    await transaction.putPolicy({ catalogVersion, entries, digests, waivers: own, atMs: clock.now() })
    await transaction.putFileCohorts(cohorts, clock.now())
  })
  return policy
}
