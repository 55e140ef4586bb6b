// Telling receivers of what changes, as long as the collector runs: one collector at a time does it for all on a database.
import { randomBytes } from 'node:crypto'
import { aborted } from '../../runtime/aborted.ts'
import type { Clock } from '../../runtime/clock.ts'
import { GabionError, messageOf } from '../../runtime/errors.ts'
import type { Log } from '../../runtime/log.ts'
import { createBell } from '../bell.ts'
import type { ReceiverQueue, ReceiverState } from '../store/notifications.ts'
import { keepSingleton } from '../store/singleton.ts'
import type { Store } from '../store/store.ts'
import { asSendError } from './deliver-next.ts'
import { testMessage } from './message.ts'
import type { ReceiverConfig } from './notify-config.ts'
import { openSender } from './open-sender.ts'
import { type Network, type Resolve, systemResolve } from './send-http.ts'
import type { Sender } from './sender.ts'
import { tellReceiver } from './tell-receiver.ts'
import { LostReceiver, type TellMetrics } from './telling.ts'

export interface NotifyOptions {
  readonly store: Pick<Store, 'read' | 'write' | 'upkeep'>
  readonly receivers: readonly ReceiverConfig[]
  readonly clock: Clock
  readonly log: Log
  readonly metrics: TellMetrics
  readonly resolve?: Resolve
}

/** A receiver of the configuration, and how it does; without a state nobody told it anything yet. */
export interface ReceiverStatus {
  readonly config: ReceiverConfig
  readonly state: (ReceiverState & ReceiverQueue) | undefined
}

export interface Notify {
  /** drift may have come */
  look(): void
  /** @throws GabionError (config) when one cannot be used; those before stay in force then */
  replace(receivers: readonly ReceiverConfig[]): void
  statuses(): Promise<readonly ReceiverStatus[]>
  /**
   * Sends a message that says it is a test, from this collector and at once.
   * @returns why it was not taken, empty when it was; undefined when there is no such receiver
   */
  test(name: string, signal: AbortSignal): Promise<string | undefined>
  /** resolves when nothing is under way any more */
  close(): Promise<void>
}

const forgetAfterMs = 30 * 86_400_000

/** @throws GabionError (config) when a receiver cannot be used */
export function openNotify(options: NotifyOptions): Notify {
  const { store, clock, log, resolve = systemResolve } = options
  const network: Network = { clock, resolve }
  const bell = createBell()
  const closing = new AbortController()
  let inForce = openReceivers(options.receivers, network)
  let changing = new AbortController()

  /** Anew whenever the receivers are others. */
  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      const signal = AbortSignal.any([closing.signal, changing.signal])
      const receivers = inForce
      if (receivers.length === 0) await aborted(signal)
      else await keepSingleton({ store, name: 'notify', clock, onError }, lost => tellAll(receivers, lost), signal)
    }
  }

  function onError(error: unknown): void {
    if (error instanceof LostReceiver) log.info('another collector tells receivers now')
    else log.error('receivers could not be told, it is tried again', { reason: messageOf(error) })
  }

  /** When one ends all do. */
  async function tellAll(receivers: readonly OpenReceiver[], signal: AbortSignal): Promise<void> {
    const owner = randomBytes(8).toString('hex')
    const ending = new AbortController()
    const either = AbortSignal.any([signal, ending.signal])
    const names = receivers.map(({ config }) => config.name)
    await store.write(transaction => transaction.forgetReceivers(clock.now() - forgetAfterMs, names))
    const ended = await Promise.allSettled(
      receivers.map(({ config, sender }) =>
        tellReceiver({ ...options, config, sender, owner, bell }, either).finally(() => ending.abort()),
      ),
    )
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  }

  const running = run()
  return {
    look: bell.ring,
    replace(receivers) {
      inForce = openReceivers(receivers, network)
      const before = changing
      changing = new AbortController()
      before.abort()
    },
    async statuses() {
      const states = new Map((await store.read.receivers()).map(state => [state.name, state]))
      return inForce.map(({ config }) => ({ config, state: states.get(config.name) }))
    },
    async test(name, signal) {
      const found = inForce.find(({ config }) => config.name === name)
      return found && sendTest(found.sender, clock, signal)
    },
    close() {
      closing.abort()
      return running
    },
  }
}

/** @returns why it was not taken, empty when it was */
export async function sendTest(sender: Sender, clock: Clock, signal: AbortSignal): Promise<string> {
  const error = await sender.send(testMessage(clock.now()), signal).then(() => undefined, asSendError)
  return error?.message ?? ''
}

interface OpenReceiver {
  readonly config: ReceiverConfig
  readonly sender: Sender
}

/** @throws GabionError (config) naming the receiver */
export function openReceivers(receivers: readonly ReceiverConfig[], network: Network): readonly OpenReceiver[] {
  return receivers.map(config => {
    try {
      return { config, sender: openSender(config, network) }
    } catch (error) {
      throw new GabionError('config', `notify: receiver ${config.name}: ${messageOf(error)}`, { cause: error })
    }
  })
}
