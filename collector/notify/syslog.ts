// Syslog of RFC 5424, one line for each change: over TLS (RFC 5425), TCP (RFC 6587, octets counted) or UDP (RFC 5426).
import { createSocket } from 'node:dgram'
import { connect as connectPlain, isIPv6 } from 'node:net'
import { hostname } from 'node:os'
import { addAbortSignal } from 'node:stream'
import { connect as connectSecure } from 'node:tls'
import { bounded } from '../../policy/visible-text.ts'
import { withDeadline } from './deadline.ts'
import type { Message, ToldChange } from './message.ts'
import { type ReceiverOf, syslogFacilities } from './notify-config.ts'
import { checkedAddress, type Network, tlsFor, unreachable } from './send-http.ts'
import type { Sender } from './sender.ts'

/** What every receiver over UDP should take. @source RFC 5426 §3.2 */
const maxDatagram = 2_048
const maxValue = 255

export function syslogSender(config: ReceiverOf<'syslog'>, network: Network): Sender {
  const url = new URL(config.address)
  const host = url.hostname
  const port = Number(url.port)
  return {
    send: (message, signal) =>
      withDeadline(network.clock, config.timeout, signal, async ending => {
        const isSecure = url.protocol === 'tls:'
        const address = await checkedAddress({ host, isSecure, signal: ending }, config, network)
        const lines = syslogLines(message, config.facility, hostname())
        if (url.protocol === 'udp:') return sendDatagrams(lines, address, port, host)
        const tls = isSecure ? tlsFor(host, config.caFile) : undefined
        return sendStream(lines, { address, port, host, tls }, ending)
      }),
  }
}

/** Codes of RFC 5424 §6.2.1. */
const severityCodes = { critical: 2, high: 3, medium: 4, low: 5 } as const

/** @param origin name of the machine that the collector runs on */
export function syslogLines(
  message: Message,
  facility: ReceiverOf<'syslog'>['facility'],
  origin: string,
): readonly string[] {
  const code = syslogFacilities.indexOf(facility) * 8
  const head = (priority: number, at: string, what: string) =>
    `<${code + priority}>1 ${at} ${headerValue(origin)} gabion-collector - ${what}`
  const lines = message.changes.map(
    change => `${head(priorityOf(change), change.at, change.kind)} ${structured(message, change)} ${change.text}`,
  )
  const notes = [
    ...(message.more === 0 ? [] : [`${message.more} more changes came together with these`]),
    ...(message.dropped === 0 ? [] : [`${message.dropped} changes could not be delivered in time`]),
  ]
  return [...lines, ...notes.map(note => `${head(4, message.createdAt, 'count')} - ${note}`)]
}

function priorityOf({ status, severity }: ToldChange): number {
  if (status !== 'failing') return 6
  return severity === undefined ? 4 : severityCodes[severity]
}

/** Of a header: printable ASCII without blanks. */
const headerValue = (text: string) => text.replace(/[^\x21-\x7e]/g, '_').slice(0, maxValue) || '-'

/** The number is that of examples: this program has none of its own. @source RFC 5612 */
function structured(
  { id, isTest }: Message,
  { host, subject, status, severity, from, to, id: change }: ToldChange,
): string {
  const values = {
    ...{ message: id, change: String(change), status, subject, host: host.name, hostId: host.id },
    ...{ severity, from, to, test: isTest ? 'true' : undefined },
  }
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '')
  return `[gabion@32473 ${given.map(([name, value]) => `${name}="${parameterValue(value ?? '')}"`).join(' ')}]`
}

/** @source RFC 5424 §6.3.3 */
const parameterValue = (text: string) => bounded(text, maxValue).replace(/["\\\]]/g, '\\$&')

function sendDatagrams(lines: readonly string[], address: string, port: number, host: string): Promise<void> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4')
  const sendOne = (line: string) =>
    new Promise<void>((resolve, reject) => {
      socket.send(cutBytes(line, maxDatagram), port, address, error => (error ? reject(error) : resolve()))
    })
  const failed = new Promise<never>((_, reject) => socket.once('error', reject))
  const sendAll = async () => {
    for (const line of lines) await sendOne(line)
  }
  return Promise.race([sendAll(), failed])
    .catch(cause => {
      throw unreachable(host, cause)
    })
    .finally(() => socket.close())
}

/** Never in the middle of a character. */
function cutBytes(text: string, limit: number): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length <= limit) return bytes
  let end = limit
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

interface StreamTarget {
  readonly address: string
  readonly port: number
  readonly host: string
  readonly tls: ReturnType<typeof tlsFor> | undefined
}

/** The protocol has no answers: what the other side acknowledged at the end of the stream was taken. */
function sendStream(lines: readonly string[], { address, port, host, tls }: StreamTarget, signal: AbortSignal) {
  const frames = lines.map(line => `${Buffer.byteLength(line)} ${line}`).join('')
  return new Promise<void>((resolve, reject) => {
    const socket = tls ? connectSecure({ host: address, port, ...tls }) : connectPlain({ host: address, port })
    addAbortSignal(signal, socket)
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.end(frames))
    socket.once('error', cause => reject(unreachable(host, cause)))
    socket.resume()
    socket.once('close', hadError => {
      if (!hadError) resolve()
    })
  })
}
