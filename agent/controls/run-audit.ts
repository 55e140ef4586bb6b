// Evaluates a parsed audit over a host: pipelines of our own programs, no shell, nothing executed.
import type { AuditOutcome } from '../../policy/controls/controls.ts'
import { withoutEnd } from '../../policy/without-end.ts'
import { expandGlob } from './expand-glob.ts'
import { parseAudit } from './parse-audit.ts'
import { type AuditWorld, type Output, printed, refuse, spend } from './program.ts'
import { readInput } from './programs/files.ts'
import { programs } from './programs/programs.ts'
import {
  type Chain,
  type Part,
  type Pipeline,
  type Redirection,
  type Script,
  type ScriptCommand,
  UnansweredAudit,
  type Word,
} from './script.ts'

const maxSteps = 50_000
const maxOutput = 8 * 1024 * 1024

type Variables = Map<string, string>

/** A script of an audit with what it prints; an empty one prints nothing. Never throws. */
export async function runAudit(
  script: string,
  { host, processes, accounts }: Pick<AuditWorld, 'host' | 'processes' | 'accounts'>,
): Promise<AuditOutcome> {
  const budget = { steps: maxSteps }
  const world: AuditWorld = {
    host,
    processes,
    accounts,
    budget,
    run: (argv, stdin) => runProgram(argv, stdin, world, 0),
  }
  try {
    const { stdout, stderr, code } = await runText(script, '', world, 0)
    const complaint = stderr.split('\n')[0] ?? ''
    return { state: 'done', stdout, text: `${stderr}${stdout}`, exitCode: code, complaint }
  } catch (error) {
    if (!(error instanceof UnansweredAudit)) throw error
    return { state: 'unanswered', reason: `unsupported audit: ${error.message}` }
  }
}

async function runText(text: string, stdin: string, world: AuditWorld, depth: number): Promise<Output> {
  if (depth > 10) refuse('shells within shells')
  const parsed = parseAudit(text)
  if ('unsupported' in parsed) return refuse(parsed.unsupported)
  return await runScript(parsed.script, stdin, { world, variables: new Map(), functions: new Map(), depth })
}

interface Shell {
  readonly world: AuditWorld
  readonly variables: Variables
  /** what a script defines itself */
  readonly functions: Map<string, Script>
  readonly depth: number
}

/** What is set or defined in it is gone with it. */
const subshell = (shell: Shell): Shell => ({
  ...shell,
  variables: new Map(shell.variables),
  functions: new Map(shell.functions),
})

const nothing: Output = { stdout: '', stderr: '', code: 0 }

const after = (first: Output, second: Output): Output => ({
  stdout: first.stdout + second.stdout,
  stderr: first.stderr + second.stderr,
  code: second.code,
})

async function runScript(script: Script, stdin: string, shell: Shell): Promise<Output> {
  let output = nothing
  for (const chain of script) output = after(output, await runChain(chain, stdin, shell))
  if (output.stdout.length + output.stderr.length > maxOutput) refuse('an audit that prints too much')
  return output
}

async function runChain({ first, rest }: Chain, stdin: string, shell: Shell): Promise<Output> {
  let output = await runPipeline(first, stdin, shell)
  for (const { operator, pipeline } of rest) {
    if ((output.code === 0) === (operator === '&&')) output = after(output, await runPipeline(pipeline, stdin, shell))
  }
  return output
}

/** The last command decides how a pipeline ends; what the others complain of is kept. */
async function runPipeline({ negated, commands }: Pipeline, stdin: string, shell: Shell): Promise<Output> {
  let output = { ...nothing, stdout: stdin }
  let stderr = ''
  const isPiped = commands.length > 1
  for (const command of commands) {
    output = await runCommand(command, output.stdout, isPiped ? subshell(shell) : shell)
    stderr += output.stderr
  }
  return { stdout: output.stdout, stderr, code: negated ? (output.code === 0 ? 1 : 0) : output.code }
}

async function runCommand(command: ScriptCommand, stdin: string, shell: Shell): Promise<Output> {
  spend(shell.world)
  switch (command.kind) {
    case 'simple':
      return await runSimple(command, stdin, shell)
    case 'group':
      return await runScript(command.body, stdin, shell)
    case 'function':
      shell.functions.set(command.name, command.body)
      return nothing
    case 'if': {
      let output = nothing
      for (const { condition, body } of command.branches) {
        output = after(output, await runScript(condition, stdin, shell))
        if (output.code === 0) return after(output, await runScript(body, stdin, shell))
      }
      return command.otherwise
        ? after(output, await runScript(command.otherwise, stdin, shell))
        : { ...output, code: 0 }
    }
    case 'for': {
      let output = nothing
      for (const value of await expandAll(command.words, shell)) {
        shell.variables.set(command.name, value)
        output = after(output, await runScript(command.body, stdin, shell))
      }
      return output
    }
  }
}

