// Bytes of an idle host and day, counted at the socket: the real uplink over mutual TLS to a real collector, with the
// facts, observations and health of this machine. Heartbeats come fast here and are multiplied up to a day.
// node bench/idle-wire.ts [heartbeats]

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMeters } from '../agent/health/meters.ts'
import { createProbeBook } from '../agent/health/probe-book.ts'
import { createHealthReporter } from '../agent/health/report.ts'
import { openHost } from '../agent/host/open-host.ts'
import { probes } from '../agent/probes.generated.ts'
import { sweep } from '../agent/sweep.ts'
import { enrolledCredentials } from '../agent/uplink/channel.ts'
import { readCredential } from '../agent/uplink/credential-file.ts'
import { enroll } from '../agent/uplink/enroll.ts'
import { openDiskOutbox } from '../agent/uplink/outbox/disk-outbox.ts'
import { packText } from '../agent/uplink/pack-text.ts'
import { runUplink } from '../agent/uplink/uplink.ts'
import { openAuthority } from '../collector/auth/pki/authority.ts'
import { startCollector } from '../collector/collector.ts'
import { hashSecret } from '../collector/domain/enrollment.ts'
import { limits } from '../collector/ingest/limits.ts'
import { catalog } from '../policy/catalog.generated.ts'
import type { FacetState } from '../proto/facet.ts'
import { facets } from '../proto/facets.generated.ts'
import { systemClock } from '../runtime/clock.ts'
import { silentLog } from '../runtime/log.ts'

const beats = Number(process.argv[2] ?? 20)
const daySeconds = 86_400
/** Around the text of observations: names, frames, TLS. */
const messageBytes = 80
/** A digest and a time with their tags. */
const compareBytes = 34 + 7
/** Heartbeats with everything in them; two more for what changes in the meantime. */
const fullADay = 24 + 2

const directory = mkdtempSync(join(tmpdir(), 'gabion-idle-'))
try {
  await measure()
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const [data, state] = [join(directory, 'collector'), join(directory, 'agent')]
  const local = { host: '127.0.0.1', port: 0 }
  const collector = await startCollector({
    ...{
      http: local,
      api: { isOpen: true, names: [] },
      grpc: local,
      dataDirectory: data,
      catalog,
      facets,
      clock: systemClock,
      log: silentLog,
    },
    ...{ tls: { enrolled: local, names: ['127.0.0.1'] }, limits: { heartbeatSeconds: 1 } },
  })
  const wire = await countingProxy(collector.enrolledAddress ?? '')
  const secret = Buffer.alloc(32, 7)
  const token = { id: 'bench', description: '', labels: {}, needsApproval: false, createdAtMs: 0, revokedAtMs: 0 }
  await collector.store.write(transaction =>
    transaction.putToken({
      ...{ ...token, secretHash: hashSecret(secret), maxUses: 1, uses: 0, expiresAtMs: Date.now() + 60_000 },
    }),
  )
  const { pin } = await openAuthority(data, systemClock)
  const target = { endpoint: collector.grpcAddress, pin, tokenId: 'bench', secret: secret.toString('hex') }
  const attributes = { hostname: 'bench', machineId: '', bootId: '' }
  await enroll({
    target,
    stateDirectory: state,
    attributes,
    clock: systemClock,
    patienceMs: 0,
    onWait: () => undefined,
  })
  const credential = readCredential(state)
  if (!credential) throw new Error('not enrolled')

  const current = new Map<string, FacetState>()
  const outbox = openDiskOutbox(state, silentLog)
  const book = createProbeBook()
  const budget = { memoryLimitMib: 256, cpuLimitPercent: 10 }
  const report = createHealthReporter({
    ...{ clock: systemClock, meters: createMeters(), book, outbox, reloadError: () => '', wished: () => ({}) },
    ...{ limits: { budget, slowdown: 1, cpuPermille: 8, isMemoryShort: false } },
    watches: () => ({ directories: 90, refused: 0, misses: 12 }),
  })
  let essence = 0
  let isRestless = false
  const health = () => {
    if (isRestless) essence++
    return { ...report(), essence: String(essence) }
  }
  const look = async () => {
    const found = new Map<string, FacetState>()
    await sweep({
      ...{ host: await openHost({ root: '/' }), probes, clock: systemClock, log: silentLog, probePorts: false },
      ...{ oneShot: false, memories: new Map() },
      onFacet(each, durationMs) {
        found.set(each.facet, each)
        book.ran(each, durationMs)
      },
    })
    return found
  }
  for (const [facet, state] of await look()) current.set(facet, state)
  for (const probe of probes) {
    const found = current.get(probe.name)
    if (found) outbox.add(probe.facet, found, Date.now(), true)
  }
  const stop = new AbortController()
  const running = runUplink(
    {
      openChannel: () => ({
        address: wire.address,
        credentials: enrolledCredentials(credential),
        authorization: undefined,
      }),
      hello: () => ({
        ...{
          protocolVersion: 1,
          agentVersion: 'bench',
          hostKey: randomUUID(),
          hostname: 'bench',
          machineId: '',
          bootId: '',
        },
        ...{ outboxId: outbox.id, clockMs: Date.now(), labels: {} },
      }),
      ...{ outbox, current: () => current, requeue: () => undefined, rescan: async () => undefined },
      ...{ clock: systemClock, log: silentLog, random: () => 0, health },
    },
    stop.signal,
  )
  const sleep = (ms: number) => systemClock.sleep(ms)
  while (outbox.size > 0) await sleep(20)
  // The first heartbeat says everything.
  await sleep(2_300)
  const joined = wire.bytes()
  await sleep(beats * 1_000)
  const perBeat = (wire.bytes() - joined) / beats
  isRestless = true
  await sleep(500)
  const before = wire.bytes()
  await sleep(beats * 500)
  const perFullBeat = (wire.bytes() - before) / (beats / 2) + compareBytes
  isRestless = false
  const later = await look()
  const observations = [...later.values()].reduce((sum, each) => {
    const before = current.get(each.facet)
    if (each.state !== 'present' || before?.state !== 'present') return sum
    const text = JSON.stringify(each.observations)
    return text === JSON.stringify(before.observations) ? sum : sum + packText(text).bytes.length + messageBytes
  }, 0)
  const perDay = {
    heartbeats: (daySeconds / limits.heartbeatSeconds) * perBeat,
    'what some of them say more': fullADay * (perFullBeat - perBeat),
    'observations that changed, each hour': 24 * observations,
  }
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`
  const total = Object.values(perDay).reduce((sum, bytes) => sum + bytes, 0)
  process.stdout.write(
    [
      `joining: ${kilobytes(joined)} for ${current.size} facets, handshake included`,
      `one heartbeat and its answer: ${Math.round(perBeat)} bytes, measured over ${beats}`,
      `one with digest, time and health: ${Math.round(perFullBeat)} bytes`,
      ...Object.entries(perDay).map(([what, bytes]) => `a day of ${what}: ${kilobytes(bytes)}`),
      `an idle host and day: ${kilobytes(total)} (target 100 KB)`,
      '',
    ].join('\n'),
  )
  stop.abort()
  await running
  outbox.close()
  wire.close()
  await collector.close()
}

async function countingProxy(to: string) {
  const colon = to.lastIndexOf(':')
  let bytes = 0
  const server = createServer(near => {
    const far = connect(Number(to.slice(colon + 1)), to.slice(0, colon))
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      from.on('data', chunk => {
        bytes += chunk.length
        into.write(chunk)
      })
      from.on('error', () => into.destroy())
      from.on('close', () => into.destroy())
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, bytes: () => bytes, close: () => server.close() }
}
