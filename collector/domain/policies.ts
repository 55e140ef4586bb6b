// The policy of this collector: in force for everybody on the database, or waiting while that of another collector is.
import { setImmediate } from 'node:timers/promises'
import type { Catalog } from '../../policy/check.ts'
import type { StartSandbox } from '../../policy/sandbox.ts'
import type { SitePolicy } from '../../policy/site-policy.ts'
import type { Facet } from '../../proto/facet.ts'
import type { Clock } from '../../runtime/clock.ts'
import type { Log } from '../../runtime/log.ts'
import { oneAfterAnother } from '../../runtime/one-after-another.ts'
import type { StandingPolicy } from '../store/policy-records.ts'
import type { Store } from '../store/store.ts'
import { createPolicy, type PolicyInForce } from './policy-in-force.ts'
import { createSuccession, isOfNewerProgram } from './succession.ts'

export interface Policies {
  /** its own, in force or not */
  readonly current: PolicyInForce
  /** whether that is what hosts are judged by; on a database that nobody shares it always is */
  readonly isInForce: boolean
  /** checks and profiles of what is in force, whoever put it */
  readonly catalog: Catalog
  /** whether observations of a facet may change a result, by what is in force */
  readsObservations(facet: string): boolean
  /** Puts another one in force, unless one of a newer program is. @throws system and store errors; the one before stays then */
  replace(site: SitePolicy): Promise<void>
  /** takes up what others wrote: waivers, and which policy is in force. @throws store errors; what was known before stays then */
  reload(): Promise<void>
  /**
   * The same if there is anything new, and puts its own in force when nobody has the one any more that is; to be called
   * every few seconds. @throws store errors
   */
  refresh(): Promise<void>
  /** whether results made by that policy may be written. @param stored is asked where others share the database */
  stands(policy: PolicyInForce, stored: () => Promise<StandingPolicy | undefined>): Promise<boolean>
}

export interface PoliciesOptions {
  readonly store: Store
  readonly facets: readonly Facet[]
  readonly program: string
  readonly startSandbox: StartSandbox
  readonly clock: Clock
  readonly log: Log
  /** told when another policy is in force, or other waivers are */
  readonly onChange: () => void
}

/** How it stands with the policy of this collector. */
interface Standing {
  readonly policy: PolicyInForce
  /** what is in force instead of it */
  readonly instead: StandingPolicy | undefined
  readonly catalog: Catalog
}

export async function openPolicies(site: SitePolicy, options: PoliciesOptions): Promise<Policies> {
  const { store, onChange } = options
  const { isShared, read } = store
  const succession = createSuccession(options)
  let standing = await enforce(options, site, undefined)
  tellStanding(options, standing, undefined)
  const exclusively = oneAfterAnother()
  /** one that did not begin yet serves whoever asks until it does */
  let reloading: Promise<void> | undefined

  async function changeTo(change: () => Promise<Standing>): Promise<void> {
    const before = standing
    standing = await change()
    tellStanding(options, standing, before)
    const isSame = standing.policy.version === before.policy.version && !standing.instead === !before.instead
    if (!isSame) onChange()
  }
  function reload(): Promise<void> {
    reloading ??= exclusively(() => {
      reloading = undefined
      return changeTo(() => look(options, standing.policy, standing))
    })
    return reloading
  }
  async function refresh(): Promise<void> {
    const { policy, instead } = standing
    const stored = await read.standingPolicy()
    const mine = policy.putVersion
    if (await succession.isDue(mine, stored)) {
      options.log.warn('no collector has the policy in force any more: this one puts its own in force', {
        policy: mine,
      })
      await put(options, policy, now => now?.version === stored?.version)
    } else if ((instead?.version ?? mine) === stored?.version && policy.revision === stored.revision) return
    await changeTo(() => look(options, standing.policy, standing))
  }
  return {
    get current() {
      return standing.policy
    },
    get isInForce() {
      return standing.instead === undefined
    },
    get catalog() {
      return standing.catalog
    },
    // Nobody knows what the policy of another program reads.
    readsObservations: facet => standing.instead !== undefined || standing.policy.readsObservations(facet),
    replace: next => exclusively(() => changeTo(() => enforce(options, next, standing))),
    reload,
    refresh: async () => (isShared ? exclusively(refresh) : undefined),
    async stands(policy, stored) {
      if (!isShared) return true
      const now = await stored()
      return now?.version === policy.putVersion && now.revision === policy.revision
    },
  }
}

