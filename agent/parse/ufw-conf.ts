// Parses /etc/default/ufw, ufw.conf and firewalld.conf: settings of the form KEY=value.

export interface SettingsFile {
  /** last value of each key, without quotes */
  readonly values: ReadonlyMap<string, string>
  /** numbers of the lines whose value a shell would have to compute, or that are no setting, from 1 */
  readonly malformed: readonly number[]
}

/**
 * Files that ufw's start script sources as shell: the last assignment wins, quotes go, `#` after a blank begins a
 * comment. A value with `$`, a backquote, a backslash or several words is not computed but malformed.
 */
export function parseUfwConf(text: string): SettingsFile {
  const values = new Map<string, string>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const [, key, rest] = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line) ?? []
    const value = rest === undefined ? undefined : readValue(rest)
    if (key === undefined || value === undefined) malformed.push(index + 1)
    else values.set(key, value)
  }
  return { values, malformed }
}

function readValue(rest: string): string | undefined {
  const [, double, single, bare] = /^(?:"([^"$`\\]*)"|'([^']*)'|([^\s"'$`\\;&|<>()]*))(?:\s+#.*)?$/.exec(rest) ?? []
  return double ?? single ?? bare
}
