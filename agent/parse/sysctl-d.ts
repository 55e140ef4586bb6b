// Parses a sysctl.d file (sysctl.d(5)) the way systemd-sysctl reads it.

export interface SysctlAssignment {
  /** from 1 */
  readonly line: number
  /** path below /proc/sys, possibly with a pattern: `net/ipv4/conf/eth*` */
  readonly path: string
  /** undefined for `-name` alone, which keeps patterns away from that parameter */
  readonly value: string | undefined
}

export interface SysctlFile {
  readonly assignments: readonly SysctlAssignment[]
  /** numbers of the lines that are passed over as no assignment, from 1 */
  readonly malformed: readonly number[]
}

/** systemd gives up on the file at a longer line. */
const maxLength = 1_048_576

/**
 * Comments begin with `#` or `;`. A `-` before the name makes a failed write silent and is not told here. A NUL ends
 * its line. An assignment to an impossible path (`..`, nothing) is malformed.
 */
export function parseSysctlD(text: string): SysctlFile {
  const assignments: SysctlAssignment[] = []
  const malformed: number[] = []
  let line = 0
  for (const raw of text.split('\n')) {
    line++
    if (raw.length > maxLength) {
      malformed.push(line)
      break
    }
    const content = stripped(raw.split('\0', 1)[0] ?? '')
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue
    const assignment = parseLine(line, content)
    if (assignment) assignments.push(assignment)
    else malformed.push(line)
  }
  return { assignments, malformed }
}

function parseLine(line: number, content: string): SysctlAssignment | undefined {
  const equals = content.indexOf('=')
  const withDash = content.startsWith('-')
  if (equals < 0 && !withDash) return undefined
  const name = content.slice(withDash ? 1 : 0, equals < 0 ? undefined : equals)
  const path = sysctlPath(stripped(name))
  if (path === '') return undefined
  return { line, path, value: equals < 0 ? undefined : stripped(content.slice(equals + 1)) }
}

/**
 * Path below /proc/sys of a parameter's name. The first separator decides: after a dot, dots separate and slashes stand
 * for dots (`net.ipv4.conf.eth0/1.x`); after a slash everything stays as it is. Empty for what is no path below there.
 */
export function sysctlPath(name: string): string {
  const first = /[/.]/.exec(name)?.[0]
  const path = first === '.' ? swapSeparators(name) : name
  const parts = path.split('/').filter(part => part !== '' && part !== '.')
  return parts.includes('..') ? '' : parts.join('/')
}

/** The name that sysctl(8) prints for a path below /proc/sys. */
export function sysctlName(path: string): string {
  return swapSeparators(path)
}

function swapSeparators(text: string): string {
  return text.replace(/[/.]/g, separator => (separator === '.' ? '/' : '.'))
}

/** Only these four are white space to systemd. */
function stripped(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && isSpace(text[start])) start++
  while (end > start && isSpace(text[end - 1])) end--
  return text.slice(start, end)
}

const isSpace = (char: string | undefined) => char === ' ' || char === '\t' || char === '\n' || char === '\r'
