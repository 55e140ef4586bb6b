// A host that changes all the time, and what a database has of it.
import type { DatabaseLocation } from '../../../collector/store/database-location.ts'
import { openStore } from '../../../collector/store/open-store.ts'
import { systemClock } from '../../../runtime/clock.ts'
import type { SmallUplink } from '../../small-uplink.ts'
import type { History, Row } from '../history.ts'

/** @param most changes that may wait */
export function keepChanging(uplink: SmallUplink, most = 40) {
  let last = uplink.change()
  const timer = setInterval(() => {
    if (uplink.outbox.size < most) last = uplink.change()
  }, 4)
  return {
    async end() {
      clearInterval(timer)
      return last
    },
  }
}

/** States of the host named h, oldest first, and the ids of all drift. */
export async function stored(
  location: DatabaseLocation,
): Promise<{ readonly history: History; readonly drift: readonly number[] }> {
  const store = await openStore(location, systemClock)
  try {
    const { items } = await store.read.hosts({ connected: new Set(), sort: 'hostname' }, { limit: 10 })
    const id = items.find(({ hostname }) => hostname === 'h')?.id ?? ''
    const rows: Row[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await store.read.facetHistory(id, 'small', { limit: 500, ...(cursor !== undefined && { cursor }) })
      for (const { digest, validFrom } of page.items) {
        const body = JSON.parse((await store.read.body(digest))?.body ?? '{}') as {
          readonly rows: readonly { readonly name: string; readonly value: number }[]
        }
        rows.unshift({ value: body.rows.find(({ name }) => name === 'a')?.value ?? 0, from: Date.parse(validFrom) })
      }
      cursor = page.nextCursor
      if (cursor === undefined) break
    }
    const gaps = (await store.read.gaps(id, { limit: 500 })).items.map(({ to }) => Date.parse(to))
    const drift: number[] = []
    for (let after = 0; ; ) {
      const page = await store.read.driftAfter(after, 500)
      drift.push(...page.map(row => row.id))
      after = drift.at(-1) ?? 0
      if (page.length < 500) break
    }
    return { history: { rows, gaps: new Set(gaps) }, drift }
  } finally {
    await store.close()
  }
}
