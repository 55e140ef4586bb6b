// Tests of reading a TLS server's first answer, whole and broken.
import fc from 'fast-check'
import t from 'tap'
import { parseServerHello } from '../../../agent/parse/tls-server-hello.ts'

const record = (kind: number, body: readonly number[]) => [kind, 3, 3, body.length >> 8, body.length & 255, ...body]
const message = (kind: number, body: readonly number[]) => [kind, 0, body.length >> 8, body.length & 255, ...body]
const zeros = (count: number) => Array.from({ length: count }, () => 0)
const hello = (version: number, suite: number, extensions: readonly number[] = []) =>
  message(2, [
    ...[version >> 8, version & 255],
    ...zeros(32),
    0,
    ...[suite >> 8, suite & 255, 0],
    ...(extensions.length > 0 ? [extensions.length >> 8, extensions.length & 255, ...extensions] : []),
  ])
const done = message(14, [])
/** One type of certificate, two signature algorithms, two names. */
const request = message(13, [1, 1, 0, 4, 4, 3, 8, 4, 0, 9, 0, 2, 48, 0, 0, 3, 48, 1, 0])
const parse = (...parts: readonly (readonly number[])[]) => parseServerHello(Uint8Array.from(parts.flat()))

t.test('version and suite of a TLS 1.2 server, and whose certificates it asks for', async t => {
  t.strictSame(parse(record(22, [...hello(0x0303, 0xc02f), ...message(11, zeros(300)), ...request, ...done])), {
    state: 'accepted',
    version: 0x0303,
    cipherSuite: 0xc02f,
    clientAuthorities: 2,
  })
  t.match(parse(record(22, hello(0x0303, 0xc02f)), record(22, done)), { clientAuthorities: -1 })
  const older = message(13, [1, 1, 0, 4, 0, 2, 48, 0])
  t.match(parse(record(22, [...hello(0x0301, 0x2f), ...older, ...done])), { version: 0x0301, clientAuthorities: 1 })
})

t.test('TLS 1.3 is told by its extension, as is a server that wants another key first', async t => {
  const chosen = hello(0x0303, 0x1301, [0, 51, 0, 2, 0, 29, 0, 43, 0, 2, 3, 4])
  t.strictSame(parse(record(22, chosen)), {
    state: 'accepted',
    version: 0x0304,
    cipherSuite: 0x1301,
    clientAuthorities: -1,
  })
})

t.test('a message in several records, and several in one', async t => {
  const flight = [...hello(0x0303, 0xc030), ...done]
  const records = flight.flatMap(byte => record(22, [byte]))
  t.match(parse(records), { state: 'accepted', cipherSuite: 0xc030 })
})

t.test('a refusal, and what is no TLS', async t => {
  t.strictSame(parse(record(21, [2, 70])), { state: 'refused', alert: 70 })
  t.strictSame(parse([...Buffer.from('HTTP/1.0 400 Bad Request\r\n')]), { state: 'malformed' })
  t.strictSame(parse(record(22, done)), { state: 'malformed' }, 'an end without a beginning')
  t.strictSame(parse(record(22, message(2, [3, 3, 1]))), { state: 'malformed' }, 'a hello that is cut off')
  t.strictSame(parseServerHello(new Uint8Array(300_000)), { state: 'malformed' }, 'more than any server sends')
})

t.test('every beginning of an answer wants more', async t => {
  const whole = [...record(22, [...hello(0x0303, 0xc02f), ...request]), ...record(22, done)]
  for (let end = 0; end < whole.length; end += 1) {
    t.equal(parse(whole.slice(0, end)).state, 'incomplete', `${end} bytes`)
  }
})

t.test('any bytes get an answer', async t => {
  const bytes = fc.uint8Array({ maxLength: 400 })
  const framed = bytes.map(body => Uint8Array.from(record(22, [...hello(0x0303, 0xc02f), ...body])))
  const states = new Set(['incomplete', 'refused', 'accepted', 'malformed'])
  const answered = fc.property(fc.oneof(bytes, framed), text => states.has(parseServerHello(text).state))
  t.equal(fc.check(answered).failed, false)
})
