// Parses the shell scripts of audits into pipelines. What is not understood is said; nothing is guessed.

import { peekWord, readWord, type Scanner, sees, skipBlanks, unsupported } from './scan-words.ts'
import {
  type Assignment,
  type Chain,
  type ParsedAudit,
  type Pipeline,
  type Redirection,
  type Script,
  type ScriptCommand,
  UnansweredAudit,
  type Word,
} from './script.ts'

const maxLength = 20_000
const maxDepth = 20

/** Never throws. */
export function parseAudit(text: string): ParsedAudit {
  if (text.length > maxLength) return { unsupported: 'a script that is too long' }
  const scanner: Scanner = { text, at: 0, depth: 0, inner: parseInner }
  try {
    const script = readScript(scanner, [])
    if (scanner.at < text.length) throw unsupported(`${text[scanner.at]} at this place`)
    return { script }
  } catch (error) {
    if (!(error instanceof UnansweredAudit)) throw error
    return { unsupported: error.message }
  }
}

/** The script within $( ) or backticks, which must be whole. */
function parseInner(text: string, depth: number): Script {
  const scanner: Scanner = { text, at: 0, depth: depth + 1, inner: parseInner }
  const script = readScript(scanner, [])
  if (scanner.at < text.length) throw unsupported(`${text[scanner.at]} at this place`)
  return script
}

/** Reads up to one of the reserved words, a closing bracket or the end. */
function readScript(scanner: Scanner, ends: readonly string[]): Script {
  if (++scanner.depth > maxDepth) throw unsupported('a script that is nested too deeply')
  const chains: Chain[] = []
  for (;;) {
    skipSeparators(scanner)
    if (scanner.at >= scanner.text.length || sees(scanner, ')')) break
    if (ends.includes(peekWord(scanner))) break
    chains.push(readChain(scanner))
    skipBlanks(scanner)
    const char = scanner.text[scanner.at]
    if (char !== undefined && !'\n;)'.includes(char)) throw unsupported(`${char} at this place`)
    if (sees(scanner, ';;')) throw unsupported(';;')
  }
  scanner.depth--
  return chains
}

function skipSeparators(scanner: Scanner): void {
  for (;;) {
    skipBlanks(scanner)
    const char = scanner.text[scanner.at]
    if (char !== '\n' && char !== ';') return
    scanner.at++
  }
}

function skipLines(scanner: Scanner): void {
  for (skipBlanks(scanner); sees(scanner, '\n'); skipBlanks(scanner)) scanner.at++
}

function readChain(scanner: Scanner): Chain {
  const first = readPipeline(scanner)
  const rest: Chain['rest'][number][] = []
  for (;;) {
    skipBlanks(scanner)
    const operator = sees(scanner, '&&') ? '&&' : sees(scanner, '||') ? '||' : undefined
    if (!operator) return { first, rest }
    scanner.at += 2
    skipLines(scanner)
    rest.push({ operator, pipeline: readPipeline(scanner) })
  }
}

function readPipeline(scanner: Scanner): Pipeline {
  skipBlanks(scanner)
  const negated = peekWord(scanner) === '!'
  if (negated) scanner.at++
  const commands = [readCommand(scanner)]
  for (;;) {
    skipBlanks(scanner)
    if (!sees(scanner, '|') || sees(scanner, '||')) return { negated, commands }
    if (sees(scanner, '|&')) throw unsupported('|&')
    scanner.at++
    skipLines(scanner)
    commands.push(readCommand(scanner))
  }
}

const unknownWords = ['while', 'until', 'case', 'select', 'function', '[[', 'then', 'else', 'elif', 'fi', 'do', 'done']

function readCommand(scanner: Scanner): ScriptCommand {
  skipBlanks(scanner)
  if (sees(scanner, '(')) return readSubshell(scanner)
  const word = peekWord(scanner)
  if (word === 'if') return readIf(scanner)
  if (word === 'for') return readFor(scanner)
  if (word === '{') {
    scanner.at++
    const body = readBody(scanner, ['}'])
    expectWord(scanner, '}')
    return closed(scanner, { kind: 'group', body })
  }
  if (unknownWords.includes(word)) throw unsupported(word)
  return readFunction(scanner) ?? readSimple(scanner)
}

/** `name() { …; }` */
function readFunction(scanner: Scanner): ScriptCommand | undefined {
  const found = /^([A-Za-z_]\w*)[ \t]*\([ \t]*\)/.exec(scanner.text.slice(scanner.at, scanner.at + 100))
  if (!found) return undefined
  scanner.at += found[0].length
  skipLines(scanner)
  if (peekWord(scanner) !== '{') throw unsupported('a function without { }')
  scanner.at++
  const body = readBody(scanner, ['}'])
  expectWord(scanner, '}')
  return closed(scanner, { kind: 'function', name: found[1] ?? '', body })
}

