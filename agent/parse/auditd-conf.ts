// Parses auditd.conf (auditd.conf(5)).

export interface AuditdConf {
  /** last value of each known key in lower case, as written but for the case of actions */
  readonly values: ReadonlyMap<string, string>
  /** numbers of the lines on which auditd would refuse to start, from 1 */
  readonly malformed: readonly number[]
}

/** `key = value`, blanks around `=` wanted and not needed; comments begin with `#`. */
export function parseAuditdConf(text: string): AuditdConf {
  const values = new Map<string, string>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, key, value] = /^([A-Za-z_0-9]+)\s*=\s*(\S.*)$/.exec(line) ?? []
    if (key === undefined || value === undefined) malformed.push(index + 1)
    else values.set(key.toLowerCase(), value.trim())
  }
  return { values, malformed }
}
