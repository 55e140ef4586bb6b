// Parses access.conf (access.conf(5)): how many rules it has, and no more.

export interface AccessConf {
  readonly rules: number
  /** numbers of the lines that pam_access would pass over with a complaint, from 1 */
  readonly malformed: readonly number[]
}

/** `+ or - : users : origins`; a comment begins a line. */
export function parseAccessConf(text: string): AccessConf {
  let rules = 0
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [permission = '', users, origins] = line.split(':')
    if (/^[+-]$/.test(permission.trim()) && users !== undefined && origins !== undefined) rules += 1
    else malformed.push(index + 1)
  }
  return { rules, malformed }
}