/** Puts a policy in force, if it may be. */
async function enforce(options: PoliciesOptions, site: SitePolicy, before: Standing | undefined): Promise<Standing> {
  const { facets, program, startSandbox, store } = options
  const made = createPolicy({ site, waivers: [], revision: 0, facets, program, startSandbox }, before?.policy)
  // Both take some tens of milliseconds.
  await setImmediate()
  await put(options, made, stored => !store.isShared || !isOfNewerProgram(stored, made.putVersion))
  return look(options, made, before)
}

/** Takes up waivers of others, and what is in force. */
async function look(
  { store, ...options }: PoliciesOptions,
  policy: PolicyInForce,
  before?: Standing,
): Promise<Standing> {
  // In this order: waivers that change in between make another revision.
  const stored = store.isShared ? await store.read.standingPolicy() : undefined
  const { site } = policy
  const own = site.waivers.map(({ item }) => item)
  const written = new Set(own.map(({ id }) => id))
  const others = (await store.read.waivers()).filter(({ id, source }) => source === 'api' && !written.has(id))
  const waivers = [...own, ...others.map(({ results: _, source: __, ...waiver }) => waiver)]
  const made = createPolicy({ ...options, site, waivers, revision: stored?.revision ?? 0 }, policy)
  if (!stored || stored.version === policy.putVersion) {
    return { policy: made, instead: undefined, catalog: site.catalog }
  }
  const isKnown = stored.version === before?.instead?.version
  const catalog = isKnown ? before.catalog : await readCatalog(store, stored.version)
  return { policy: made, instead: stored, catalog: catalog ?? site.catalog }
}

/** @returns undefined when it was put by a collector that had the database for itself, or another one is in force now */
async function readCatalog({ read }: Store, version: string): Promise<Catalog | undefined> {
  const text = (await read.standingCatalog(version)) ?? ''
  return text === '' ? undefined : (JSON.parse(text) as Catalog)
}

/** @param mayPut whether it may follow what is in force; nobody puts another one meanwhile */
async function put(
  { store, clock }: PoliciesOptions,
  { site, putVersion: version, catalogVersion, entries, digests }: PolicyInForce,
  mayPut: (stored: StandingPolicy | undefined) => boolean,
): Promise<void> {
  const { isShared, replica: putBy } = store
  const waivers = site.waivers.map(({ item }) => item)
  const cohorts = site.cohorts.map(({ item }) => item)
  // Their own tests are theirs alone, and half of them.
  const { checks, profiles, digest } = site.catalog
  const text = { digest, profiles, checks: checks.map(check => ({ ...check, tests: [] })) } satisfies Catalog
  const catalog = isShared ? JSON.stringify(text) : ''
  const isMine = (stored: StandingPolicy | undefined) => isShared && stored?.version === version
  const isPut = await store.write(async transaction => {
    const before = await transaction.standingPolicy()
    // Others are held up only for what is new.
    if (isMine(before) || !mayPut(before)) return false
    const held = await transaction.holdPolicy()
    if (isMine(held) || !mayPut(held)) return false
    const atMs = clock.now()
    await transaction.putPolicy({ version, putBy, catalogVersion, entries, digests, waivers, catalog, atMs })
    await transaction.putFileCohorts(cohorts, atMs)
    return true
  })
  if (isPut && isShared) await store.signals.tell({ kind: 'policy' })
}

/** Once for each that is in force instead, and for each that waits for it. */
function tellStanding({ log }: PoliciesOptions, { policy, instead }: Standing, before: Standing | undefined): void {
  const own = policy.putVersion
  if (!instead) {
    if (before?.instead) log.info('the policy of this collector is in force', { own })
    return
  }
  const { version, putBy } = instead
  if (version === before?.instead?.version && own === before.policy.putVersion) return
  log.warn('another policy is in force: hosts are judged by it alone, and not by the one of this collector', {
    ...{ inForce: version, putBy, own },
  })
}
