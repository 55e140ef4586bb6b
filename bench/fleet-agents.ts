// The agents of bench/fleet.ts: thousands in one process, over the real protocol, each with a connection of its own.
import { createHash, randomUUID } from 'node:crypto'
import { type ClientDuplexStream, credentials, loadPackageDefinition } from '@grpc/grpc-js'
import type { Delta } from '../proto/delta.ts'
import type { ConnectRequest } from '../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../proto/generated/gabion/v1/ConnectResponse.ts'
import type { ProtoGrpcType } from '../proto/generated/uplink.ts'
import { wireDefinition } from '../proto/wire.ts'
import { hostname, type SimulatedState, simulateFleet } from './fleet-hosts.ts'

/** What the bench asks: all join, changes begin and go on, changes end. */
export type Order = { readonly join: number } | { readonly changesPerSecond: number } | { readonly stop: true }

export interface Joined {
  readonly facets: number
  /** of each facet that differs from host to host: hosts that have it, and how many different bodies there are */
  readonly distinct: Readonly<Record<string, { readonly hosts: number; readonly bodies: number }>>
}

export interface Stopped {
  readonly sent: number
  readonly acknowledged: number
  /** milliseconds from an offer to its acknowledgement, sorted */
  readonly waits: readonly number[]
  /** offers that were to come again later */
  readonly putOff: number
  /** streams that ended */
  readonly lost: number
}

type Stream = ClientDuplexStream<ConnectRequest, ConnectResponse__Output>
interface Pending {
  readonly state: SimulatedState
  readonly delta: Delta | undefined
  readonly offer: ConnectRequest
  readonly sentMs: number
  readonly done: () => void
}
interface Agent {
  readonly host: number
  readonly stream: Stream
  readonly pending: Map<number, Pending>
  sequence: number
  changes: number
}

const address = process.argv[2] ?? ''
const joinsAtOnce = 64
const offersAtOnce = 16
const heartbeatEveryMs = 180_000

const { gabion } = loadPackageDefinition(wireDefinition) as unknown as ProtoGrpcType
const fleet = await simulateFleet()
const agents: Agent[] = []
const waits: number[] = []
let sent = 0
let acknowledged = 0
let lost = 0
let putOff = 0
let changing: NodeJS.Timeout | undefined

process.on('message', (order: Order) => {
  if ('join' in order) void join(order.join).then(joined => process.send?.(joined))
  else if ('changesPerSecond' in order) change(order.changesPerSecond)
  else {
    clearInterval(changing)
    const stopped: Stopped = { sent, acknowledged, waits: waits.sort((a, b) => a - b), putOff, lost }
    process.send?.(stopped)
  }
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')

async function join(count: number): Promise<Joined> {
  const bodies = new Map<string, Set<string>>()
  const having = new Map<string, number>()
  const hosts = Array.from({ length: count }, (_, host) => host).values()
  let facets = 0
  const joinOthers = async () => {
    for (const host of hosts) {
      const agent = await connect(host)
      const states = fleet.first(host)
      for (const { facet, state, digest } of states) {
        if (state !== 'present') continue
        having.set(facet, (having.get(facet) ?? 0) + 1)
        bodies.set(facet, (bodies.get(facet) ?? new Set()).add(digest))
      }
      facets += states.length
      await offerAll(agent, states)
      agents.push(agent)
    }
  }
  await Promise.all(Array.from({ length: joinsAtOnce }, joinOthers))
  setInterval(beat, heartbeatEveryMs / 1_000)
  const distinct = ['ports', 'accounts', 'containers'].map(facet => {
    return [facet, { hosts: having.get(facet) ?? 0, bodies: bodies.get(facet)?.size ?? 0 }]
  })
  return { facets, distinct: Object.fromEntries(distinct) }
}

/** A thousandth of the agents at a time: each beats as often as a real one. */
function beat(): void {
  for (let n = 0; n < Math.ceil(agents.length / 1_000); n++) any(agents)?.stream.write({ heartbeat: {} })
}

const any = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]

async function connect(host: number): Promise<Agent> {
  const client = new gabion.v1.UplinkService(address, credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
  })
  const stream = client.Connect()
  const agent: Agent = { host, stream, pending: new Map(), sequence: 0, changes: 0 }
  const welcomed = new Promise<void>((resolve, reject) => {
    stream.on('data', (message: ConnectResponse__Output) => {
      if (message.welcome) resolve()
      else if (message.refusal) reject(new Error(message.refusal.detail))
      else receive(agent, message)
    })
    stream.once('error', error => {
      lost++
      reject(error)
    })
  })
  stream.write({
    hello: {
      ...{ protocolVersion: 1, agentVersion: '0.1.0', hostKey: keyOf(host), hostname: hostname(host) },
      ...{ machineId: randomUUID().replaceAll('-', ''), bootId: randomUUID(), outboxId: randomUUID() },
      ...{ clockMs: Date.now(), labels: fleet.labels(host) },
    },
  })
  await welcomed
  return agent
}

