// What a program of an audit is given and what it answers; the programs are functions of ours, nothing is executed.
import type { Failure, Host, Outcome } from '../host/host.ts'
import type { AuditProcess } from './processes.ts'
import { UnansweredAudit } from './script.ts'

export interface Output {
  readonly stdout: string
  readonly stderr: string
  readonly code: number
}

export interface AuditWorld {
  readonly host: Host
  /** @throws UnansweredAudit where the host does not run, or hides them */
  readonly processes: () => Promise<readonly AuditProcess[]>
  /** name by number; undefined for a number without a name */
  readonly accounts: () => Promise<Accounts>
  /** counts down; an audit that does too much is not answered */
  readonly budget: { steps: number }
  /** runs another program, for xargs, find -exec and sh -c */
  readonly run: (argv: readonly string[], stdin: string) => Promise<Output>
}

export interface Accounts {
  readonly users: ReadonlyMap<number, string>
  readonly groups: ReadonlyMap<number, string>
}

export type Program = (args: readonly string[], stdin: string, world: AuditWorld) => Output | Promise<Output>

export const printed = (stdout: string, code: number = 0): Output => ({ stdout, stderr: '', code })
export const failed = (stderr: string, code: number = 1): Output => ({ stdout: '', stderr: `${stderr}\n`, code })

/** @throws UnansweredAudit always */
export function refuse(what: string): never {
  throw new UnansweredAudit(what)
}

/** @throws UnansweredAudit when an audit has done too much */
export function spend({ budget }: AuditWorld, steps: number = 1): void {
  budget.steps -= steps
  if (budget.steps < 0) refuse('an audit that goes on and on')
}

/** Lines without their ends; what follows the last one counts when it is not empty. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split('\n')
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

export const joined = (lines: readonly string[]): string => lines.map(line => `${line}\n`).join('')

/**
 * An answer of the host as an audit may know it: there, or not there.
 * @throws UnansweredAudit for what is there and cannot be read
 */
export function known<T>(outcome: Outcome<T>): T | undefined {
  if (outcome.state === 'present') return outcome.value
  if (outcome.state === 'absent') return undefined
  throw new UnansweredAudit(unreadable(outcome))
}

const unreadable = ({ path, state, detail }: Failure) => `${path} could not be read (${state}: ${detail})`

/** Paths are taken from the root. @throws UnansweredAudit for one that depends on where an audit runs */
export function absolute(path: string): string {
  if (!path.startsWith('/')) refuse(`the relative path ${path}`)
  return path.length > 1 ? path.replace(/\/+$/, '') || '/' : path
}

export interface Options {
  readonly flags: ReadonlySet<string>
  /** the last value of an option */
  readonly values: ReadonlyMap<string, string>
  readonly rest: readonly string[]
}

/**
 * Reads options as getopt does, up to `--`; a lone `-` is an argument.
 * @param plain letters and long names without values
 * @param valued those that take one
 */
export function readOptions(
  program: string,
  args: readonly string[],
  plain: readonly string[],
  valued: readonly string[] = [],
  permute: boolean = true,
): Options {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const rest: string[] = []
  const next = [...args]
  const take = (name: string) => next.shift() ?? refuse(`${program} ${name} without a value`)
  for (let arg = next.shift(); arg !== undefined; arg = next.shift()) {
    if (arg === '--') return { flags, values, rest: [...rest, ...next] }
    if (!arg.startsWith('-') || arg === '-') {
      rest.push(arg)
      if (!permute) return { flags, values, rest: [...rest, ...next] }
    } else if (arg.startsWith('--')) {
      const [, name = '', equals, value = ''] = /^--([^=]*)(=?)([\s\S]*)$/.exec(arg) ?? []
      if (valued.includes(name)) values.set(name, equals === '=' ? value : take(arg))
      else if (plain.includes(name) && equals === '') flags.add(name)
      else refuse(`${program} ${arg}`)
    } else {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? ''
        if (valued.includes(letter)) {
          values.set(letter, at + 1 < arg.length ? arg.slice(at + 1) : take(`-${letter}`))
          break
        }
        if (!plain.includes(letter)) refuse(`${program} -${letter}`)
        flags.add(letter)
      }
    }
  }
  return { flags, values, rest }
}
