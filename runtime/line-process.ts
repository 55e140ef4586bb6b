// Runs a program of ours as a process of its own, which is asked and answers in lines of JSON and may be killed.
import type { ChildProcess } from 'node:child_process'
import { errnoOf, messageOf } from './errors.ts'
import { spawnOwnProgram } from './own-program.ts'

export interface ProgramOptions {
  /** where the program may stand: beside a bundle, among the sources; the first that is there */
  readonly places: readonly URL[]
  /** of V8's heap, in MiB: a process that needs more ends by itself */
  readonly heapMiB: number
  /** of that for what was just made, in MiB: little makes a small process, much a fast one that makes a lot */
  readonly youngMiB?: number
  /** of one answer */
  readonly maxLineBytes: number
  /** of its environment; nothing unless it is given */
  readonly env?: Readonly<Record<string, string>>
}

export type ProgramAnswer =
  | { readonly state: 'answer'; readonly value: unknown }
  /** none within the time */
  | { readonly state: 'late' }
  /** the process is gone: how it ended, or why it could not start */
  | { readonly state: 'ended'; readonly detail: string }

export interface LineProcess {
  /** sends a line; a process that is gone does not read it */
  ask(value: unknown): void
  /** the next answer, in the order they were sent. One caller at a time. */
  next(timeoutMs: number): Promise<ProgramAnswer>
  /** kills the process, whatever it does */
  end(): void
}

const nobody = () => undefined

/** Never throws: a program that cannot be started has ended. */
export function startProgram(options: ProgramOptions): LineProcess {
  const answers: ProgramAnswer[] = []
  let over: ProgramAnswer | undefined
  let wake: () => void = nobody
  const finish = (detail: string) => {
    over ??= { state: 'ended', detail }
    wake()
  }
  const take = (answer: ProgramAnswer) => {
    answers.push(answer)
    wake()
  }
  const heap = [`--max-semi-space-size=${options.youngMiB ?? 2}`, `--max-old-space-size=${options.heapMiB}`]
  const { places, env = {} } = options
  const child = spawnOwnProgram({ places, heap, env })
  if (!child) finish('the program is not beside this one')
  else listen(child, options.maxLineBytes, take, finish)
  return {
    ask: value => void child?.stdin?.write(`${JSON.stringify(value)}\n`),
    async next(timeoutMs) {
      if (answers.length === 0 && !over) {
        let timer: NodeJS.Timeout | undefined
        await new Promise<void>(resolve => {
          wake = resolve
          timer = setTimeout(resolve, timeoutMs)
        })
        clearTimeout(timer)
        wake = nobody
      }
      return answers.shift() ?? over ?? { state: 'late' }
    },
    end() {
      if (child) abandon(child)
    },
  }
}

function listen(
  child: ChildProcess,
  maxLineBytes: number,
  take: (answer: ProgramAnswer) => void,
  finish: (detail: string) => void,
): void {
  let rest = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = `${rest}${chunk}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      try {
        take({ state: 'answer', value: JSON.parse(line) })
      } catch {
        finish('its answer is no JSON')
      }
    }
    if (rest.length <= maxLineBytes) return
    finish(`its answer is over the limit of ${maxLineBytes} bytes`)
    abandon(child)
  })
  child.on('error', error => finish(`could not be started: ${errnoOf(error) || messageOf(error)}`))
  child.on('close', (code, signal) => finish(signal ? `killed by ${signal}` : `ended with ${code}`))
  // A process that ends early does not read its input; how it ended is told by its end.
  child.stdin?.on('error', () => undefined)
}

function abandon(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
  child.stdout?.destroy()
  child.stdin?.destroy()
  child.unref()
}
