// Tells one receiver from a store, with a clock that tests move and a sender that answers as they say.
import type { Test } from 'tap'
import { createBell } from '../../../collector/bell.ts'
import type { Message } from '../../../collector/notify/message.ts'
import type { ReceiverConfig } from '../../../collector/notify/notify-config.ts'
import type { Repeating, Sender } from '../../../collector/notify/sender.ts'
import { tellReceiver } from '../../../collector/notify/tell-receiver.ts'
import type { Store } from '../../../collector/store/store.ts'
import type { Log } from '../../../runtime/log.ts'
import { silentLog } from '../../../runtime/log.ts'
import type { FakeClock } from '../../fake-clock.ts'
import { receiverOf } from './receiver-config.ts'

export interface Telling {
  readonly sent: readonly Message[]
  /** what is counted: outcomes in their order, `dropped N` */
  readonly counted: readonly string[]
  /** what becomes of the next messages, one each; they are taken when there is none left */
  fail(...errors: readonly Error[]): void
  /** drift was written */
  ring(): void
  /** moves the clock, and lets everything happen at its time */
  advance(ms: number): Promise<void>
  /** resolves when there is nothing to do before the clock moves */
  asleep(): Promise<void>
  /** moves the clock until so many messages were sent; fails after an hour of its time */
  until(count: number): Promise<readonly Message[]>
  stop(): Promise<void>
  /** resolves with what ended it, undefined when it was stopped */
  readonly ended: Promise<unknown>
}

export interface TellingOptions {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly clock: FakeClock
  readonly config?: object
  readonly owner?: string
  readonly repeating?: Repeating
  readonly log?: Log
  /** in the place of the sender that answers as it is told */
  readonly send?: Sender['send']
}

const jsonReceiver = (more: object = {}): ReceiverConfig =>
  receiverOf({ name: 'ops', kind: 'json-lines', path: '/dev/null', groupWait: '30s', groupInterval: '5m', ...more })

export function startTelling(t: Pick<Test, 'teardown'>, options: TellingOptions): Telling {
  const { store, clock, config = {}, owner = 'me', repeating, log = silentLog, send } = options
  const sent: Message[] = []
  const counted: string[] = []
  const errors: Error[] = []
  const bell = createBell()
  const stopping = new AbortController()
  const sender: Sender = {
    async send(message, signal) {
      const error = errors.shift()
      if (error) throw error
      await send?.(message, signal)
      sent.push(message)
    },
    ...(repeating && { repeating }),
  }
  const metrics = {
    delivery: (_: string, outcome: string) => void counted.push(outcome),
    dropped: (_: string, changes: number) => void counted.push(`dropped ${changes}`),
  }
  let isOver = false
  const ended = tellReceiver(
    { ...{ store, sender, owner, clock, log, metrics, bell, random: () => 0.5 }, config: jsonReceiver(config) },
    stopping.signal,
  ).then(
    () => undefined,
    (error: unknown) => error,
  )
  void ended.then(() => {
    isOver = true
  })

  async function asleep(): Promise<void> {
    while (clock.sleepers.length === 0 && !isOver) await new Promise(resolve => setImmediate(resolve))
  }

  async function advance(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !isOver; ) {
      await asleep()
      const step = Math.min(left, Math.max(1, clock.sleepers[0] ?? left))
      await clock.advance(step)
      left -= step
    }
    await asleep()
  }

  const stop = async () => {
    stopping.abort()
    await ended
  }
  t.teardown(stop)
  return {
    ...{ sent, counted, ended, stop, ring: bell.ring },
    fail: (...next) => void errors.push(...next),
    ...{ advance, asleep },
    async until(count) {
      for (let second = 0; second < 3_600 && sent.length < count; second++) {
        await asleep()
        if (sent.length < count) await advance(1_000)
      }
      if (sent.length < count) throw new Error(`${sent.length} messages of ${count} within an hour`)
      return sent
    },
  }
}
