// Parses the configuration of chrony (chrony.conf(5)) and of the ntp daemons for the servers they ask.

export interface TimeSources {
  /** servers, pools and peers named */
  readonly sources: number
  /** those with `nts` or a `key` */
  readonly authenticated: number
  /** files that `include` names, possibly patterns */
  readonly includes: readonly string[]
  /** directories of further `*.conf` files, chrony only */
  readonly confDirectories: readonly string[]
  /** directories of further `*.sources` files, chrony only */
  readonly sourceDirectories: readonly string[]
}

const sourceDirectives: ReadonlySet<string> = new Set(['server', 'servers', 'pool', 'peer'])

/** Directives are not case-sensitive; comments begin with `#`, and for chrony also with `!`, `;` or `%`. */
export function parseTimeSources(text: string): TimeSources {
  let sources = 0
  let authenticated = 0
  const includes: string[] = []
  const confDirectories: string[] = []
  const sourceDirectories: string[] = []
  for (const line of text.split(/[\r\n]/)) {
    const [directive = '', ...words] = line.replace(/#.*$/, '').trim().split(/\s+/)
    const name = directive.toLowerCase()
    const [first] = words
    if (first === undefined || /^[!;%]/.test(name)) continue
    if (sourceDirectives.has(name)) {
      sources++
      const options = words.slice(1).map(word => word.toLowerCase())
      if (options.includes('nts') || options.includes('key')) authenticated++
    } else if (name === 'include' || name === 'includefile') includes.push(first)
    else if (name === 'confdir') confDirectories.push(...words)
    else if (name === 'sourcedir') sourceDirectories.push(...words)
  }
  return { sources, authenticated, includes, confDirectories, sourceDirectories }
}
