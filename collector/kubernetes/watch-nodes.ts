// Keeps a book of the nodes of a cluster: lists them once, then follows what the API server tells of them.
import * as z from 'zod'
import { backoffMs } from '../../runtime/backoff.ts'
import type { Clock } from '../../runtime/clock.ts'
import { messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { ApiServerUnavailable, type FollowedApiServer } from '../auth/kubernetes/api-server.ts'
import { listNodes } from './list-nodes.ts'
import { type NodeBook, TooManyNodes } from './node-book.ts'
import { nodeOf } from './node-labels.ts'

export interface WatchNodesOptions {
  readonly api: FollowedApiServer
  /** name of the cluster */
  readonly cluster: string
  readonly book: NodeBook
  readonly clock: Clock
  readonly log: Log
  /** from 0 up to 1 */
  readonly random: () => number
  /** told each time that the API server could not be asked, or ended a watch with an error */
  readonly onFailure: () => void
}

const EventSchema = z.object({
  type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']),
  object: z.looseObject({
    code: z.number().optional(),
    metadata: z.looseObject({ resourceVersion: z.string().optional() }).optional(),
  }),
})

/** A watch is ended by the server after that, spread so that many do not begin again at once. */
const watchSeconds = { least: 240, spread: 120 } as const
const graceMs = 30_000
const waits = { firstMs: 1_000, mostMs: 60_000, leastMs: 50 } as const
/** A watch that lived so long was one. */
const livedMs = 5_000
/** So often a watch is tried to go on before everything is listed again. */
const triesToGoOn = 3

/** What has to be listed again before it can be followed. */
class Expired extends Error {
  override readonly message = 'what was just listed is too old to be watched from'
}

/** Until the signal aborts. What goes wrong is logged once for each reason, and tried again. */
export async function watchNodes(options: WatchNodesOptions, signal: AbortSignal): Promise<void> {
  const { clock, book, random, onFailure } = options
  const trouble = createTrouble(options)
  let version = ''
  let failures = 0
  while (!signal.aborted) {
    const startedMs = clock.monotonic()
    const heard = { version, events: 0 }
    try {
      if (version === '') heard.version = await list(options)
      await follow(options, heard, trouble, signal)
      const isWell = heard.events > 0 || clock.monotonic() - startedMs >= livedMs
      if (isWell) trouble.over()
      failures = isWell ? 0 : failures + 1
      version = heard.version
    } catch (error) {
      if (signal.aborted) return
      if (!isTrouble(error)) throw error
      failures = heard.events > 0 ? 1 : failures + 1
      const isOld = error instanceof Expired
      version = isOld || failures % triesToGoOn === 0 ? '' : heard.version
      if (!isOld || failures >= triesToGoOn) {
        book.setCurrent(false)
        onFailure()
        trouble.tell(messageOf(error))
      }
    }
    if (failures > 0) await clock.sleep(waitMs(failures, random), signal)
  }
}

const isTrouble = (error: unknown) =>
  error instanceof ApiServerUnavailable || error instanceof Expired || error instanceof TooManyNodes

/** Full jitter. */
const waitMs = (failures: number, random: () => number) =>
  Math.max(waits.leastMs, random() * backoffMs(waits, failures))

/** @returns the version that a watch goes on from */
async function list({ api, cluster, book }: WatchNodesOptions): Promise<string> {
  const { nodes, resourceVersion } = await listNodes(api, cluster)
  book.replace(nodes)
  return resourceVersion
}

/** One watch, until the server ends it. @param heard keeps the version that the next goes on from */
async function follow(
  { api, cluster, book, random }: WatchNodesOptions,
  heard: { version: string; events: number },
  trouble: Trouble,
  signal: AbortSignal,
): Promise<void> {
  const seconds = Math.round(watchSeconds.least + random() * watchSeconds.spread)
  const from = `resourceVersion=${encodeURIComponent(heard.version)}`
  const path = `/api/v1/nodes?watch=true&allowWatchBookmarks=true&timeoutSeconds=${seconds}&${from}`
  const { status, lines } = await api.follow({ path, signal, maxMs: seconds * 1000 + graceMs })
  if (status === 403) throw new ApiServerUnavailable('the collector may not watch nodes')
  if (status === 410) throw new Expired()
  if (status !== 200) throw new ApiServerUnavailable(`a watch of nodes was answered by ${status}`)
  book.setCurrent(true)
  trouble.begun()
  for await (const line of lines) {
    const event = parseEvent(line)
    if (event.type === 'ERROR') throw errorOf(event.object.code)
    take(event, cluster, book)
    heard.version = event.object.metadata?.resourceVersion ?? heard.version
    heard.events++
    trouble.over()
  }
}

type NodeEvent = z.infer<typeof EventSchema>

function take({ type, object }: NodeEvent, cluster: string, book: NodeBook): void {
  if (type === 'BOOKMARK') return
  const node = nodeOf(object, cluster)
  if (!node) return
  if (type === 'DELETED') book.remove(node.uid)
  else book.put(node)
}

function errorOf(code: number | undefined): Error {
  if (code === 410) return new Expired()
  return new ApiServerUnavailable(`a watch of nodes ended with error ${code ?? 'of no code'}`)
}

/** A line that was cut off does not parse: the watch goes on from the event before. */
function parseEvent(line: string): NodeEvent {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    throw new ApiServerUnavailable('a watch of nodes told something that is no JSON', { cause })
  }
  const { data } = EventSchema.safeParse(value)
  if (!data) throw new ApiServerUnavailable('a watch of nodes told something that is no event')
  return data
}

interface Trouble {
  tell(reason: string): void
  /** there is a watch; whether it is one that lasts shows later */
  begun(): void
  over(): void
}

/** Tells when a cluster cannot be watched, each other reason, and when it can again: when something was heard. */
function createTrouble({ log, cluster, book }: WatchNodesOptions): Trouble {
  let told: string | undefined
  const over = () => {
    if (told === '') return
    told = ''
    log.info('nodes of a cluster are watched', { cluster, nodes: book.size })
  }
  return {
    over,
    begun: () => {
      if (told === undefined) over()
    },
    tell(reason: string) {
      if (told === reason) return
      told = reason
      log.warn('nodes of a cluster cannot be watched: their labels stay, and none retires', { cluster, reason })
    },
  }
}
