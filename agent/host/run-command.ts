// Runs one program of the agent's own file system, never a shell, within limits of time and output.
import { accessSync, constants } from 'node:fs'
import { execa } from 'execa'
import { decodeHostBytes } from './decode.ts'
import { absentFailure, tooLarge } from './failure.ts'
import type { CommandResult, CommandSpec, Failure, Outcome } from './host.ts'

const directories = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']
const environment = { LC_ALL: 'C', LANG: 'C', PATH: directories.join(':') }
const defaultTimeoutMs = 5000
const defaultMaxOutputBytes = 8 * 1024 * 1024
const maxErrorBytes = 2048
/** How long a killed program may take to let go of its output, which a descendant may hold open. */
const graceMs = 500

/** `path` of the outcome is the argument vector joined by spaces. */
export async function runCommand(spec: CommandSpec): Promise<Outcome<CommandResult>> {
  const path = commandLine(spec)
  const program = findProgram(spec.command)
  if (program === undefined) return absentFailure(path, `${spec.command} is not installed`)
  const timeoutMs = spec.timeoutMs ?? defaultTimeoutMs
  const maxOutputBytes = spec.maxOutputBytes ?? defaultMaxOutputBytes
  const child = start(program, spec.args, maxOutputBytes)
  const deadline = afterMs(timeoutMs)
  const ended = await Promise.race([child, deadline.passed])
  deadline.clear()
  if (ended === undefined) {
    killGroup(child.pid)
    const grace = afterMs(graceMs)
    await Promise.race([child, grace.passed])
    grace.clear()
    child.stdout.destroy()
    child.stderr.destroy()
    return { state: 'timedOut', path, detail: `no end after ${timeoutMs} ms` }
  }
  return outcomeOf(path, ended, maxOutputBytes)
}

/** The argument vector as recorded command outputs are named. */
export function commandLine(spec: CommandSpec): string {
  return [spec.command, ...spec.args].join(' ')
}

function start(program: string, args: readonly string[], maxOutputBytes: number) {
  return execa(program, args, {
    env: environment,
    extendEnv: false,
    cwd: '/',
    stdin: 'ignore',
    encoding: 'buffer',
    stripFinalNewline: false,
    reject: false,
    maxBuffer: maxOutputBytes,
    killSignal: 'SIGKILL',
    // A group of its own: whatever it starts is killed with it.
    detached: true,
  })
}

type Ended = Awaited<ReturnType<typeof start>>

function outcomeOf(path: string, ended: Ended, maxOutputBytes: number): Outcome<CommandResult> {
  if (ended.isMaxBuffer) return tooLarge(path, `${maxOutputBytes} bytes of output`)
  if (ended.exitCode === undefined) return brokenRun(path, ended)
  const stdout = decodeHostBytes(ended.stdout)
  const stderr = decodeHostBytes(ended.stderr.subarray(0, maxErrorBytes))
  return { state: 'present', path, value: { exitCode: ended.exitCode, stdout, stderr } }
}

function brokenRun(path: string, ended: Ended): Failure {
  if (ended.signal) return { state: 'unavailable', path, detail: `killed by ${ended.signal}` }
  return { state: 'unavailable', path, detail: `could not be started: ${ended.code ?? 'unknown error'}` }
}

function findProgram(command: string): string | undefined {
  if (command === '' || command.includes('/') || command.includes('\0')) return undefined
  return directories.map(directory => `${directory}/${command}`).find(isExecutable)
}

function isExecutable(program: string): boolean {
  try {
    accessSync(program, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Kills what is left of a program's process group; ESRCH is the usual answer. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) return
    throw error
  }
}

function afterMs(ms: number): { readonly passed: Promise<undefined>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), ms)
  return { passed: promise, clear: () => clearTimeout(timer) }
}
