// Runs a container with runc, traced by strace from its first call on where that is asked for.
import { execFileSync, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ContainerSpec } from './container-spec.ts'

export interface Ran {
  readonly stdout: string
  readonly stderr: string
  /** lines of strace, empty without it */
  readonly trace: readonly string[]
  /** what its first process had before it ran anything, from /proc/PID/status */
  readonly status: string
}

export interface RunOptions {
  /** a directory that is not there yet */
  readonly bundle: string
  readonly trace?: boolean
  /** resolves when the container has done what it is for, and is told to end; without it, it ends by itself */
  readonly until?: () => Promise<void>
}

export async function runContainer(spec: ContainerSpec, { bundle, trace, until }: RunOptions): Promise<Ran> {
  mkdirSync(bundle, { recursive: true })
  writeFileSync(join(bundle, 'config.json'), JSON.stringify(spec))
  const id = 'agent'
  const runc = (...words: readonly string[]) => ['--root', join(bundle, 'runc'), ...words]
  const out = ['stdout', 'stderr'].map(name => openSync(join(bundle, name), 'w'))
  execFileSync('runc', runc('create', '--bundle', bundle, id), { stdio: ['ignore', out[0], out[1]] })
  for (const one of out) closeSync(one)
  const { pid } = JSON.parse(execFileSync('runc', runc('state', id), { encoding: 'utf8' })) as { readonly pid: number }
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const log = join(bundle, 'trace')
    const tracer = trace === true ? await attach(pid, log) : undefined
    execFileSync('runc', runc('start', id))
    await until?.()
    if (until) execFileSync('runc', runc('kill', id, 'TERM'))
    while (isAlive(pid)) await delay(50)
    await tracer?.ended
    const [stdout = '', stderr = ''] = ['stdout', 'stderr'].map(name => readFileSync(join(bundle, name), 'utf8'))
    return { stdout, stderr, status, trace: trace === true ? readFileSync(log, 'utf8').split('\n') : [] }
  } finally {
    execFileSync('runc', runc('delete', '--force', id), { stdio: 'ignore' })
  }
}

/** Resolves once strace holds the process. */
async function attach(pid: number, log: string): Promise<{ readonly ended: Promise<void> }> {
  const child = spawn('strace', ['-f', '-y', '-e', 'trace=%file,%desc,%process', '-o', log, '-p', String(pid)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  await new Promise<void>((resolve, reject) => {
    let said = ''
    child.stderr.on('data', chunk => {
      said += chunk
      if (said.includes('attached')) resolve()
    })
    child.once('exit', () => reject(new Error(`strace: ${said}`)))
  })
  return { ended }
}

/** What nobody has waited for yet is there as a zombie. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}
