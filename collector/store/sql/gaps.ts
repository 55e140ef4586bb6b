// Gaps of histories: rare, so the statements are made when they are needed.
import type { Kysely } from 'kysely'
import { isoTime } from '../../../runtime/clock.ts'
import { decodeCursor } from '../cursor.ts'
import type { StoreReader } from '../store.ts'
import type { StoreTransaction } from '../transaction.ts'
import { pageOf } from './page-of.ts'
import type { Tables } from './tables.ts'

const list = 'gaps'

export function gapReads(database: Kysely<Tables>): Pick<StoreReader, 'gaps'> {
  return {
    gaps: async (hostId, { limit, cursor }) => {
      let query = database
        .selectFrom('facet_gap')
        .innerJoin('host', 'host.host_no', 'facet_gap.host_no')
        .select(['facet_gap.id', 'facet', 'valid_from', 'valid_to', 'changes', 'received_at'])
        .where('host.id', '=', hostId)
      if (cursor !== undefined) query = query.where('facet_gap.id', '<', decodeCursor(list, cursor, ['number'])[0])
      const rows = await query
        .orderBy('facet_gap.id', 'desc')
        .limit(limit + 1)
        .execute()
      return pageOf(
        rows,
        limit,
        list,
        last => [last.id],
        ({ facet, valid_from, valid_to, changes, received_at }) => ({
          ...{ facet, from: isoTime(valid_from), to: isoTime(valid_to), changes, receivedAt: isoTime(received_at) },
        }),
      )
    },
  }
}

export function gapWrites(database: Kysely<Tables>): Pick<StoreTransaction, 'putGap'> {
  return {
    putGap: async (host, { facet, fromMs, toMs, changes, receivedAtMs }) => {
      const times = { valid_from: fromMs, valid_to: toMs, received_at: receivedAtMs }
      await database
        .insertInto('facet_gap')
        .values({ host_no: host, facet, changes, ...times })
        .execute()
    },
  }
}
