// Rows that are put when a transaction is about to commit: in one statement, under a lock that is held for that long only.

export interface AtCommit {
  /** @param put sends rows; @returns the list that they are added to */
  rows<Row>(put: (rows: readonly Row[]) => void): Row[]
  /** puts what was gathered */
  flush(): void
  /** forgets what was gathered */
  discard(): void
}

export function atCommit(): AtCommit {
  const gathered: { readonly flush: () => void; readonly discard: () => void }[] = []
  return {
    rows: put => {
      const rows: Parameters<typeof put>[0][number][] = []
      gathered.push({ flush: () => put(rows.splice(0)), discard: () => void rows.splice(0) })
      return rows
    },
    flush() {
      for (const { flush } of gathered) flush()
    },
    discard() {
      for (const { discard } of gathered) discard()
    },
  }
}
