// The real outbox and the real uplink over a host with one small facet, whose value goes up by one when it is told to.
import { randomUUID } from 'node:crypto'
import type { OpenChannel } from '../agent/uplink/channel.ts'
import { openDiskOutbox } from '../agent/uplink/outbox/disk-outbox.ts'
import type { Outbox } from '../agent/uplink/outbox/outbox.ts'
import { runUplink, type UplinkOptions } from '../agent/uplink/uplink.ts'
import type { FacetState } from '../proto/facet.ts'
import type { Hello } from '../proto/generated/gabion/v1/Hello.ts'
import { systemClock } from '../runtime/clock.ts'
import { silentLog } from '../runtime/log.ts'
import { SmallFacet, smallState } from './small-facet.ts'

export interface SmallUplinkOptions extends Partial<Pick<UplinkOptions, 'clock' | 'log' | 'random' | 'keepaliveMs'>> {
  /** state directory of the agent */
  readonly directory: string
  readonly openChannel: OpenChannel
  readonly hello?: Partial<Hello>
  /** value that the host had at last, in an earlier life of the agent */
  readonly value?: number
  /** stands between the uplink and the outbox */
  readonly wrap?: (outbox: Outbox) => Outbox
  readonly onRescan?: () => void
}

export interface SmallUplink {
  readonly outbox: Outbox
  /** the host changes; its first change in this life of the agent is a baseline. @returns the new value, of row a */
  change(): number
  /** ends the uplink when everything is on the agent's disk; resolves when it has ended */
  stop(): Promise<void>
}

/** The facet as it is when the value is this one. */
export const smallStateOf = (value: number): FacetState => smallState({ a: value, b: value % 3, c: value % 5 })

export function startSmallUplink(options: SmallUplinkOptions): SmallUplink {
  const { directory, openChannel, wrap = outbox => outbox, clock = systemClock, log = silentLog } = options
  const outbox = openDiskOutbox(directory, silentLog)
  const current = new Map<string, FacetState>()
  const end = new AbortController()
  const hostKey = randomUUID()
  let { value = 0 } = options
  const uplink = runUplink(
    {
      ...{ openChannel, outbox: wrap(outbox), clock, log, current: () => current },
      hello: () => ({
        ...{ protocolVersion: 1, agentVersion: '0.1.0', hostKey, hostname: 'h', machineId: '', bootId: '' },
        ...{ outboxId: outbox.id, clockMs: clock.now(), labels: {} },
        ...{ queuedChanges: outbox.size, oldestQueuedMs: outbox.oldestMs, ...options.hello },
      }),
      requeue: gap => {
        for (const state of current.values()) outbox.repeat(SmallFacet, state, clock.now(), gap)
      },
      rescan: async () => options.onRescan?.(),
      // A fast reconnect: what is tested is what is lost, not how long it takes.
      random: options.random ?? (() => 0.001),
      ...(options.keepaliveMs !== undefined && { keepaliveMs: options.keepaliveMs }),
    },
    end.signal,
  )
  let stopping: Promise<void> | undefined
  async function stop(): Promise<void> {
    await outbox.flushed()
    end.abort()
    await uplink
    outbox.close()
  }
  return {
    outbox,
    change() {
      const isFirst = current.size === 0
      value++
      const state = smallStateOf(value)
      current.set('small', state)
      outbox.add(SmallFacet, state, clock.now(), isFirst)
      return value
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}
