// The resident agent put together: sweeps, outbox and uplink around one host.
import { isDeepStrictEqual } from 'node:util'
import type { FacetState, JsonObject } from '../proto/facet.ts'
import type { Settings__Output } from '../proto/generated/gabion/v1/Settings.ts'
import { protocolVersion } from '../proto/wire.ts'
import { messageOf } from '../runtime/errors.ts'
import { version } from '../runtime/version.ts'
import { createMeters, type Meters } from './health/meters.ts'
import { createProbeBook } from './health/probe-book.ts'
import { createPulse } from './health/pulse.ts'
import { createHealthReporter } from './health/report.ts'
import { createSelfLimits, type SelfLimits } from './health/self-limits.ts'
import { createResident, type ResidentOptions } from './resident.ts'
import { keepWishes, readHostKey } from './state-directory.ts'
import type { OpenChannel } from './uplink/channel.ts'
import { openDiskOutbox } from './uplink/outbox/disk-outbox.ts'
import { runUplink } from './uplink/uplink.ts'
import { boundWishes, noWishes, type Wishes } from './wishes.ts'

export interface AgentOptions extends Omit<ResidentOptions, 'outbox' | 'book' | 'slowdown' | 'pulse'> {
  readonly stateDirectory: string
  /** how to reach the collector */
  readonly openChannel: OpenChannel
  /** Kubernetes node that the agent believes to run on, empty outside */
  readonly nodeName?: string
  /** labels as they are configured now */
  readonly labels?: () => Readonly<Record<string, string>>
  /** what it takes of its host; measured for real when left out */
  readonly meters?: Meters
  /** holds it to its budget; none when left out */
  readonly limits?: SelfLimits
  /** why the configuration could not be read again, empty when it could */
  readonly reloadError?: () => string
  /** told while the host's own name is not read yet */
  readonly fallbackHostname: string
}

export interface Agent {
  run(signal: AbortSignal): Promise<void>
}

/** @throws GabionError with code `state_directory` */
export function createAgent(options: AgentOptions): Agent {
  const { clock, log, meters = createMeters() } = options
  const limits = options.limits ?? createSelfLimits({ clock, log, meters, budget: () => noBudget })
  const hostKey = readHostKey(options.stateDirectory)
  const outbox = openDiskOutbox(options.stateDirectory, log)
  const book = createProbeBook()
  let isConnected = false
  const pulse = createPulse({
    ...{ stateDirectory: options.stateDirectory, probes: options.probes, log, now: clock.now },
    ...{ uplink: () => (isConnected ? 'connected' : 'away'), queued: () => outbox.size },
  })
  const resident = createResident({ ...options, hostKey, outbox, book, pulse, slowdown: () => limits.slowdown })
  limits.onSlowdown(resident.repace)
  limits.onShortage(resident.forget)
  const wishes = followWishes(options, resident.retime)
  const health = createHealthReporter({
    ...{ clock, meters, book, limits, outbox, watches: () => resident.watches },
    ...{ reloadError: options.reloadError ?? (() => ''), wished: () => wishes.current.probeSeconds },
  })
  const labels = followLabels(options)
  const hello = () => ({
    protocolVersion,
    agentVersion: version,
    hostKey,
    outboxId: outbox.id,
    clockMs: clock.now(),
    queuedChanges: outbox.size,
    oldestQueuedMs: outbox.oldestMs,
    nodeName: options.nodeName ?? '',
    labels: labels.current,
    ...attributesOf(resident.current.get('host'), options.fallbackHostname),
  })
  return {
    async run(signal) {
      const uplink = runUplink(
        {
          openChannel: options.openChannel,
          outbox,
          hello,
          current: () => resident.current,
          requeue: gap => resident.requeue(gap),
          rescan: (facets, requestId) => {
            log.info('rescan asked for', { facets, requestId })
            return resident.rescan(facets)
          },
          onRestart: labels.onChange,
          onConnection: connected => {
            isConnected = connected
          },
          ...{ health, wish: wishes.take, clock, log, random: Math.random },
        },
        signal,
      )
      await Promise.all([resident.run(signal), uplink])
      await outbox.flushed()
      outbox.close()
    },
  }
}

/** A stream tells the labels once: when they change, another one does. */
function followLabels({ labels = () => ({}), onReload }: AgentOptions) {
  const listeners = new Set<(reason: string) => void>()
  let told = labels()
  onReload?.(() => {
    if (isDeepStrictEqual(labels(), told)) return
    for (const listener of [...listeners]) listener('the labels of this host were changed')
  })
  return {
    get current() {
      told = labels()
      return told
    },
    onChange(listener: (reason: string) => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const noBudget = { memoryLimitMib: 0, cpuLimitPercent: 0 }

/** Does what the collector wishes, within bounds, until it wishes something else or nothing. */
function followWishes(
  { probes, log, stateDirectory }: AgentOptions,
  retime: (seconds: Wishes['probeSeconds']) => void,
): { readonly current: Wishes; take(settings: Settings__Output | undefined): number } {
  let current = noWishes
  const note = (wishes: Wishes | undefined) => {
    try {
      keepWishes(stateDirectory, wishes)
    } catch (error) {
      log.warn('what the collector wishes could not be noted', { reason: messageOf(error) })
    }
  }
  note(undefined)
  return {
    get current() {
      return current
    },
    take(settings) {
      const { bent, ...next } = settings ? boundWishes(settings, probes) : { ...noWishes, bent: [] }
      if (isDeepStrictEqual(next, current)) return current.heartbeatSeconds
      current = next
      const isNone = isDeepStrictEqual(next, noWishes)
      note(isNone ? undefined : next)
      if (isNone) log.info('the collector wishes no intervals any more')
      else log.info('intervals as the collector wishes', { ...next, ...(bent.length > 0 && { bent }) })
      retime(next.probeSeconds)
      return next.heartbeatSeconds
    },
  }
}

function attributesOf(state: FacetState | undefined, fallbackHostname: string) {
  const facts: JsonObject = state?.state === 'present' ? state.facts : {}
  const observations: JsonObject = state?.state === 'present' ? state.observations : {}
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    hostname: text(facts['hostname']) || fallbackHostname,
    machineId: text(facts['machineId']),
    bootId: text(observations['bootId']),
  }
}
