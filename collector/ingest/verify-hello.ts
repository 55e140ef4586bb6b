// Judges the first message of a stream.
import type { Hello__Output } from '../../proto/generated/gabion/v1/Hello.ts'
import { protocolVersion } from '../../proto/wire.ts'
import { limits } from './limits.ts'
import { Refused } from './refusal.ts'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const token = /^[0-9A-Za-z._-]{1,64}$/
const latestMs = 8_640_000_000_000_000

/** @throws Refused naming the field */
export function verifyHello(hello: Hello__Output): Hello__Output {
  if (hello.protocolVersion !== protocolVersion) {
    const detail = `this collector speaks protocol ${protocolVersion}, the agent ${hello.protocolVersion}`
    throw new Refused('protocol_version', detail, 60_000)
  }
  require(uuid.test(hello.hostKey), 'host_key is not a UUID in lower case')
  require(token.test(hello.outboxId), 'outbox_id is not a short token')
  require(token.test(hello.agentVersion), 'agent_version is not a version')
  require(hello.hostname.length <= 255, 'hostname is longer than 255 characters')
  require(hello.machineId.length <= 64, 'machine_id is longer than 64 characters')
  require(hello.bootId.length <= 64, 'boot_id is longer than 64 characters')
  require(isTime(hello.clockMs), 'clock_ms is not a time')
  require(isCount(hello.queuedChanges), 'queued_changes is not a number')
  require(isTime(hello.oldestQueuedMs), 'oldest_queued_ms is not a time')
  const labels = Object.entries(hello.labels)
  const texts = [hello.hostname, hello.machineId, hello.bootId, ...labels.flat()]
  require(!texts.some(text => text.includes('\0')), 'a NUL in a name or a label')
  require(labels.length <= limits.labels, `more than ${limits.labels} labels`)
  require(labels.every(
    ([key, value]) => key.length > 0 && key.length <= 320 && value.length <= 256,
  ), 'a label is longer than 320 characters in its key or 256 in its value')
  return hello
}

/** Whether it is a time that a Date can hold, in milliseconds since the epoch. */
export function isTime(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms >= 0 && ms <= latestMs
}

const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0

function require(holds: boolean, detail: string): void {
  if (!holds) throw new Refused('hello', detail)
}