async function runSimple(
  { assignments, words, redirections }: Extract<ScriptCommand, { kind: 'simple' }>,
  stdin: string,
  shell: Shell,
): Promise<Output> {
  let output = nothing
  for (const { name, word } of assignments) {
    const { text, inner } = await expandText(word, shell)
    shell.variables.set(name, text)
    output = { stdout: '', stderr: output.stderr + inner.stderr, code: inner.code }
  }
  const argv = await expandAll(words, shell)
  if (argv.length === 0) return output
  const input = redirections.find(({ kind }) => kind === 'input')
  const given = input
    ? await readInput('sh', [(await expandText(input.file, shell)).text], '', shell.world)
    : printed(stdin)
  if (given.code !== 0) return { ...given, stdout: '', code: 2 }
  const own = shell.functions.get(argv[0] ?? '')
  const answer = own
    ? await runFunction(own, argv, given.stdout, shell)
    : await runProgram(argv, given.stdout, shell.world, shell.depth)
  return redirected(answer, redirections)
}

/** A function of the script itself. Values that it is given are not supported. */
async function runFunction(body: Script, argv: readonly string[], stdin: string, shell: Shell): Promise<Output> {
  if (argv.length > 1) refuse(`${argv[0]} with values`)
  if (shell.depth > 10) refuse('functions within functions')
  return await runScript(body, stdin, { ...shell, depth: shell.depth + 1 })
}

/** Redirections work from left to right: `2>&1 >/dev/null` keeps what goes to standard error. */
function redirected(output: Output, redirections: readonly Redirection[]): Output {
  let [toOut, toErr] = ['stdout', 'stderr']
  for (const { kind } of redirections) {
    if (kind === 'dropOutput') toOut = 'none'
    else if (kind === 'dropErrors') toErr = 'none'
    else if (kind === 'errorsToOutput') toErr = toOut
  }
  const part = (place: string) => (toErr === place ? output.stderr : '') + (toOut === place ? output.stdout : '')
  return { stdout: part('stdout'), stderr: part('stderr'), code: output.code }
}

const shells = ['sh', 'bash', '/bin/sh', '/bin/bash', '/usr/bin/sh', '/usr/bin/bash']
const programDirectories = /^\/(?:usr\/)?(?:local\/)?s?bin\//

async function runProgram(argv: readonly string[], stdin: string, world: AuditWorld, depth: number): Promise<Output> {
  spend(world)
  const [word = '', ...args] = argv
  if (shells.includes(word)) {
    const [option, text, ...more] = args
    if (option !== '-c' || text === undefined || more.length > 0) return refuse(`${word} other than -c SCRIPT`)
    return await runText(text, stdin, world, depth + 1)
  }
  const name = word.replace(programDirectories, '')
  const program = Object.hasOwn(programs, name) ? programs[name] : undefined
  if (!program) return refuse(word === '' ? 'a command without a name' : word)
  return await program(args, stdin, world)
}

/** Words with their variables, split at blanks and expanded to files where they are not quoted. */
async function expandAll(words: readonly Word[], shell: Shell): Promise<readonly string[]> {
  const values: string[] = []
  for (const word of words) {
    for (const field of await expandWord(word, shell)) {
      if (field.isPattern) values.push(...(await expandGlob(field.text, shell.world)))
      else values.push(field.text)
    }
  }
  return values
}

interface Field {
  readonly text: string
  readonly isPattern: boolean
}

async function expandWord(word: Word, shell: Shell): Promise<readonly Field[]> {
  const fields: Field[] = []
  let current: { text: string; isPattern: boolean; quotedGlob: boolean } | undefined
  const add = (text: string, quoted: boolean) => {
    current ??= { text: '', isPattern: false, quotedGlob: false }
    current.text += text
    if (/[*?]|\[.*\]/.test(text)) {
      if (quoted) current.quotedGlob = true
      else current.isPattern = true
    }
  }
  const close = () => {
    if (current?.isPattern && current.quotedGlob) refuse('a pattern that is quoted in part')
    if (current) fields.push(current)
    current = undefined
  }
  for (const part of word) {
    if (part.kind === 'text') add(part.text, part.quoted)
    else {
      const { text } = await expandText([part], shell)
      if (part.quoted) add(text, true)
      else {
        text.split(/([ \t\n]+)/).forEach((piece, index) => {
          if (index % 2 === 1) close()
          else if (piece !== '') add(piece, false)
        })
      }
    }
  }
  close()
  return fields
}

async function variableValue({ name, otherwise }: Part & { readonly kind: 'variable' }, shell: Shell): Promise<string> {
  const value = shell.variables.get(name)
  if (otherwise && (value === undefined || value === '')) return (await expandText(otherwise, shell)).text
  return value ?? refuse(`the variable ${name}, which nothing sets`)
}

/** One text, as an assignment takes it; `inner` is what the last script within it came to. */
async function expandText(word: Word, shell: Shell): Promise<{ readonly text: string; readonly inner: Output }> {
  let text = ''
  let inner = nothing
  for (const part of word) {
    if (part.kind === 'text') text += part.text
    else if (part.kind === 'variable') {
      text += await variableValue(part, shell)
    } else {
      inner = await runScript(part.script, '', subshell(shell))
      text += withoutEnd(inner.stdout, '\n').replaceAll('\0', '')
    }
  }
  return { text, inner }
}
