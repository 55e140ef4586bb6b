// Signals over LISTEN and NOTIFY, to every collector on the database.
import type { Clock } from '../../../runtime/clock.ts'
import { localSignals, parseSignal, type Signal, type Signals } from '../signals.ts'
import type { Line } from './line.ts'
import { type Client, openClient, type PostgresOptions } from './open-client.ts'

export const channel = 'gabion'
/** What the server takes at most is 8,000 bytes. */
const maxBytes = 7_500
const firstRetryMs = 250
const longestRetryMs = 15_000

export interface ServerSignals extends Signals {
  close(): Promise<void>
}

/** @param line that signals are sent on @throws StoreUnavailable when nobody listens from the start */
export async function serverSignals(options: PostgresOptions, line: Line, clock: Clock): Promise<ServerSignals> {
  const local = localSignals()
  const closing = new AbortController()
  let client: Client | undefined

  async function listen(): Promise<void> {
    const next = await openClient(options)
    next.on('notification', ({ payload = '' }) => {
      const signal = parseSignal(payload)
      if (signal) local.deliver(signal)
    })
    try {
      await next.query(`listen ${channel}`)
    } catch (error) {
      await next.end().catch(() => undefined)
      throw error
    }
    next.on('end', () => void listenAgain())
    client = next
  }

  async function listenAgain(): Promise<void> {
    for (let waitMs = firstRetryMs; !closing.signal.aborted; waitMs = Math.min(waitMs * 2, longestRetryMs)) {
      await clock.sleep(waitMs, closing.signal)
      const isBack =
        !closing.signal.aborted &&
        (await listen().then(
          () => true,
          () => false,
        ))
      if (isBack) return local.deliver({ kind: 'missed' })
    }
  }

  await listen()
  return {
    listen: local.listen,
    async tell(signal) {
      await line.ready()
      await line.query({ name: 'gabion_notify', text: 'select pg_notify($1, $2)', values: [channel, textOf(signal)] })
    },
    async close() {
      closing.abort()
      await client?.end().catch(() => undefined)
    },
  }
}

/** A rescan of more facets than fit is one of all facets. */
function textOf(signal: Signal): string {
  const text = JSON.stringify(signal)
  if (Buffer.byteLength(text) <= maxBytes || signal.kind !== 'rescan') return text
  return JSON.stringify({ ...signal, facets: [] })
}
