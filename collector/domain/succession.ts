// Whose policy comes into force when several collectors on a database have different ones.
import type { Clock } from '../../runtime/clock.ts'
import { compareReleases } from '../../runtime/compare-releases.ts'
import type { StandingPolicy } from '../store/policy-records.ts'
import { silentMs } from '../store/replicas.ts'
import type { Store } from '../store/store.ts'
import { programOf } from './policy-in-force.ts'

export interface Succession {
  /** whether the own policy is to follow the one in force. @throws store errors */
  isDue(own: string, stored: StandingPolicy | undefined): Promise<boolean>
}

export interface SuccessionOptions {
  readonly store: Pick<Store, 'read'>
  readonly clock: Clock
}

/** A collector puts its policy in force and says then that it has it: nobody is to come in between. */
const patienceMs = 10_000

/** Whether nobody has the policy in force any more, as this collector sees it over some time. */
export function createSuccession({ store, clock }: SuccessionOptions): Succession {
  let orphan = { version: '', sinceMs: 0 }
  return {
    async isDue(own, stored) {
      if (stored?.version === own) return false
      if (!stored || compareProgramsOf(own, stored.version) > 0) return true
      const policies = await store.read.policiesOfCollectors(clock.now() - silentMs)
      if (policies.includes(stored.version)) {
        orphan = { version: '', sinceMs: 0 }
        return false
      }
      if (orphan.version !== stored.version) orphan = { version: stored.version, sinceMs: clock.monotonic() }
      if (clock.monotonic() - orphan.sinceMs < patienceMs) return false
      return successorOf(policies.includes(own) ? policies : [...policies, own]) === own
    },
  }
}

/** Positive when the first is of a newer program. @param a version that a policy is put in force under */
const compareProgramsOf = (a: string, b: string): number => compareReleases(programOf(a), programOf(b))

/** Whether that policy belongs to a newer program than this one. @param own that it would be put in force under */
export const isOfNewerProgram = (stored: StandingPolicy | undefined, own: string): boolean =>
  stored !== undefined && compareProgramsOf(stored.version, own) > 0

/**
 * The policy that follows one that nobody has any more: of the newest program, then the one that most have. Every
 * collector comes to the same.
 * @param policies of all collectors that are there
 * @returns undefined when there are none
 */
export function successorOf(policies: readonly string[]): string | undefined {
  const holders = new Map<string, number>()
  for (const policy of policies) holders.set(policy, (holders.get(policy) ?? 0) + 1)
  const [first] = [...holders].sort(
    ([a, manyA], [b, manyB]) => compareProgramsOf(b, a) || manyB - manyA || (a < b ? -1 : 1),
  )
  return first?.[0]
}
