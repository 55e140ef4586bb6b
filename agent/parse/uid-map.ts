// Reads /proc/PID/uid_map: which ids a user namespace has outside, user_namespaces(7).

/** The id inside of one outside, as the reader sees it outside; undefined when it has none. */
export function insideId(text: string, outside: number): number | undefined {
  for (const line of text.split('\n')) {
    const [, inside, start, length] = /^\s*(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*$/.exec(line) ?? []
    if (inside === undefined || start === undefined || length === undefined) continue
    const offset = outside - Number(start)
    if (offset >= 0 && offset < Number(length)) return Number(inside) + offset
  }
  return undefined
}
