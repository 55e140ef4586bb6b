// Parses PAM service files: /etc/pam.d/NAME and /etc/pam.conf (pam.conf(5)).

export const pamTypes = ['auth', 'account', 'password', 'session'] as const
export type PamType = (typeof pamTypes)[number]

/** One module of a stack. */
export interface PamModule {
  readonly kind: 'module'
  readonly type: PamType
  /** `required`, `requisite`, `sufficient`, `optional`, or `[value=action …]` in lower case with single blanks */
  readonly control: string
  /** file name of the module without directory and `.so` */
  readonly module: string
  readonly args: readonly string[]
}

/** Another file whose lines stand here: of one type, or with `@include` of all types. */
export interface PamInclude {
  readonly kind: 'include'
  readonly type: PamType | 'all'
  readonly substack: boolean
  /** name of a service, or an absolute path */
  readonly target: string
}

export type PamLine = PamModule | PamInclude

export interface PamFile {
  readonly lines: readonly PamLine[]
  /** numbers of the first lines of what PAM would take for an error, from 1 */
  readonly malformed: readonly number[]
}

interface Logical {
  readonly number: number
  readonly text: string
}

/** Longest logical line that PAM takes is 1024 bytes; longer ones are malformed. */
const maxLine = 4096

/** A file of /etc/pam.d. */
export function parsePamStack(text: string): PamFile {
  const lines: PamLine[] = []
  const malformed: number[] = []
  for (const { number, text: line } of logicalLines(text)) {
    const parsed = line.length > maxLine ? undefined : parseLine(tokensOf(line))
    if (parsed) lines.push(parsed)
    else malformed.push(number)
  }
  return { lines, malformed }
}

/** /etc/pam.conf: as above with the name of the service before each line. */
export function parsePamConf(text: string): ReadonlyMap<string, PamFile> {
  const files = new Map<string, { lines: PamLine[]; malformed: number[] }>()
  for (const { number, text: line } of logicalLines(text)) {
    const [service = '', ...tokens] = line.length > maxLine ? [] : tokensOf(line)
    const name = service.toLowerCase()
    const file = files.get(name) ?? { lines: [], malformed: [] }
    files.set(name, file)
    const parsed = parseLine(tokens)
    if (parsed) file.lines.push(parsed)
    else file.malformed.push(number)
  }
  return files
}

/** Comments end a line wherever they begin; a backslash before its end joins it with the next that is not empty. */
function logicalLines(text: string): readonly Logical[] {
  const found: Logical[] = []
  let open: { number: number; parts: string[] } | undefined
  const close = () => {
    if (open) found.push({ number: open.number, text: open.parts.join(' ') })
    open = undefined
  }
  for (const [index, raw] of text.split('\n').entries()) {
    const hash = raw.indexOf('#')
    const line = (hash < 0 ? raw : raw.slice(0, hash)).trim()
    if (line === '') continue
    const continues = hash < 0 && line.endsWith('\\')
    open ??= { number: index + 1, parts: [] }
    open.parts.push(continues ? line.slice(0, -1).trim() : line)
    if (!continues) close()
  }
  close()
  return found.filter(line => line.text !== '')
}

/** Words between blanks; `[a b]` is one word, in which `\]` stands for `]`. An unclosed bracket ends the words. */
function tokensOf(line: string): readonly string[] {
  const tokens: string[] = []
  let rest = line.trim()
  while (rest !== '') {
    const end = rest.startsWith('[') ? closingBracket(rest) : rest.search(/\s/)
    if (end < 0) {
      tokens.push(rest)
      break
    }
    tokens.push(rest.slice(0, end))
    rest = rest.slice(end).trimStart()
  }
  return tokens
}

/** Index behind the `]` that closes a word, -1 when there is none. */
function closingBracket(text: string): number {
  for (let index = 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1
    else if (text[index] === ']') return index + 1
  }
  return -1
}

function parseLine(tokens: readonly string[]): PamLine | undefined {
  const [first = '', second = '', third = '', ...args] = tokens
  if (first === '@include') {
    return isTarget(second) ? { kind: 'include', type: 'all', substack: false, target: second } : undefined
  }
  const name = first.toLowerCase().replace(/^-/, '')
  const type = pamTypes.find(one => one === name)
  if (!type) return undefined
  const word = second.toLowerCase()
  if (word === 'include' || word === 'substack') {
    return isTarget(third) ? { kind: 'include', type, substack: word === 'substack', target: third } : undefined
  }
  const control = controlOf(word)
  const module = /^(?:\/?(?:[^/\s]+\/)*)([A-Za-z0-9_+.-]{1,64})$/.exec(third)?.[1]?.replace(/\.so$/, '')
  if (control === undefined || module === undefined) return undefined
  return { kind: 'module', type, control, module, args: args.map(unbracketed) }
}

const isTarget = (text: string) => /^[\w./+@-]{1,200}$/.test(text)

const keywords: ReadonlySet<string> = new Set(['required', 'requisite', 'sufficient', 'optional'])
const returnValue = /^[a-z_]{1,40}$/
const action = /^(?:ignore|bad|die|ok|done|reset|[1-9]\d{0,3})$/

/** @param word in lower case */
function controlOf(word: string): string | undefined {
  if (keywords.has(word)) return word
  const inside = /^\[([^\]\\]*)\]$/.exec(word)?.[1]
  if (inside === undefined) return undefined
  const pairs = inside
    .replaceAll(/\s*=\s*/g, '=')
    .trim()
    .split(/\s+/)
  const isPair = (pair: string) => {
    const [value = '', act = '', more] = pair.split('=')
    return more === undefined && returnValue.test(value) && action.test(act)
  }
  return pairs.every(isPair) ? `[${pairs.join(' ')}]` : undefined
}

function unbracketed(token: string): string {
  return token.startsWith('[') && token.endsWith(']') ? token.slice(1, -1).replaceAll('\\]', ']') : token
}

/** Whether a failure of such a module refuses what was asked for, whatever the modules behind it say. */
export function isBinding(control: string): boolean {
  if (control === 'required' || control === 'requisite') return true
  return /[[ ]default=(?:bad|die)[\] ]/.test(control)
}
