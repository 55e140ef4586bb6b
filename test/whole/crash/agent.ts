// An agent of a host that changes all the time, made of the real outbox and the real uplink; dies where it is told to.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { plaintextChannel } from '../../../agent/uplink/channel.ts'
import { openDiskOutbox } from '../../../agent/uplink/outbox/disk-outbox.ts'
import type { Outbox } from '../../../agent/uplink/outbox/outbox.ts'
import { runUplink } from '../../../agent/uplink/uplink.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { crashAt, wrapFsync } from './points.ts'

const [directory = '', address = '', hostKey = '', point, times = '1'] = process.argv.slice(2)
const passing = crashAt(point, Number(times))
wrapFsync(passing)

const outbox = openDiskOutbox(directory, silentLog)
const watched: Outbox = {
  ...outbox,
  id: outbox.id,
  get size() {
    return outbox.size
  },
  get bytes() {
    return outbox.bytes
  },
  get oldestMs() {
    return outbox.oldestMs
  },
  get acknowledged() {
    return outbox.acknowledged
  },
  body(entry) {
    passing('before send')
    setImmediate(() => passing('after send'))
    return outbox.body(entry)
  },
  delta(entry) {
    passing('before send')
    setImmediate(() => passing('after send'))
    return outbox.delta(entry)
  },
  acknowledge(sequence) {
    passing('before ack')
    outbox.acknowledge(sequence)
    passing('after ack')
  },
}

/** Every value that the host ever had, before anybody heard of it. */
const values = join(directory, 'values')
let value = existsSync(values) ? readFileSync(values, 'utf8').trimEnd().split('\n').length : 0
const current = new Map<string, FacetState>()

function change(baseline: boolean): void {
  value++
  appendFileSync(values, `${value}\n`)
  const state = smallState({ a: value, b: value % 3, c: value % 5 })
  current.set('small', state)
  outbox.add(SmallFacet, state, systemClock.now(), baseline)
}

const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
change(true)
const options = { openChannel: plaintextChannel(address), outbox: watched, clock: systemClock, log: silentLog }
const uplink = runUplink(
  {
    ...options,
    hello: () => ({
      ...{ protocolVersion: 1, agentVersion: '0.1.0', hostKey, hostname: 'h', machineId: '', bootId: '' },
      ...{ outboxId: outbox.id, clockMs: systemClock.now(), labels: {} },
    }),
    current: () => current,
    requeue: gap => {
      for (const state of current.values()) outbox.repeat(SmallFacet, state, systemClock.now(), gap)
    },
    rescan: async () => undefined,
    // A fast reconnect: what is tested is what is lost, not how long it takes.
    random: () => 0.001,
  },
  stop.signal,
)
while (!stop.signal.aborted) {
  await sleep(3)
  if (outbox.size < 40) change(false)
}
await outbox.flushed()
await uplink
