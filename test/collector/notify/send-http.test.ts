// Requests go to the address that was checked and nowhere else, and say plainly why they were not taken.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import { ownCertificate } from '../../../collector/auth/pki/server-certificate.ts'
import { parseAddressRule } from '../../../collector/notify/allowed-addresses.ts'
import { SendError } from '../../../collector/notify/send-error.ts'
import { post, type Reaching, type Resolve, systemResolve } from '../../../collector/notify/send-http.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { startHttpReceiver } from './http-receiver.ts'

const never = new AbortController().signal
const allow = (...texts: readonly string[]) => texts.flatMap(text => parseAddressRule(text) ?? [])
const reaching = (...texts: readonly string[]): Reaching => ({ allowAddresses: allow(...texts), timeout: 5_000 })
const says =
  (...addresses: readonly string[]) =>
  async () =>
    addresses
const loopback = reaching('127.0.0.1')

interface Sent {
  readonly url: string
  readonly to?: Reaching
  readonly resolve?: Resolve
}

async function refusal({ url, to = loopback, resolve = says('127.0.0.1') }: Sent): Promise<SendError | undefined> {
  const sent = post({ url: new URL(url), headers: {}, body: '{}' }, to, { clock: systemClock, resolve }, never)
  return sent.then(
    () => undefined,
    error => {
      if (error instanceof SendError) return error
      throw error
    },
  )
}

t.test('a name is asked once, and what it said is connected to', async t => {
  const receiver = await startHttpReceiver(t)
  const answers = [['127.0.0.1'], ['169.254.169.254']]
  let asked = 0
  const resolve = async () => answers[asked++] ?? []
  t.equal(await refusal({ url: `http://hook.example.org:${receiver.port}/a?b=c`, resolve }), undefined)
  t.equal(asked, 1)
  t.match(receiver.received, [
    {
      method: 'POST',
      path: '/a?b=c',
      headers: { host: `hook.example.org:${receiver.port}`, connection: 'close' },
      body: '{}',
    },
  ])
})

t.test('one address among many that may not be sent to is enough to send nothing', async t => {
  const receiver = await startHttpReceiver(t)
  const url = `http://hook.example.org:${receiver.port}/`
  for (const other of ['169.254.169.254', '10.0.0.1', '::1', '::ffff:127.0.0.1', 'fd00:ec2::254', '64:ff9b::7f00:1']) {
    const error = await refusal({ url, resolve: says('127.0.0.1', other) })
    t.match(error, {
      fate: 'later',
      message: new RegExp(`^hook.example.org: ${other.replaceAll('.', '\\.')} is refused`),
    })
  }
  t.equal(receiver.received.length, 0)
})

t.test('addresses in URLs are checked in every form that a URL has', async t => {
  const receiver = await startHttpReceiver(t)
  const hosts = [
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
  ]
  for (const host of hosts) {
    const error = await refusal({ url: `http://${host}:${receiver.port}/`, to: reaching(), resolve: systemResolve })
    t.match(error, { message: /is refused/ }, host)
  }
  t.match(await refusal({ url: `http://localhost:${receiver.port}/`, to: reaching(), resolve: systemResolve }), {
    message: /^localhost: (127\.0\.0\.1|::1) is refused/,
  })
  t.equal(receiver.received.length, 0)
})

t.test('a name that nobody knows is an error', async t => {
  t.match(await refusal({ url: 'https://hook.example.org/', resolve: says() }), { message: /cannot be resolved/ })
  const broken = async () => {
    throw new Error('ENOTFOUND')
  }
  t.match(await refusal({ url: 'https://hook.example.org/', resolve: broken }), { message: /cannot be resolved/ })
})

t.test('without TLS only named addresses are sent to', async t => {
  const error = await refusal({ url: 'http://hook.example.org/', to: reaching(), resolve: says('8.8.8.8') })
  t.match(error, { message: 'hook.example.org: without TLS only to addresses that allowAddresses names' })
})

