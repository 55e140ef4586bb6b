// An agent of a host that changes all the time, made of the real outbox and the real uplink; dies where it is told to.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { plaintextChannel } from '../../../agent/uplink/channel.ts'
import type { Outbox } from '../../../agent/uplink/outbox/outbox.ts'
import { startSmallUplink } from '../../small-uplink.ts'
import { crashAt, wrapFsync } from './points.ts'

const [directory = '', address = '', hostKey = '', point, times = '1'] = process.argv.slice(2)
const passing = crashAt(point, Number(times))
wrapFsync(passing)

const watch = (outbox: Outbox): Outbox => ({
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
})

/** Every value that the host ever had, before anybody heard of it. */
const values = join(directory, 'values')
let value = existsSync(values) ? readFileSync(values, 'utf8').trimEnd().split('\n').length : 0
const openChannel = plaintextChannel(address)
const uplink = startSmallUplink({ directory, openChannel, hello: { hostKey }, value, wrap: watch })

function change(): void {
  value++
  appendFileSync(values, `${value}\n`)
  uplink.change()
}

const stop = new AbortController()
process.on('SIGTERM', () => stop.abort())
change()
while (!stop.signal.aborted) {
  await sleep(3)
  if (uplink.outbox.size < 40) change()
}
await uplink.stop()
