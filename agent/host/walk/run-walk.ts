// Starts the program that walks as a process of its own, which can be left behind when it blocks.
import type { ChildProcess } from 'node:child_process'
import { errnoOf, messageOf } from '../../../runtime/errors.ts'
import { spawnOwnProgram } from '../../../runtime/own-program.ts'
import type { Failure, Outcome } from '../host.ts'

export interface WalkProcess {
  readonly input: Uint8Array
  /** killed after that long, whatever it does */
  readonly timeoutMs: number
  readonly maxOutputBytes: number
  /** whether the agent may end while it runs */
  readonly background: boolean
}

/** V8 takes what it is given before it collects: the process shares the agent's memory limit. */
const heap = ['--max-semi-space-size=1', '--max-old-space-size=128']
/** The program beside the bundle that this file is a part of, or among the sources. */
const places = ['./walk-files.mjs', '../../files/walk-child.ts'].map(path => new URL(path, import.meta.url))

/** What the process wrote to its standard output. Never rejects. */
export async function runWalk(walk: WalkProcess): Promise<Outcome<Uint8Array>> {
  const child = spawnOwnProgram({ places, heap })
  if (!child) return failed('unavailable', 'the program to walk with is not beside this one')
  if (walk.background) child.unref()
  try {
    return await finish(child, walk)
  } catch (error) {
    return failed('unavailable', `could not be started: ${errnoOf(error) || messageOf(error)}`)
  } finally {
    abandon(child)
  }
}

const source = 'file walk'
const failed = (state: Exclude<Failure['state'], 'absent'>, detail: string): Failure => ({
  state,
  path: source,
  detail,
})

async function finish(child: ChildProcess, walk: WalkProcess): Promise<Outcome<Uint8Array>> {
  const ended = Promise.withResolvers<Outcome<Uint8Array>>()
  const timer = setTimeout(() => ended.resolve(failed('timedOut', `no end after ${walk.timeoutMs} ms`)), walk.timeoutMs)
  if (walk.background) timer.unref()
  const chunks: Buffer[] = []
  let length = 0
  child.stdout?.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    length += chunk.length
    if (length > walk.maxOutputBytes)
      ended.resolve(failed('tooLarge', `over the limit of ${walk.maxOutputBytes} bytes`))
  })
  child.on('error', error => ended.reject(error))
  child.on('close', (code, signal) => {
    if (code === 0) ended.resolve({ state: 'present', path: source, value: Buffer.concat(chunks, length) })
    else ended.resolve(failed('unavailable', signal ? `killed by ${signal}` : `ended with ${code}`))
  })
  // A process that ends early does not read its input; how it ended is told by its end.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(walk.input)
  if (walk.background) for (const stream of [child.stdin, child.stdout]) unref(stream)
  try {
    return await ended.promise
  } finally {
    clearTimeout(timer)
  }
}

/** The pipe of a child is a socket, which keeps a process alive as a timer does. */
function unref(stream: unknown): void {
  const socket = stream as { unref?: () => void } | null
  socket?.unref?.()
}

/** One that hangs in the kernel does not die even of this; nothing waits for it any more. */
function abandon(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  child.stdout?.destroy()
  child.stdin?.destroy()
  child.unref()
}
