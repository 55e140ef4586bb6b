// Numbers of what results say beside their state: a text is kept once, and for at least a day after its last use.
import { dayMs } from '../history-units.ts'
import { type Connection, slot } from './connection.ts'
import { detailKey } from './detail-key.ts'

/** @returns the number of each text, which is put where it is new */
export type DetailNumbers = (details: Iterable<string>, atMs: number) => Promise<ReadonlyMap<string, number>>

/** Texts whose numbers are remembered for the day. */
const remembered = 5_000

/** @param details where they are put: on their own, as bodies are */
export function detailNumbers(details: Connection): DetailNumbers {
  const { database } = details
  const find = details.prepare(
    database.selectFrom('result_detail').select(['detail_no', 'used_at']).where('key', '=', slot<string>('key')),
  )
  const put = details.prepare(
    database
      .insertInto('result_detail')
      .values({ key: slot<string>('key'), detail: slot<string>('detail'), used_at: slot<number>('day') })
      .onConflict(conflict => conflict.column('key').doUpdateSet({ used_at: slot<number>('day') }))
      .returning('detail_no'),
  )
  // What SQLite puts may be rolled back; it finds a key in no time.
  const remembers = details.dialect === 'postgres'
  let known = { day: 0, numbers: new Map<string, number>() }

  async function numberOf(detail: string, day: number): Promise<number> {
    const key = detailKey(detail)
    const row = await find.get({ key })
    if (row?.used_at === day) return row.detail_no
    const made = await put.get({ key, detail, day })
    if (!made) throw new Error('a detail that was put has no number')
    return made.detail_no
  }

  return async (texts, atMs) => {
    const day = Math.floor(atMs / dayMs)
    if (known.day !== day || known.numbers.size > remembered) known = { day, numbers: new Map() }
    const { numbers } = known
    const pairs = [...new Set(texts)].map(async detail => {
      const number = numbers.get(detail) ?? (await numberOf(detail, day))
      if (remembers) numbers.set(detail, number)
      return [detail, number] as const
    })
    return new Map(await Promise.all(pairs))
  }
}
