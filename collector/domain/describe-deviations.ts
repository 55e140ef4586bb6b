// Says of hosts that differ from what is pinned how they do: the same two states once, however many hosts there are.
import { setImmediate } from 'node:timers/promises'
import type { Facet } from '../../proto/facet.ts'
import type { DeviationRecord } from '../store/cohort-records.ts'
import type { StoreReader } from '../store/store.ts'
import { createBoundedCache } from './bounded-cache.ts'
import { type Differences, differencesFrom } from './deviations.ts'
import { createStateCache } from './state-cache.ts'

export type DescribeDeviations = (
  records: readonly DeviationRecord[],
) => Promise<readonly (DeviationRecord & { readonly differences: Differences })[]>

const stateCharacters = 16 * 1024 * 1024
const differenceCharacters = 8 * 1024 * 1024
/** Between two turns of the event loop. */
const recordsAtOnce = 8
const unknown: Differences = { found: 0, items: [] }

export function deviationDescriber(read: Pick<StoreReader, 'body'>, facets: readonly Facet[]): DescribeDeviations {
  const states = createStateCache(stateCharacters)
  const kept = createBoundedCache<Differences>(differenceCharacters)
  const stateOf = (digest: string) => states.get(digest, () => read.body(digest))

  async function differencesOf({ facet, pinned, digest }: DeviationRecord): Promise<Differences> {
    const name = `${pinned} ${digest}`
    const known = kept.get(name)
    if (known) return known
    const [expected, state] = [await stateOf(pinned), await stateOf(digest)]
    if (!expected || !state) return unknown
    const found = differencesFrom(
      facets.find(one => one.name === facet),
      expected,
      state,
    )
    kept.set(name, found, name.length + JSON.stringify(found).length)
    return found
  }

  return async records => {
    const described: (DeviationRecord & { readonly differences: Differences })[] = []
    for (const [index, record] of records.entries()) {
      if (index % recordsAtOnce === recordsAtOnce - 1) await setImmediate()
      described.push({ ...record, differences: await differencesOf(record) })
    }
    return described
  }
}
