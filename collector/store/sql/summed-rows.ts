// Changes of counters, summed up: many of them tell of the same counter.

type Summable<K extends string, S extends string> = Readonly<Record<K, number | string> & Record<S, number>>

/**
 * One row for each key that changes, in the order of the keys: collectors lock in the same order.
 * @param adds columns that are summed up
 */
export function summed<K extends string, S extends string, R extends Summable<K, S>>(
  rows: readonly R[],
  keys: readonly K[],
  adds: readonly S[],
): readonly R[] {
  const sums = new Map<string, R>()
  for (const row of rows) {
    const key = keys.map(name => row[name]).join(' ')
    const sum: Record<S, number> | undefined = sums.get(key)
    if (!sum) sums.set(key, { ...row })
    else for (const name of adds) sum[name] += row[name]
  }
  const order = (a: R, b: R) => keys.reduce((found, name) => found || compare(a[name], b[name]), 0)
  return [...sums.values()].filter(row => adds.some(name => row[name] !== 0)).sort(order)
}

const compare = (a: number | string, b: number | string) => (a < b ? -1 : a > b ? 1 : 0)
