// Parses apt's configuration files (apt.conf(5)) into their scalar values.

export interface AptConf {
  /** last value of each option by its path in lower case, such as `apt::periodic::unattended-upgrade` */
  readonly values: ReadonlyMap<string, string>
  /** numbers of the lines at which something stands that is not understood, from 1 */
  readonly malformed: readonly number[]
}

type Token = { readonly kind: 'word' | 'quoted' | '{' | '}' | ';'; readonly text: string; readonly line: number }

const maxDepth = 32

/**
 * `A::B "1";` and `A { B "1"; };` are the same; names are not case-sensitive; items of lists (`A:: "x"`) are passed over.
 * `#clear A;` forgets A and what is below. Comments are those of C++ and lines that begin with `#`.
 */
export function parseAptConf(text: string): AptConf {
  const values = new Map<string, string>()
  const malformed = new Set<number>()
  const scopes: string[] = []
  let name: string | undefined
  let value: string | undefined
  let wrong = false
  for (const { kind, text: word, line } of tokens(text, malformed)) {
    if (kind === ';' || kind === '}') {
      if (wrong) malformed.add(line)
      else if (name !== undefined) assign(values, [...scopes, name].join('::'), value)
      name = undefined
      value = undefined
      wrong = false
      if (kind === '}' && scopes.pop() === undefined) malformed.add(line)
    } else if (kind === '{') {
      if (name === undefined || value !== undefined || scopes.length >= maxDepth) malformed.add(line)
      scopes.push(name ?? '')
      name = undefined
      value = undefined
    } else if (kind === 'word' && name === undefined) name = word.toLowerCase()
    else if (value === undefined) value = word
    else if (name !== '#clear') wrong = true
  }
  return { values, malformed: [...malformed].sort((a, b) => a - b) }
}

function assign(values: Map<string, string>, path: string, value: string | undefined): void {
  if (path.endsWith('#clear')) {
    const cleared = (value ?? '').toLowerCase()
    for (const known of [...values.keys()]) {
      if (known === cleared || known.startsWith(`${cleared}::`)) values.delete(known)
    }
  } else if (value !== undefined && !path.endsWith('::')) values.set(path, value)
}

/** What a `"` opens ends at the next one or at the end of its line. */
function* tokens(text: string, malformed: Set<number>): Generator<Token> {
  const pattern = /\n|[ \t\r]+|\/\/[^\n]*|\/\*|"([^"\n]*)("?)|([{};])|([^\s{};"]+)/g
  let line = 1
  let lineStart = true
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [whole, quoted, closing, punctuation, word] = match
    if (whole === '\n') {
      line++
      lineStart = true
      continue
    }
    if (whole === '/*') {
      const end = text.indexOf('*/', pattern.lastIndex)
      const comment = text.slice(match.index, end < 0 ? text.length : end + 2)
      line += comment.split('\n').length - 1
      pattern.lastIndex = match.index + comment.length
      if (end < 0) malformed.add(line)
      continue
    }
    if (/^[ \t\r]/.test(whole) || whole.startsWith('//')) continue
    if (lineStart && word?.startsWith('#') && word !== '#clear') {
      if (word === '#include') malformed.add(line)
      const end = text.indexOf('\n', match.index)
      pattern.lastIndex = end < 0 ? text.length : end
      continue
    }
    lineStart = false
    if (quoted !== undefined) {
      if (closing === '') malformed.add(line)
      yield { kind: 'quoted', text: quoted, line }
    } else if (punctuation) yield { kind: punctuation as '{' | '}' | ';', text: punctuation, line }
    else if (word !== undefined) yield { kind: 'word', text: word, line }
  }
}
