// The other side of bench/ingest.ts: many agents in one process, with everything they send made beforehand.
// argv: address, collector|raw, agents, changes, bytes of a raw message
import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type ClientDuplexStream, credentials, loadPackageDefinition } from '@grpc/grpc-js'
import { keysOf, makeDelta } from '../proto/delta.ts'
import type { FacetState, JsonObject } from '../proto/facet.ts'
import { HostFacet } from '../proto/facets/host.ts'
import { PortsFacet } from '../proto/facets/ports.ts'
import type { ConnectRequest } from '../proto/generated/gabion/v1/ConnectRequest.ts'
import type { ConnectResponse__Output } from '../proto/generated/gabion/v1/ConnectResponse.ts'
import type { ProtoGrpcType } from '../proto/generated/uplink.ts'
import { canonicalBody, sealPresent } from '../proto/seal.ts'
import { wireDefinition } from '../proto/wire.ts'

const [address = '', mode, agentsText, changesText, bytesText] = process.argv.slice(2)
const agents = Number(agentsText)
const changes = Number(changesText)
const windowSize = 16

interface Entry {
  readonly offer: ConnectRequest
  readonly full: Buffer
  readonly delta: Buffer
}

const { gabion } = loadPackageDefinition(wireDefinition) as unknown as ProtoGrpcType
type Stream = ClientDuplexStream<ConnectRequest, ConnectResponse__Output>
const open = (): Stream =>
  new gabion.v1.UplinkService(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }).Connect()

process.stdout.write(JSON.stringify(mode === 'raw' ? await rawLoad() : await collectorLoad()))
process.exit(0)

async function rawLoad() {
  const full = Buffer.alloc(Number(bytesText), 'x')
  const total = Math.max(changes * 10, 500)
  const streams = Array.from({ length: agents }, open)
  const started = performance.now()
  await Promise.all(
    streams.map(
      stream =>
        new Promise<void>(resolve => {
          let sent = 0
          const more = () => {
            while (sent < total) {
              sent++
              if (!stream.write({ change: { sequence: sent, full } })) return void stream.once('drain', more)
            }
            stream.end()
          }
          stream.on('data', () => undefined)
          stream.on('end', resolve)
          more()
        }),
    ),
  )
  const seconds = { full: (performance.now() - started) / 1000 }
  return { seconds, facets: { full: agents * total }, bodyBytes: full.length }
}

async function collectorLoad() {
  const root = join(import.meta.dirname, '..')
  const bin = join(root, 'agent/bin/gabion-agent.js')
  const snapshot = JSON.parse(execFileSync(process.execPath, [bin, 'facts', '--all', '--no-port-probes']).toString())
  const states = Object.values<FacetState>(snapshot.facets).filter(state => state.facet !== 'ports')
  const plans = Array.from({ length: agents }, (_, agent) => planOf(agent, states))
  const streams = await Promise.all(plans.map((_, agent) => greet(open(), agent)))
  const seconds: Record<string, number> = {}
  const facets: Record<string, number> = {}
  let done = 0
  for (const phase of ['join', 'full', 'delta'] as const) {
    const started = performance.now()
    await Promise.all(streams.map((stream, agent) => send(stream, plans[agent]?.[phase] ?? [])))
    seconds[phase] = (performance.now() - started) / 1000
    facets[phase] = plans.reduce((sum, plan) => sum + plan[phase].length, 0)
    done += facets[phase]
  }
  if (done === 0) throw new Error('nothing was sent')
  return { seconds, facets, bodyBytes: plans[0]?.full[0]?.full.length ?? 0 }
}

