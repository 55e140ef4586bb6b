// Lines of RFC 5424 as a receiver reads them, over each transport.
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createSecureServer } from 'node:tls'
import t from 'tap'
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import { ownCertificate } from '../../../collector/auth/pki/server-certificate.ts'
import type { ReceiverOf } from '../../../collector/notify/notify-config.ts'
import { syslogLines, syslogSender } from '../../../collector/notify/syslog.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { until } from '../../until.ts'
import { failing, hostile, hostileTexts, messageOf, opened, resolved } from './messages.ts'
import { receiverOf } from './receiver-config.ts'

const never = new AbortController().signal
const network = { clock: systemClock, resolve: async () => ['127.0.0.1'] }

/** By the grammar of RFC 5424 §6. @throws when it is none */
function parse(line: string) {
  const match =
    /^<(?<pri>\d{1,3})>1 (?<time>\S{1,32}) (?<host>[\x21-\x7e]{1,255}) (?<app>[\x21-\x7e]{1,48}) - (?<msgid>[\x21-\x7e]{1,32}) (?<sd>-|\[gabion@32473(?: [a-zA-Z]{1,32}="(?:[^"\\\]]|\\["\\\]])*")*\])(?: (?<text>[^\x00-\x1f\x7f]*))?$/u.exec(
      line,
    )
  if (!match?.groups) throw new Error(`no line of RFC 5424: ${line}`)
  const { pri = '', sd = '', text = '', ...rest } = match.groups
  const values = [...sd.matchAll(/ ([a-zA-Z]+)="((?:[^"\\\]]|\\["\\\]])*)"/g)]
  return {
    ...{ facility: Number(pri) >> 3, severity: Number(pri) & 7, text, ...rest },
    values: Object.fromEntries(values.map(([, name = '', value = '']) => [name, value.replace(/\\(["\\\]])/g, '$1')])),
  }
}

const configOf = (address: string, more: object = {}) =>
  receiverOf({ name: 'log', kind: 'syslog', address, allowAddresses: ['127.0.0.1'], ...more }) as ReceiverOf<'syslog'>

t.test('each change is a line with its severity and its values', t => {
  const lines = syslogLines(messageOf([failing, resolved, opened], { more: 2, dropped: 1 }), 'local3', 'collector 1')
  const parsed = lines.map(parse)
  t.match(parsed, [
    {
      ...{ facility: 19, severity: 2, time: failing.at, host: 'collector_1', app: 'gabion-collector', msgid: 'result' },
      ...{ text: failing.text },
      values: {
        message: 'msg_1',
        change: '7',
        status: 'failing',
        host: 'web-1',
        hostId: 'abc',
        from: 'pass',
        to: 'fail',
      },
    },
    { severity: 6, values: { status: 'resolved' } },
    { severity: 6, msgid: 'fact', values: { subject: 'ports' } },
    { severity: 4, msgid: 'count', text: '2 more changes came together with these' },
    { severity: 4, text: '1 changes could not be delivered in time' },
  ])
  t.end()
})

t.test('no host forges a line or a value', t => {
  for (const text of hostileTexts) {
    const [line = ''] = syslogLines(messageOf([hostile(text)]), 'daemon', 'c')
    const { values, text: said } = parse(line)
    t.equal(said, text)
    t.equal(values['host']?.slice(0, 200), text.slice(0, 200))
  }
  t.end()
})

t.test('datagrams have one line each, none longer than others take', async t => {
  const socket = createSocket('udp4')
  const received: Buffer[] = []
  socket.on('message', datagram => void received.push(datagram))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.teardown(() => socket.close())
  const sender = syslogSender(configOf(`udp://log.example.org:${socket.address().port}`), network)
  const long = { ...failing, text: '日'.repeat(1_000) }
  await sender.send(messageOf([failing, long]), never)
  while (received.length < 2) await new Promise(resolve => setImmediate(resolve))
  t.match(parse(received[0]?.toString() ?? ''), { values: { host: 'web-1' } })
  t.ok((received[1]?.length ?? 9_999) <= 2_048)
  t.match(parse(received[1]?.toString() ?? ''), { text: /^日+$/ })
})

/** Frames whose octets are counted. @source RFC 6587 §3.4.1 */
function frames(bytes: Buffer): readonly string[] {
  const found: string[] = []
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(' ', at)
    const end = blank + 1 + Number(bytes.subarray(at, blank).toString())
    found.push(bytes.subarray(blank + 1, end).toString())
    at = end
  }
  return found
}

function collecting() {
  const done = Promise.withResolvers<Buffer>()
  const onSocket = (socket: Socket) => {
    const chunks: Buffer[] = []
    socket.on('data', chunk => void chunks.push(chunk))
    socket.on('end', () => done.resolve(Buffer.concat(chunks)))
    socket.on('error', () => undefined)
  }
  return { onSocket, bytes: done.promise }
}

t.test('a stream has frames with their octets counted', async t => {
  const { onSocket, bytes } = collecting()
  const server = createServer(onSocket).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  await syslogSender(configOf(`tcp://log.example.org:${port}`), network).send(messageOf([failing, opened]), never)
  t.match(frames(await bytes).map(parse), [{ values: { host: 'web-1' } }, { msgid: 'fact' }])
})

t.test('over TLS the name is verified, without it nothing leaves for where nobody named', async t => {
  const directory = t.testdir({})
  const authority = await openAuthority(directory, systemClock)
  const { current } = await ownCertificate(authority, ['log.example.org'], systemClock, silentLog)
  const { onSocket, bytes } = collecting()
  const server = createSecureServer({ cert: current.certificate, key: current.key }, onSocket).listen(0, '127.0.0.1')
  server.on('tlsClientError', () => undefined)
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const caFile = join(directory, 'pki', 'ca.crt')
  await syslogSender(configOf(`tls://log.example.org:${port}`, { caFile }), network).send(messageOf([failing]), never)
  t.match(frames(await bytes).map(parse), [{ values: { host: 'web-1' } }])
  const other = syslogSender(configOf(`tls://other.example.org:${port}`, { caFile }), network)
  await t.rejects(other.send(messageOf([failing]), never), { name: 'SendError', message: /ALTNAME/ })
  const outside = syslogSender(configOf('udp://log.example.org:514'), { ...network, resolve: async () => ['8.8.8.8'] })
  await t.rejects(outside.send(messageOf([failing]), never), { message: /without TLS only to addresses/ })
  const inside = syslogSender(configOf('tls://log.example.org:6514'), { ...network, resolve: async () => ['10.0.0.1'] })
  await t.rejects(inside.send(messageOf([failing]), never), { message: /10.0.0.1 is refused/ })
})

t.test('nobody there is an error', async t => {
  const sender = syslogSender(configOf('tcp://log.example.org:1'), network)
  await t.rejects(sender.send(messageOf([failing]), never), { name: 'SendError', message: /ECONNREFUSED/ })
})

t.test('a name that is resolved after the time is over is not sent to', async t => {
  const socket = createSocket('udp4')
  const received: Buffer[] = []
  socket.on('message', datagram => void received.push(datagram))
  socket.bind(0, '127.0.0.1')
  const server = createServer(stream => void stream.on('data', chunk => received.push(chunk))).listen(0, '127.0.0.1')
  await Promise.all([once(socket, 'listening'), once(server, 'listening')])
  t.teardown(() => socket.close())
  t.teardown(() => server.close())
  const tcp = `tcp://log.example.org:${(server.address() as AddressInfo).port}`
  const udp = `udp://log.example.org:${socket.address().port}`
  for (const address of [tcp, udp]) {
    const resolved = Promise.withResolvers<readonly string[]>()
    const stopping = new AbortController()
    const slow = syslogSender(configOf(address), { ...network, resolve: () => resolved.promise })
    const sent = slow.send(messageOf([failing]), stopping.signal)
    stopping.abort()
    await t.rejects(sent, { name: 'SendError', message: 'the collector stops' })
    resolved.resolve(['127.0.0.1'])
    // What is sent later is there later: had the first been sent, it would be before it.
    await syslogSender(configOf(address), network).send(messageOf([{ ...failing, text: address }]), never)
    await until(() => received.length > 0)
    t.equal(received.length, 1, address)
    t.match(received.splice(0).join(), new RegExp(`\\] ${address}$`))
  }
})
