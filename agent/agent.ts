// The resident agent put together: sweeps, outbox and uplink around one host.
import type { FacetState, JsonObject } from '../proto/facet.ts'
import { protocolVersion } from '../proto/wire.ts'
import { version } from '../runtime/version.ts'
import { createResident, type ResidentOptions } from './resident.ts'
import { readHostKey } from './state-directory.ts'
import type { OpenChannel } from './uplink/channel.ts'
import { openDiskOutbox } from './uplink/outbox/disk-outbox.ts'
import { runUplink } from './uplink/uplink.ts'

export interface AgentOptions extends Omit<ResidentOptions, 'outbox'> {
  readonly stateDirectory: string
  /** how to reach the collector */
  readonly openChannel: OpenChannel
  /** Kubernetes node that the agent believes to run on, empty outside */
  readonly nodeName?: string
  /** labels as they are configured now */
  readonly labels?: () => Readonly<Record<string, string>>
  /** told while the host's own name is not read yet */
  readonly fallbackHostname: string
}

export interface Agent {
  run(signal: AbortSignal): Promise<void>
}

/** @throws GabionError with code `state_directory` */
export function createAgent(options: AgentOptions): Agent {
  const { clock, log } = options
  const hostKey = readHostKey(options.stateDirectory)
  const outbox = openDiskOutbox(options.stateDirectory, log)
  const resident = createResident({ ...options, hostKey, outbox })
  const hello = () => ({
    protocolVersion,
    agentVersion: version,
    hostKey,
    outboxId: outbox.id,
    clockMs: clock.now(),
    queuedChanges: outbox.size,
    oldestQueuedMs: outbox.oldestMs,
    nodeName: options.nodeName ?? '',
    labels: options.labels?.() ?? {},
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
          clock,
          log,
          random: Math.random,
        },
        signal,
      )
      await Promise.all([resident.run(signal), uplink])
      await outbox.flushed()
      outbox.close()
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
