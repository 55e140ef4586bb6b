// Builds headers as rpm's database keeps them, for tests of whatever reads them.

export type HeaderEntry = readonly [tag: number, value: string | number]

/** Entries in the order given: texts end with a zero byte, numbers take four bytes. */
export function rpmHeaderBytes(entries: readonly HeaderEntry[]): Buffer {
  const index: Buffer[] = []
  let data = Buffer.alloc(0)
  for (const [tag, value] of entries) {
    const entry = Buffer.alloc(16)
    entry.writeUInt32BE(tag, 0)
    entry.writeUInt32BE(typeof value === 'string' ? 6 : 4, 4)
    entry.writeUInt32BE(data.length, 8)
    entry.writeUInt32BE(1, 12)
    index.push(entry)
    const number = Buffer.alloc(4)
    if (typeof value === 'number') number.writeUInt32BE(value)
    data = Buffer.concat([data, typeof value === 'string' ? Buffer.from(`${value}\0`) : number])
  }
  const head = Buffer.alloc(8)
  head.writeUInt32BE(index.length, 0)
  head.writeUInt32BE(data.length, 4)
  return Buffer.concat([head, ...index, data])
}

/** The header of one installed package. */
export function packageHeader(
  name: string,
  version: string,
  release: string,
  more: readonly HeaderEntry[] = [],
): Buffer {
  return rpmHeaderBytes([[1000, name], [1001, version], [1002, release], ...more])
}
