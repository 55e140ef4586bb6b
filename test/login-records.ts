// Makes records of utmp and lastlog as glibc writes them, for tests.

export interface UtmpFields {
  readonly type: number
  readonly pid: number
  readonly line: string
  readonly user: string
  readonly host: string
  readonly seconds: number
}

/** @param recordBytes 384 as on x86_64, 400 as on aarch64 */
export function utmpRecord(fields: UtmpFields, recordBytes: 384 | 400): Buffer {
  const record = Buffer.alloc(recordBytes)
  record.writeInt16LE(fields.type, 0)
  record.writeInt32LE(fields.pid, 4)
  record.write(fields.line, 8, 32)
  record.write(fields.user, 44, 32)
  record.write(fields.host, 76, 256)
  record.writeUInt32LE(fields.seconds, recordBytes === 384 ? 340 : 344)
  return record
}

/** @param recordBytes 292 as on x86_64, 296 as on aarch64 */
export function lastlogRecord(
  fields: { readonly line: string; readonly host: string; readonly seconds: number },
  recordBytes: 292 | 296,
): Buffer {
  const record = Buffer.alloc(recordBytes)
  const textAt = recordBytes - 288
  record.writeUInt32LE(fields.seconds, 0)
  record.write(fields.line, textAt, 32)
  record.write(fields.host, textAt + 32, 256)
  return record
}
