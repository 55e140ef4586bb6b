// Tests of asking a port what it accepts of TLS, against servers with every kind of settings.
import { createServer } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import t from 'tap'
import { tlsUrl } from '../../../agent/host/probe-urls.ts'
import { probeTlsPort } from '../../../agent/host/tls-probe.ts'
import { serveOnLoopback, throwawayCertificate } from '../../throwaway-server.ts'

const ec = throwawayCertificate('/CN=node')
const rsa = throwawayCertificate('/CN=node', [], ['-newkey', 'rsa:2048'])

async function offersOf(t: Parameters<typeof serveOnLoopback>[0], options: TlsOptions, timeoutMs = 4000) {
  const port = await serveOnLoopback(t, createTlsServer(options))
  const outcome = await probeTlsPort({ address: '127.0.0.1', port, timeoutMs })
  return outcome.state === 'present' ? outcome.value : outcome
}

t.test('versions are those that the server has, newest first', async t => {
  t.match(await offersOf(t, ec), { state: 'open', versions: ['TLSv1.3', 'TLSv1.2'] })
  t.match(await offersOf(t, { ...ec, minVersion: 'TLSv1.3' }), {
    versions: ['TLSv1.3'],
    cipherSuites: [],
    clientAuthorities: -1,
  })
  const old = { minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' } as const
  t.match(await offersOf(t, { ...rsa, ...old }), { versions: ['TLSv1.3', 'TLSv1.2', 'TLSv1.1', 'TLSv1'] })
  t.match(await offersOf(t, { ...rsa, ...old, maxVersion: 'TLSv1.1' }), {
    versions: ['TLSv1.1', 'TLSv1'],
    cipherSuites: [
      'TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA',
      'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA',
      'TLS_RSA_WITH_AES_256_CBC_SHA',
      'TLS_RSA_WITH_AES_128_CBC_SHA',
    ],
  })
})

t.test('cipher suites are found one by one until the server has none left', async t => {
  const of = async (key: TlsOptions, ciphers: string) => {
    const answer = await offersOf(t, { ...key, ciphers, honorCipherOrder: true, maxVersion: 'TLSv1.2' })
    return answer.state === 'open' ? answer.cipherSuites : answer
  }
  t.strictSame(await of(rsa, 'AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-CHACHA20-POLY1305'), [
    'TLS_RSA_WITH_AES_128_CBC_SHA',
    'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
    'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
  ])
  t.strictSame(await of(ec, 'ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256'), [
    'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  ])
})

t.test('authorities are counted where client certificates are asked for', async t => {
  const ca = [throwawayCertificate('/CN=one').cert, throwawayCertificate('/CN=two').cert]
  const asking = { ...ec, requestCert: true, rejectUnauthorized: false }
  t.match(await offersOf(t, { ...asking, ca }), { clientAuthorities: 2 })
  t.match(await offersOf(t, ec), { clientAuthorities: -1 }, 'a server that asks for none')
  t.match(
    await offersOf(t, { ...asking, ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0' }),
    {
      clientAuthorities: 2,
    },
  )
})

t.test('closed, silent and other ports are told apart', async t => {
  const closing = createServer()
  const port = await serveOnLoopback(t, closing)
  closing.close()
  t.match(await probeTlsPort({ address: '127.0.0.1', port }), { value: { state: 'closed', detail: 'ECONNREFUSED' } })
  const ask = async (server: ReturnType<typeof createServer>) =>
    await probeTlsPort({ address: '127.0.0.1', port: await serveOnLoopback(t, server), timeoutMs: 150 })
  t.match(await ask(createServer()), { value: { state: 'silent', detail: 'no answer in time' } })
  const none = { value: { state: 'failed', detail: 'accepts no version of TLS' } }
  t.match(await ask(createServer(socket => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'))), none)
  t.match(await ask(createServer(socket => socket.destroy())), none)
  t.match(await ask(createServer(socket => socket.resetAndDestroy())), none)
})

t.test('a server that never stops sending is cut', async t => {
  const flood = createServer(socket => {
    const record = Buffer.concat([Buffer.from([22, 3, 3, 0x40, 0]), Buffer.alloc(0x4000)])
    const more = () => {
      while (!socket.destroyed && socket.write(record));
      if (!socket.destroyed) socket.once('drain', more)
    }
    more()
  })
  const port = await serveOnLoopback(t, flood)
  t.match(await probeTlsPort({ address: '127.0.0.1', port }), { value: { state: 'failed' } })
})

t.test('only addresses of this machine are asked', async t => {
  for (const address of ['192.0.2.1', 'localhost', '', '::']) {
    t.match(await probeTlsPort({ address, port: 1 }), {
      state: 'unavailable',
      detail: 'not an address of this machine',
    })
  }
  t.equal(tlsUrl({ address: '::1', port: 10250 }), 'tls://[::1]:10250')
})