function readSubshell(scanner: Scanner): ScriptCommand {
  throw unsupported(sees(scanner, '((') ? '((' : '( ) around commands')
}

/** What a script's parts may not be: empty. */
function readBody(scanner: Scanner, ends: readonly string[]): Script {
  const body = readScript(scanner, ends)
  if (body.length === 0) throw unsupported('a part of a script that is empty')
  return body
}

function expectWord(scanner: Scanner, word: string): void {
  skipBlanks(scanner)
  if (peekWord(scanner) !== word) throw unsupported(`a script without ${word}`)
  scanner.at += word.length
}

/** Redirections of a whole compound are not supported, which is seen here. */
function closed(scanner: Scanner, command: ScriptCommand): ScriptCommand {
  skipBlanks(scanner)
  const char = scanner.text[scanner.at]
  if (char !== undefined && !'\n;|&)'.includes(char)) throw unsupported(`${char} behind a compound command`)
  return command
}

function readIf(scanner: Scanner): ScriptCommand {
  const branches: { condition: Script; body: Script }[] = []
  let otherwise: Script | undefined
  for (let word = 'if'; word === 'if' || word === 'elif'; word = peekWord(scanner)) {
    expectWord(scanner, word)
    const condition = readBody(scanner, ['then'])
    expectWord(scanner, 'then')
    branches.push({ condition, body: readBody(scanner, ['elif', 'else', 'fi']) })
  }
  if (peekWord(scanner) === 'else') {
    expectWord(scanner, 'else')
    otherwise = readBody(scanner, ['fi'])
  }
  expectWord(scanner, 'fi')
  return closed(scanner, { kind: 'if', branches, otherwise })
}

function readFor(scanner: Scanner): ScriptCommand {
  expectWord(scanner, 'for')
  skipBlanks(scanner)
  const name = peekWord(scanner)
  if (!/^[A-Za-z_]\w*$/.test(name)) throw unsupported('for without a name')
  scanner.at += name.length
  expectWord(scanner, 'in')
  const words: Word[] = []
  for (;;) {
    skipBlanks(scanner)
    const word = readWord(scanner)
    if (!word) break
    words.push(word)
  }
  skipSeparators(scanner)
  expectWord(scanner, 'do')
  const body = readBody(scanner, ['done'])
  expectWord(scanner, 'done')
  return closed(scanner, { kind: 'for', name, words, body })
}

function readSimple(scanner: Scanner): ScriptCommand {
  const assignments: Assignment[] = []
  const words: Word[] = []
  const redirections: Redirection[] = []
  for (;;) {
    skipBlanks(scanner)
    const redirection = readRedirection(scanner)
    if (redirection) {
      redirections.push(redirection)
      continue
    }
    const name = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(scanner.text.slice(scanner.at, scanner.at + 100)) : null
    if (name) {
      scanner.at += name[0].length
      assignments.push({ name: name[1] ?? '', word: readWord(scanner) ?? [] })
      continue
    }
    const word = readWord(scanner)
    if (!word) break
    words.push(word)
  }
  if (assignments.length === 0 && words.length === 0) {
    const char = scanner.text[scanner.at]
    throw unsupported(
      char === undefined ? 'a script that ends early' : `${char === '\n' ? 'a line end' : char} at this place`,
    )
  }
  if (assignments.length > 0 && words.length > 0) throw unsupported('a variable for one command')
  return { kind: 'simple', assignments, words, redirections }
}

function readRedirection(scanner: Scanner): Redirection | undefined {
  const found = /^(\d?)(>>?|<)(&?)/.exec(scanner.text.slice(scanner.at, scanner.at + 5))
  if (!found) return undefined
  const [token, number = '', arrow = '', and = ''] = found
  scanner.at += token.length
  if (sees(scanner, '<') || sees(scanner, '(')) throw unsupported(`${token}${scanner.text[scanner.at]}`)
  if (and === '&') {
    if (number === '2' && arrow === '>' && /^1(?![\w])/.test(scanner.text.slice(scanner.at, scanner.at + 2))) {
      scanner.at++
      return { kind: 'errorsToOutput', file: [] }
    }
    throw unsupported(`${token}${scanner.text[scanner.at] ?? ''}`)
  }
  skipBlanks(scanner)
  const file = readWord(scanner)
  if (!file) throw unsupported(`${token} without a file`)
  if (arrow === '<' && number === '') return { kind: 'input', file }
  const isNull = file.length === 1 && file[0]?.kind === 'text' && file[0].text === '/dev/null'
  if (arrow === '<' || !isNull || !['', '1', '2'].includes(number)) throw unsupported(`${token} into a file`)
  return { kind: number === '2' ? 'dropErrors' : 'dropOutput', file: [] }
}
