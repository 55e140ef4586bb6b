// What a collector's database holds of a host's small facet, and whether that is everything the host had.
import type { Test } from 'tap'
import { type PackedBody, unpackBody } from '../../collector/store/sql/pack-body.ts'
import { openReader } from '../../collector/store/sqlite/open-database.ts'

export interface Row {
  readonly value: number
  readonly from: number
}

export interface History {
  readonly rows: readonly Row[]
  /** when gaps end */
  readonly gaps: ReadonlySet<number>
}

/** Its states in order, and the gaps between them. @param path of the database, with one host in it */
export function readHistory(path: string): History {
  const connection = openReader(path)
  try {
    const states = connection
      .prepare('select valid_from, body, packed from facet_history join blob using (blob_no) order by revision')
      .all([]) as readonly (PackedBody & { readonly valid_from: number })[]
    const gaps = connection.prepare('select valid_to from facet_gap').all([]) as readonly {
      readonly valid_to: number
    }[]
    const valueIn = (text: string) => {
      const { rows } = JSON.parse(text) as {
        readonly rows: readonly { readonly name: string; readonly value: number }[]
      }
      return rows.find(({ name }) => name === 'a')?.value ?? 0
    }
    const rows = states.map(state => ({ value: valueIn(unpackBody(state)), from: state.valid_from }))
    return { rows, gaps: new Set(gaps.map(gap => gap.valid_to)) }
  } finally {
    connection.close()
  }
}

/** Holds the history of a value that went up by one against the law: each once, in order, or covered by a gap. */
export function isComplete(t: Pick<Test, 'same'>, { rows, gaps }: History): void {
  const pairs = rows.slice(1).map((row, index) => [rows[index] ?? row, row] as const)
  t.same(
    pairs.filter(([before, after]) => after.value <= before.value),
    [],
    `${rows.length} states came once and in order`,
  )
  t.same(
    pairs.filter(([before, after]) => after.value > before.value + 1 && !gaps.has(after.from)),
    [],
    'what is missing between two states is a gap that ends where the second begins',
  )
}