/** The same in every run, so that a database that is kept knows it. */
function keyOf(host: number): string {
  const hex = createHash('sha256').update(hostname(host)).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

async function offerAll(agent: Agent, states: readonly SimulatedState[]): Promise<void> {
  const left = states.values()
  const offerOthers = async () => {
    for (const state of left) {
      await offer(agent, state, undefined, '', true)
      if (state.observations !== '') {
        const body = Buffer.from(state.observations)
        agent.stream.write({ observations: { facet: state.facet, body, observedAtMs: Date.now() } })
      }
    }
  }
  await Promise.all(Array.from({ length: offersAtOnce }, offerOthers))
  const health = { rssBytes: 80 << 20, cpuPermille: 5, startedAtMs: Date.now(), nodeVersion: process.version }
  agent.stream.write({ heartbeat: { health } })
}

/** Resolves when it is acknowledged. */
function offer(agent: Agent, state: SimulatedState, delta: Delta | undefined, baseDigest: string, baseline = false) {
  return new Promise<void>(done => {
    const sequence = ++agent.sequence
    const message: ConnectRequest = {
      offer: {
        ...{ sequence, facet: state.facet, schemaVersion: state.schemaVersion, digest: state.digest, baseDigest },
        status: { present: 1, absent: 2, unreadable: 3, error: 4 }[state.state] as 1,
        ...{ bodyBytes: Buffer.byteLength(state.body), observedAtMs: Date.now(), baseline },
        deltaBytes: delta ? Buffer.byteLength(JSON.stringify(delta)) : 0,
      },
    }
    agent.pending.set(sequence, { state, delta, offer: message, sentMs: performance.now(), done })
    agent.stream.write(message)
  })
}

function receive({ stream, pending }: Agent, { decision, ack }: ConnectResponse__Output): void {
  if (decision) {
    const { sequence, kind, retryAfterMs } = decision
    const entry = pending.get(sequence)
    if (!entry) return
    if (kind === 'KIND_WANT_FULL') stream.write({ change: { sequence, full: Buffer.from(entry.state.body) } })
    else if (kind === 'KIND_WANT_DELTA') {
      stream.write({ change: { sequence, delta: Buffer.from(JSON.stringify(entry.delta)) } })
    } else if (kind === 'KIND_RETRY_LATER') {
      putOff++
      setTimeout(() => stream.write(entry.offer), retryAfterMs)
    }
  }
  if (ack) {
    for (const [sequence, { done, sentMs }] of pending) {
      if (sequence > ack.sequence) break
      pending.delete(sequence)
      if (changing) waits.push(performance.now() - sentMs)
      acknowledged++
      done()
    }
  }
}

function change(perSecond: number): void {
  sent = 0
  acknowledged = 0
  putOff = 0
  waits.length = 0
  const begun = performance.now()
  changing = setInterval(() => {
    while (sent < ((performance.now() - begun) * perSecond) / 1_000) {
      const agent = any(agents)
      if (!agent) return
      const { before, after, delta } = fleet.changed(agent.host, ++agent.changes)
      sent++
      void offer(agent, after, delta, before.digest)
    }
  }, 5)
}
