// Keeps rows from coming and going by themselves: what is young waits, and what stopped is remembered for a while.

/** Longer than the longest pause between two starts of a container that keeps crashing (five minutes). */
export const lingerMs = 6 * 60_000
const maxRemembered = 5000

export interface Sighting<Row> {
  /** what it is, however often it runs and restarts */
  readonly name: string
  readonly row: Row
  /** it has run long enough to be what it will be */
  readonly settled: boolean
}

export interface Remembered<Row> {
  readonly name: string
  readonly row: Row
  readonly seenAtMs: number
}

/**
 * Rows of what is settled, each once, and of names that were seen settled within the last six minutes. While something
 * young has a known name, what was known stays, so that a restart changes nothing until it is certain what came back.
 */
export function settle<Row>(
  sightings: readonly Sighting<Row>[],
  known: readonly Remembered<Row>[],
  nowMs: number,
): readonly Remembered<Row>[] {
  const next = new Map<string, Remembered<Row>>()
  const keep = (name: string, row: Row, seenAtMs: number) => {
    const key = `${name}\n${JSON.stringify(row)}`
    if (next.size < maxRemembered || next.has(key)) next.set(key, { name, row, seenAtMs })
  }
  const certain = new Set<string>()
  const young = new Set<string>()
  for (const { name, settled } of sightings) (settled ? certain : young).add(name)
  for (const { name, row, settled } of sightings) if (settled) keep(name, row, nowMs)
  for (const { name, row, seenAtMs } of known) {
    const age = nowMs - seenAtMs
    if (young.has(name)) keep(name, row, nowMs)
    else if (!certain.has(name) && age >= 0 && age < lingerMs) keep(name, row, seenAtMs)
  }
  return [...next.values()]
}