function planOf(agent: number, shared: readonly FacetState[]) {
  let sequence = 0
  const entry = (state: FacetState, base?: FacetState): Entry => {
    const full = Buffer.from(canonicalBody(state))
    const present = state.state === 'present' && base?.state === 'present'
    const delta = Buffer.from(present ? JSON.stringify(makeDelta(base.facts, state.facts, keysOf(PortsFacet))) : '')
    const offer = {
      ...{ sequence: ++sequence, facet: state.facet, schemaVersion: state.schemaVersion, digest: state.digest },
      status: { present: 1, absent: 2, unreadable: 3, error: 4 }[state.state] as 1,
      ...{ baseDigest: base?.digest ?? '', bodyBytes: full.length, deltaBytes: delta.length, observedAtMs: Date.now() },
    }
    return { offer: { offer }, full, delta }
  }
  const first = ports(agent, 0)
  const join = [...shared.map(state => entry(state.facet === 'host' ? named(state, agent) : state)), entry(first)]
  const full = Array.from({ length: changes }, (_, index) => entry(ports(agent, index + 1)))
  let before = ports(agent, changes)
  const delta = Array.from({ length: changes }, (_, index) => {
    const after = ports(agent, changes + index + 1)
    const made = entry(after, before)
    before = after
    return made
  })
  return { join, full, delta }
}

function named(state: FacetState, agent: number): FacetState {
  if (state.state !== 'present') return state
  return sealPresent(HostFacet, { ...state.facts, hostname: `node-${agent}` }, state.observations)
}

/** A host with 25 listeners, and one more that is another one in every state. */
function ports(agent: number, state: number): FacetState {
  const listener = (port: number): JsonObject => ({
    ...{ protocol: 'tcp', family: 'ipv4', address: '0.0.0.0', port, scope: 'any', dualStack: false, service: '' },
    holders: [
      { process: 'server', executable: '/usr/sbin/server', uid: 0, user: 'root', unit: '', container: '', podUid: '' },
    ],
  })
  const fixed = Array.from({ length: 25 }, (_, index) => listener(1_000 + index * 7 + (agent % 5)))
  const facts = {
    listeners: [...fixed, listener(20_000 + agent + state * 100)],
    localPortRange: { low: 32_768, high: 60_999 },
    unixSockets: [],
    bindV6Only: false,
    gaps: [],
  }
  return sealPresent(PortsFacet, facts, { sockets: [], ephemeralUdp: 0 })
}

async function greet(stream: Stream, agent: number): Promise<Stream> {
  stream.write({
    hello: {
      ...{ protocolVersion: 1, agentVersion: '0.1.0', hostKey: randomUUID(), hostname: `node-${agent}` },
      ...{ machineId: '', bootId: '', outboxId: randomUUID(), clockMs: Date.now(), labels: { role: 'bench' } },
    },
  })
  await new Promise<void>((resolve, reject) => {
    stream.once('data', message => (message.welcome ? resolve() : reject(new Error(JSON.stringify(message)))))
    stream.once('error', reject)
  })
  return stream
}

/** Offers all entries with a window, answers what is wanted, resolves when all are acknowledged. */
function send(stream: Stream, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const bySequence = new Map(entries.map(entry => [Number(entry.offer.offer?.sequence), entry]))
    const last = Number(entries.at(-1)?.offer.offer?.sequence)
    let offered = 0
    let acknowledged = 0
    const offerMore = () => {
      while (offered < entries.length && offered - acknowledged < windowSize) {
        const entry = entries[offered++]
        if (entry) stream.write(entry.offer)
      }
    }
    const onData = (message: ConnectResponse__Output) => {
      if (message.refusal) return reject(new Error(message.refusal.detail))
      if (message.decision) {
        const { sequence, kind } = message.decision
        const entry = bySequence.get(sequence)
        if (entry && kind === 'KIND_WANT_FULL') stream.write({ change: { sequence, full: entry.full } })
        else if (entry && kind === 'KIND_WANT_DELTA') stream.write({ change: { sequence, delta: entry.delta } })
        else if (kind === 'KIND_RETRY_LATER') reject(new Error('the collector sheds load'))
      }
      if (message.ack) {
        acknowledged++
        if (message.ack.sequence === last) {
          stream.off('data', onData)
          return resolve()
        }
        offerMore()
      }
    }
    stream.on('data', onData)
    offerMore()
  })
}
