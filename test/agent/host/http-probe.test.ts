// Tests of asking a local port, against servers of every kind of behaviour.
import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsHttpServer } from 'node:https'
import { type AddressInfo, createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import t from 'tap'
import { probeHttpPort } from '../../../agent/host/http-probe.ts'
import { probeUrl } from '../../../agent/host/probe-urls.ts'
import { serveOnLoopback, throwawayCertificate } from '../../throwaway-server.ts'

const tls = throwawayCertificate('/CN=nobody')

const ask = (port: number, more: { tls?: boolean; path?: string; timeoutMs?: number; address?: string } = {}) =>
  probeHttpPort({ address: '127.0.0.1', port, tls: false, path: '/pods', timeoutMs: 500, ...more })

t.test('an answer has status and the beginning of its body', async t => {
  let asked: IncomingMessage | undefined
  const port = await serveOnLoopback(
    t,
    createHttpServer((request, response) => {
      asked = request
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end('Unauthorized')
    }),
  )
  t.same(await ask(port), {
    state: 'present',
    path: `http://127.0.0.1:${port}/pods`,
    value: { state: 'open', status: 401, body: 'Unauthorized', tlsVersion: '' },
  })
  t.match(asked, { method: 'GET', url: '/pods' })
  t.same(
    Object.keys(asked?.headers ?? {}).sort(),
    ['accept', 'connection', 'host', 'user-agent'],
    'nothing authenticates',
  )
})

t.test('redirects are not followed', async t => {
  const port = await serveOnLoopback(
    t,
    createHttpServer((_, response) => response.writeHead(302, { location: '/x' }).end()),
  )
  t.match(await ask(port), { value: { state: 'open', status: 302, body: '' } })
})

t.test('an endless body is read up to 4 KiB', async t => {
  const port = await serveOnLoopback(
    t,
    createHttpServer((_, response) => {
      const more = () => {
        while (response.write('x'.repeat(1000)));
        response.once('drain', more)
      }
      more()
    }),
  )
  const outcome = await ask(port)
  t.match(outcome, { value: { status: 200 } })
  t.equal(outcome.state === 'present' && outcome.value.state === 'open' && outcome.value.body.length, 4096)
})

t.test('a body that trickles is cut at the deadline', async t => {
  const port = await serveOnLoopback(
    t,
    createHttpServer((_, response) => void response.write('begin')),
  )
  t.match(await ask(port, { timeoutMs: 150 }), { value: { state: 'open', status: 200, body: 'begin' } })
})

t.test('a port where nobody listens is closed', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  t.match(await ask(port), { state: 'present', value: { state: 'closed', detail: 'ECONNREFUSED' } })
})

t.test('a port that takes the connection and says nothing is silent', async t => {
  const port = await serveOnLoopback(t, createServer())
  t.match(await ask(port, { timeoutMs: 150 }), { value: { state: 'silent', detail: 'no answer in 150 ms' } })
  t.match(await ask(port, { timeoutMs: 150, tls: true }), { value: { state: 'silent' } })
})

t.test('headers that never end are cut', async t => {
  const port = await serveOnLoopback(
    t,
    createServer(socket => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const lines = 'x: yyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(500)
      // One turn of the loop between two writes: asker and server share it.
      const more = () => {
        if (!socket.destroyed) socket.write(lines, () => setImmediate(more))
      }
      more()
    }),
  )
  t.match(await ask(port), { value: { state: 'open', status: 0 } })
})

t.test('something else than HTTP is open without a status', async t => {
  const banner = await serveOnLoopback(
    t,
    createServer(socket => void socket.write('SSH-2.0-OpenSSH_9.2p1\r\n')),
  )
  t.match(await ask(banner), { value: { state: 'open', status: 0, body: '', tlsVersion: '' } })
  t.match(await ask(banner, { tls: true }), { value: { state: 'open', status: 0, tlsVersion: '' } })
  const hangUp = await serveOnLoopback(
    t,
    createServer(socket => socket.destroy()),
  )
  t.match(await ask(hangUp), { value: { state: 'open', status: 0 } })
})

t.test('TLS with a certificate that nobody vouches for is answered all the same', async t => {
  const port = await serveOnLoopback(
    t,
    createTlsHttpServer(tls, (_, response) => response.writeHead(403).end('no')),
  )
  t.match(await ask(port, { tls: true }), { value: { state: 'open', status: 403, body: 'no', tlsVersion: 'TLSv1.3' } })
  t.match(await ask(port), { value: { state: 'open', status: 0, tlsVersion: '' } }, 'plain HTTP on a TLS port')
})

t.test('old protocols are heard', async t => {
  const old = { ...tls, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const
  const port = await serveOnLoopback(
    t,
    createTlsHttpServer(old, (_, response) => response.end('ok')),
  )
  t.match(await ask(port, { tls: true }), { value: { state: 'open', status: 200, tlsVersion: 'TLSv1.1' } })
})

t.test('a server that wants a client certificate is open', async t => {
  const port = await serveOnLoopback(
    t,
    createTlsHttpServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (_, response) => response.end()),
  )
  t.match(await ask(port, { tls: true }), { value: { state: 'open', status: 0, tlsVersion: 'TLSv1.3' } })
})

t.test('only addresses of this machine are asked', async t => {
  for (const address of [
    '192.0.2.1',
    '8.8.8.8',
    '2001:db8::1',
    '0.0.0.0',
    '::',
    'localhost',
    '',
    '169.254.169.254',
    '::ffff:192.0.2.1',
  ]) {
    t.match(await ask(1, { address }), { state: 'unavailable', detail: 'not an address of this machine' }, address)
  }
  const port = await serveOnLoopback(
    t,
    createHttpServer((_, response) => response.end('own')),
  )
  t.match(await ask(port, { address: '127.9.9.9' }), { state: 'present' })
  const own = Object.values(networkInterfaces())
    .flat()
    .find(row => row && !row.internal && row.family === 'IPv4')
  if (own) t.match(await ask(port, { address: own.address }), { state: 'present', value: { state: 'closed' } })
})

t.test('a path cannot carry more than a path', async t => {
  for (const path of ['', 'pods', '/a b', '/a\r\nx: y', '/ü']) {
    t.match(await ask(1, { path }), { state: 'unavailable', detail: 'not a path of a request' }, JSON.stringify(path))
  }
})

t.test('the name of a probe is its URL', async t => {
  t.equal(probeUrl({ address: '::1', port: 10250, tls: true, path: '/pods' }), 'https://[::1]:10250/pods')
})
