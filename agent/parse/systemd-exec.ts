// Turns a unit's ExecStart= line into arguments as systemd.service(5) does: prefixes, quotes, escapes, variables.

export type Environment = ReadonlyMap<string, string>

/** Arguments beyond this are cut off: no kubelet has so many. */
const maxArguments = 4096

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
}

/**
 * The argument vector, program first with its `@ - : + !` prefixes taken off. `$NAME` as a word of its own becomes as
 * many words as its value has, `${NAME}` is put in place also inside a word; an unknown variable is empty. `%` specifiers stay as written.
 */
export function splitExecStart(value: string, environment: Environment): readonly string[] {
  const prefix = /^[@:+!|-]*/.exec(value)?.[0] ?? ''
  const [program, ...words] = splitWords(value.slice(prefix.length))
  if (program === undefined) return []
  const rest = prefix.includes('@') ? words.slice(1) : words
  const args = prefix.includes(':') ? rest : rest.flatMap(word => expandWord(word, environment))
  return [program, ...args].slice(0, maxArguments)
}

/** The command lines of one ExecStart=: a `;` that is a word of its own separates them; the first is kept. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? ''
    if (char === '\\') {
      const escaped = readEscape(text, index + 1)
      word = (word ?? '') + escaped.text
      index = escaped.last
    } else if (quote !== '') {
      if (char === quote) quote = ''
      else word += char
    } else if ((char === '"' || char === "'") && word === undefined) {
      quote = char
      word = ''
    } else if (/[ \t\n\r]/.test(char)) {
      if (word === ';') return words
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + char
  }
  if (word !== undefined && word !== ';') words.push(word)
  return words
}

/** The assignments of an Environment= value: `A=b "C=d e"`. What is no assignment is skipped. */
export function parseEnvironmentDirective(value: string): Environment {
  return new Map(splitWords(value).flatMap(word => readAssignment(word)))
}

/** An EnvironmentFile= (systemd.exec(5)): `NAME=value` lines, quotes around or inside values, `#` and `;` comments. */
export function parseEnvironmentFile(text: string): Environment {
  const joined = text.replaceAll('\r\n', '\n').replaceAll('\\\n', '')
  const assignments = joined
    .split('\n')
    .flatMap(line => (/^\s*(?:[#;]|$)/.test(line) ? [] : readAssignment(line.trim())))
  return new Map(assignments.map(([name, value]) => [name, unquote(value.trim())]))
}

function readAssignment(word: string): readonly (readonly [string, string])[] {
  const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word)
  return match ? [[match[1] ?? '', match[2] ?? '']] : []
}

/** Takes quotes off; outside single quotes a backslash keeps the next character. */
function unquote(value: string): string {
  let result = ''
  let quote = ''
  for (let index = 0; index < value.length; index += 1) {
    const char = value[index] ?? ''
    if (char === '\\' && quote !== "'") {
      index += 1
      result += value[index] ?? ''
    } else if (quote === '' && (char === '"' || char === "'")) quote = char
    else if (char === quote) quote = ''
    else result += char
  }
  return result
}

function readEscape(text: string, at: number): { readonly text: string; readonly last: number } {
  const char = text[at]
  if (char === undefined) return { text: '\\', last: at }
  const hex = /^x([0-9a-f]{2})/i.exec(text.slice(at, at + 3))
  if (hex) return { text: String.fromCharCode(Number.parseInt(hex[1] ?? '', 16)), last: at + 2 }
  return { text: escapes[char] ?? char, last: at }
}

function expandWord(word: string, environment: Environment): readonly string[] {
  const alone = /^\$([A-Za-z_][A-Za-z0-9_]*)$/.exec(word)
  if (alone) return splitWords(environment.get(alone[1] ?? '') ?? '')
  const replaced = word.replace(/\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, name?: string) =>
    whole === '$$' ? '$' : (environment.get(name ?? '') ?? ''),
  )
  return [replaced]
}
