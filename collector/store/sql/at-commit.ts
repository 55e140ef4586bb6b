// Rows that are put when a transaction is about to commit: in one statement, under a lock that is held for that long only.

export interface AtCommit {
  /** @param put sends rows; @returns the list that they are added to */
  rows<Row>(put: (rows: readonly Row[]) => void): Row[]
  /** rows that were gathered */
  readonly size: number
  /** puts what was gathered */
  flush(): void
  /** forgets what was gathered */
  discard(): void
}

export function atCommit(): AtCommit {
  const gathered: { readonly rows: readonly unknown[]; readonly flush: () => void; readonly discard: () => void }[] = []
  return {
    rows: put => {
      const rows: Parameters<typeof put>[0][number][] = []
      gathered.push({ rows, flush: () => put(rows.splice(0)), discard: () => void rows.splice(0) })
      return rows
    },
    get size() {
      return gathered.reduce((sum, { rows }) => sum + rows.length, 0)
    },
    flush() {
      for (const { flush } of gathered) flush()
    },
    discard() {
      for (const { discard } of gathered) discard()
    },
  }
}
