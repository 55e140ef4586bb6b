// Merges the log of a SQLite file into the file beside those who write: in a thread, as it waits for the disk.
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../../runtime/clock.ts'
import { messageOf } from '../../../runtime/errors.ts'

export interface MergeLog {
  /** to be called after commits, however often */
  committed(): void
  /** resolves when everything that was in the log is merged */
  now(): Promise<void>
  /** resolves when nothing runs any more */
  close(): Promise<void>
}

/** What the thread is asked. */
export interface MergeRequest {
  /** whether the log is to begin anew, which nobody else has to wait for the disk for then; nobody writes meanwhile */
  readonly restarts: boolean
}

/** What the thread says after each merge. */
export interface Merged {
  /** pages in the log */
  readonly pages: number
  readonly merged: number
}

export interface MergeLogOptions {
  readonly path: string
  readonly clock: Pick<Clock, 'monotonic'>
  /** runs work between two transactions */
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** told why the log could not be merged */
  readonly onFailure?: (reason: string) => void
  /** the file of the log is worth a merge from this length on */
  readonly worthBytes?: number
  readonly everyMs?: number
  /** with so many pages in it nobody writes during a merge, so that the log begins anew */
  readonly longPages?: number
}

const worthBytes = 4 * 1024 * 1024
const everyMs = 1_000
const longPages = 4_096
/** How long a failure is left alone before it is tried again. */
const failureMs = 60_000

/** While the thread fails, SQLite itself merges the log: later, and while somebody commits. */
export function createMergeLog(options: MergeLogOptions): MergeLog {
  const { path, clock, exclusively } = options
  const log = `${path}-wal`
  let thread: Worker | undefined
  let isOver = false
  let lastMs = Number.NEGATIVE_INFINITY
  let failedMs = Number.NEGATIVE_INFINITY
  let running: Promise<void> | undefined

  async function merge(): Promise<void> {
    thread ??= startThread(path)
    const { pages } = await mergeIn(thread, { restarts: false })
    if (pages < (options.longPages ?? longPages) || isOver) return
    const same = thread
    await exclusively(() => mergeIn(same, { restarts: true }))
  }

  function begin(): Promise<void> {
    running ??= merge()
      .catch(async cause => {
        failedMs = clock.monotonic()
        options.onFailure?.(messageOf(cause))
        const failed = thread
        thread = undefined
        await failed?.terminate()
      })
      .finally(() => {
        running = undefined
      })
    return running
  }

  const rests = () => isOver || clock.monotonic() - failedMs < failureMs

  return {
    committed() {
      const nowMs = clock.monotonic()
      if (running || rests() || nowMs - lastMs < (options.everyMs ?? everyMs)) return
      lastMs = nowMs
      const bytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0
      if (bytes >= (options.worthBytes ?? worthBytes)) void begin()
    },
    async now() {
      await running
      if (!rests()) await begin()
    },
    async close() {
      isOver = true
      await running
      await thread?.terminate()
    },
  }
}

function startThread(path: string): Worker {
  const places = [new URL('./merge-log.mjs', import.meta.url), new URL('./merge-log-thread.ts', import.meta.url)]
  const place = places.find(url => existsSync(fileURLToPath(url)))
  if (!place) throw new Error('the program of the thread is not beside this one')
  const thread = new Worker(place, { workerData: { path }, stdout: true, stderr: true })
  // Nobody waits for it alone.
  thread.unref()
  return thread
}

function mergeIn(thread: Worker, request: MergeRequest): Promise<Merged> {
  const { promise, resolve, reject } = Promise.withResolvers<Merged>()
  const onExit = () => reject(new Error('the thread ended'))
  thread.once('message', resolve).once('error', reject).once('exit', onExit)
  thread.postMessage(request)
  return promise.finally(() => {
    thread.off('message', resolve).off('error', reject).off('exit', onExit)
  })
}
