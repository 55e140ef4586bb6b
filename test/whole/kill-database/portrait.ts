// Everything that a database tells of its hosts, to be held against what it told before.
import type { DatabaseLocation } from '../../../collector/store/database-location.ts'
import { openStore } from '../../../collector/store/open-store.ts'
import type { Page, PageRequest } from '../../../collector/store/records.ts'
import type { StoreReader } from '../../../collector/store/store.ts'
import { systemClock } from '../../../runtime/clock.ts'

export interface Portrait {
  readonly hosts: readonly unknown[]
  /** `host facet digest validFrom` */
  readonly states: readonly string[]
  readonly current: readonly unknown[]
  readonly drift: readonly unknown[]
  readonly results: readonly unknown[]
  readonly endedResults: readonly unknown[]
  readonly gaps: readonly unknown[]
}

/** Opens it as a collector does, which migrates it. */
export async function portraitOf(location: DatabaseLocation): Promise<Portrait> {
  const store = await openStore(location, systemClock)
  try {
    return await read(store.read)
  } finally {
    await store.close()
  }
}

async function read(store: StoreReader): Promise<Portrait> {
  const hosts = await all(page => store.hosts({ connected: new Set(), sort: 'hostname' }, page))
  const results = await all(page => store.results({}, page))
  const portrait = { states: [] as string[], current: [] as unknown[], gaps: [] as unknown[] }
  const endedResults: unknown[] = []
  for (const { id } of hosts) {
    for (const { facet } of await store.facets(id)) {
      portrait.current.push(await store.facet(id, facet))
      for (const { digest, validFrom } of await all(page => store.facetHistory(id, facet, page))) {
        if (!(await store.body(digest))) throw new Error(`the body of ${facet} of ${validFrom} is not there`)
        portrait.states.push(`${id} ${facet} ${digest} ${validFrom}`)
      }
    }
    portrait.gaps.push(...(await all(page => store.gaps(id, page))))
    for (const check of new Set(results.map(result => result.check))) {
      endedResults.push(...(await all(page => store.resultHistory(id, check, page))).filter(({ to }) => to !== ''))
    }
  }
  return { hosts, results, drift: await all(page => store.drift({}, page)), endedResults, ...portrait }
}

async function all<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = []
  for (let page: PageRequest = { limit: 500 }; ; ) {
    const { items: found, nextCursor } = await list(page)
    items.push(...found)
    if (nextCursor === undefined) return items
    page = { limit: 500, cursor: nextCursor }
  }
}
