// The gRPC listeners' TLS: 1.3 only, with or without client certificates, and a certificate that changes under way.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { join } from 'node:path'
import { type ConnectionOptions, connect } from 'node:tls'
import { Server, type ServerCredentials } from '@grpc/grpc-js'
import t, { type Test } from 'tap'
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import { certificateFromFiles } from '../../../collector/auth/pki/server-certificate.ts'
import { tlsCredentials } from '../../../collector/ingest/tls-credentials.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { makeSigningRequest } from '../auth/pki/signing-request.ts'

const dayMs = 86_400_000

async function start(t: Test) {
  const directory = t.testdir({ own: {}, stranger: {} })
  const authority = await openAuthority(join(directory, 'own'), systemClock)
  const stranger = await openAuthority(join(directory, 'stranger'), systemClock)
  const [one, two] = [await authority.issueServer(['one.test']), await authority.issueServer(['two.test'])]
  const files = { certificate: join(directory, 'tls.crt'), key: join(directory, 'tls.key') }
  const put = (pair: typeof one) => {
    writeFileSync(files.certificate, pair.certificate)
    writeFileSync(files.key, pair.key)
  }
  put(one)
  const certificate = await certificateFromFiles(files, systemClock, silentLog)
  const replace = async () => {
    put(two)
    await certificate.refresh()
  }
  return { authority, stranger, certificate, replace }
}

async function listen(t: Test, credentials: ServerCredentials): Promise<number> {
  const server = new Server()
  t.teardown(() => server.forceShutdown())
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)))
  })
}

/** @returns the subject alternative names that the server showed, or the code of the error */
async function shake(port: number, options: ConnectionOptions): Promise<string> {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ALPNProtocols: ['h2'],
    checkServerIdentity: () => undefined,
    ...options,
  })
  try {
    await once(socket, 'secureConnect')
    // In TLS 1.3 the client is done before the server judged its certificate: the first byte tells.
    await Promise.race([
      once(socket, 'data'),
      once(socket, 'end'),
      once(socket, 'error').then(([error]) => Promise.reject(error)),
    ])
    if (socket.readableEnded || socket.destroyed) return 'closed'
    return new X509Certificate(socket.getPeerCertificate().raw).subjectAltName ?? ''
  } catch (error) {
    return (error as { code: string }).code
  } finally {
    socket.destroy()
  }
}

t.test('nothing older than TLS 1.3 gets in', async t => {
  const { authority, certificate } = await start(t)
  const port = await listen(t, tlsCredentials(certificate))
  const ca = authority.certificates
  t.equal(await shake(port, { ca }), 'DNS:one.test')
  t.equal(await shake(port, { ca, maxVersion: 'TLSv1.2' }), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
})

t.test('a connection that does not begin TLS, or does not go on with it, is closed in time', async t => {
  const { certificate } = await start(t)
  const port = await listen(t, tlsCredentials(certificate, undefined, 100))
  for (const beginning of ['', '\x16\x03\x01\x02\x00\x01']) {
    const socket = connectTcp(port, '127.0.0.1')
    socket.on('error', () => undefined)
    socket.resume()
    socket.write(beginning, 'latin1')
    await once(socket, 'close')
    t.pass(`${beginning.length} bytes`)
  }
})

t.test('a replaced certificate is shown to the next who connects', async t => {
  const { authority, certificate, replace } = await start(t)
  const port = await listen(t, tlsCredentials(certificate))
  const ca = authority.certificates
  t.equal(await shake(port, { ca }), 'DNS:one.test')
  await replace()
  t.equal(await shake(port, { ca }), 'DNS:two.test')
  t.equal(await shake(port, { ca, maxVersion: 'TLSv1.2' }), 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'still 1.3 only')
})

t.test('where client certificates are asked for, only those of the authority get in', async t => {
  const { authority, stranger, certificate, replace } = await start(t)
  const port = await listen(t, tlsCredentials(certificate, authority.certificates))
  const ca = authority.certificates
  const { request, key } = await makeSigningRequest()
  const own = await authority.issueClient(request, 'host-1', dayMs)
  const foreign = await stranger.issueClient(request, 'host-1', dayMs)
  t.equal(await shake(port, { ca, cert: own.certificate, key }), 'DNS:one.test')
  t.match(await shake(port, { ca }), /^(closed|ECONNRESET|ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)$/)
  t.match(
    await shake(port, { ca, cert: foreign.certificate, key }),
    /^(closed|ECONNRESET|ERR_SSL_TLSV1_ALERT_UNKNOWN_CA)$/,
  )
  await replace()
  t.equal(
    await shake(port, { ca, cert: own.certificate, key }),
    'DNS:two.test',
    'also after the certificate was replaced',
  )
  t.match(await shake(port, { ca }), /^(closed|ECONNRESET|ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)$/)
})