t.test('redirects are not followed', async t => {
  const receiver = await startHttpReceiver(t)
  receiver.answer({ status: 302, headers: { location: `http://127.0.0.1:${receiver.port}/other` } })
  t.match(await refusal({ url: receiver.url }), {
    fate: 'later',
    message: /answered 302, and redirects are not followed/,
  })
  t.equal(receiver.received.length, 1)
})

t.test('answers say whether it is worth another try, and when', async t => {
  const receiver = await startHttpReceiver(t)
  const table: readonly (readonly [number, 'later' | 'never'])[] = [
    ...([
      [500, 'later'],
      [503, 'later'],
      [429, 'later'],
      [408, 'later'],
      [401, 'later'],
      [403, 'later'],
      [404, 'later'],
    ] as const),
    ...([
      [410, 'later'],
      [400, 'never'],
      [413, 'never'],
      [422, 'never'],
    ] as const),
  ]
  for (const [status, fate] of table) {
    receiver.answer({ status, headers: { 'retry-after': '17' } })
    t.match(await refusal({ url: receiver.url }), {
      fate,
      retryAfterMs: 17_000,
      message: new RegExp(`answered ${status}$`),
    })
  }
  for (const status of [200, 201, 202, 204]) {
    receiver.answer(status)
    t.equal(await refusal({ url: receiver.url }), undefined)
  }
})

t.test('silence ends by the clock, and so does a collector that stops', async t => {
  const receiver = await startHttpReceiver(t)
  receiver.answer('silent', 'silent')
  const clock = createFakeClock()
  const network = { clock, resolve: says('127.0.0.1') }
  const url = new URL(receiver.url)
  const sent = post({ url, headers: {}, body: '{}' }, loopback, network, never).catch((error: unknown) => error)
  await receiver.until(1)
  await clock.advance(5_000)
  t.match(await sent, { name: 'SendError', message: 'no answer within 5000 ms' })
  const stopping = new AbortController()
  const cut = post({ url, headers: {}, body: '{}' }, loopback, network, stopping.signal).catch(
    (error: unknown) => error,
  )
  await receiver.until(2)
  stopping.abort()
  t.match(await cut, { name: 'SendError', message: 'the collector stops' })
  t.same(clock.sleepers, [], 'nothing waits any more')
})

t.test('nobody who listens is told so without the secret part of the URL', async t => {
  const receiver = await startHttpReceiver(t)
  const { port } = receiver
  const url = `http://127.0.0.1:${port}/services/T0/B0/token-of-slack`
  receiver.answer(500)
  const error = await refusal({ url })
  t.equal(error?.message, `127.0.0.1:${port}: answered 500`)
  const gone = await refusal({ url: 'http://127.0.0.1:1/services/T0/B0/token-of-slack' })
  t.equal(gone?.message, '127.0.0.1:1: cannot be reached (ECONNREFUSED)')
})

t.test('over TLS the certificate has to be for the name, although the address is connected to', async t => {
  const directory = t.testdir({})
  const authority = await openAuthority(directory, systemClock)
  const { current } = await ownCertificate(authority, ['hook.example.org'], systemClock, silentLog)
  const asked: string[] = []
  const server = createServer({ cert: current.certificate, key: current.key }, (request, response) => {
    asked.push(request.headers.host ?? '')
    response.end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const caFile = join(directory, 'pki', 'ca.crt')
  t.match(readFileSync(caFile, 'utf8'), /BEGIN CERTIFICATE/)
  const to = { ...loopback, caFile }
  t.equal(await refusal({ url: `https://hook.example.org:${port}/`, to }), undefined)
  t.same(asked, [`hook.example.org:${port}`])
  t.match(await refusal({ url: `https://other.example.org:${port}/`, to }), { message: /ERR_TLS_CERT_ALTNAME_INVALID/ })
  t.match(await refusal({ url: `https://hook.example.org:${port}/` }), {
    message: /cannot be reached \(.*(SELF|VERIFY|ISSUER)/,
  })
  t.match(await refusal({ url: `https://hook.example.org:${port}/`, to: { ...to, caFile: '/nowhere' } }), {
    message: '/nowhere: cannot be read (ENOENT)',
  })
  t.equal(asked.length, 1)
})
