// The collector's own certificate authority: made once, kept, and what it signs stands up in real handshakes.
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect, createServer, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { type Authority, openAuthority } from '../../../../collector/auth/pki/authority.ts'
import { RequestError } from '../../../../collector/auth/pki/request-error.ts'
import { certificatePin, certificatesOf, hasPin } from '../../../../runtime/certificate-pin.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { GabionError } from '../../../../runtime/errors.ts'
import { createFakeClock } from '../../../fake-clock.ts'
import { makeSigningRequest } from './signing-request.ts'

const dayMs = 86_400_000

interface Handshake {
  /** what the client found wrong, empty when nothing */
  readonly client: string
  readonly protocol: string | null
  /** common name of the client that the server saw */
  readonly seen: string
}

async function shake(t: Test, authority: Authority, client: object, authorities: string): Promise<Handshake> {
  const { certificate: cert, key } = await authority.issueServer(['collector.test', '127.0.0.1', '::1'])
  const server = createServer({ cert, key, ca: authority.certificates, requestCert: true, rejectUnauthorized: false })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const seen = once(server, 'secureConnection').then(([connection]) => {
    const socket: TLSSocket = connection
    const name = socket.authorized ? socket.getPeerCertificate().subject.CN : ''
    socket.end()
    return String(name)
  })
  seen.catch(() => undefined)
  const socket = connect({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    ca: authorities,
    ...client,
  })
  try {
    await once(socket, 'secureConnect')
    return { client: '', protocol: socket.getProtocol(), seen: await seen }
  } catch (error) {
    return { client: (error as { code: string }).code, protocol: null, seen: '' }
  } finally {
    socket.destroy()
  }
}

t.test('an authority is made at the first start and kept', async t => {
  const directory = t.testdir({})
  const first = await openAuthority(directory, systemClock)
  const again = await openAuthority(directory, systemClock)
  t.equal(again.certificates, first.certificates)
  t.equal(again.pin, first.pin)
  t.match(first.pin, /^sha256:[0-9a-f]{64}$/)
  t.equal(statSync(join(directory, 'pki/ca.key')).mode & 0o777, 0o600)
  t.equal(statSync(join(directory, 'pki')).mode & 0o777, 0o700)
  t.same(readdirSync(join(directory, 'pki')).sort(), ['ca.crt', 'ca.key'], 'nothing half-written stays')
  const certificate = new X509Certificate(first.certificates)
  t.ok(certificate.ca)
  t.ok(certificate.verify(certificate.publicKey))
  t.not((await openAuthority(t.testdir({ other: {} }), systemClock)).pin, first.pin, 'every collector has its own')
})

t.test('a server certificate is for its names, and a client verifies it by the authority', async t => {
  const authority = await openAuthority(t.testdir({}), systemClock)
  const good = await shake(
    t,
    authority,
    { servername: 'collector.test', minVersion: 'TLSv1.3' },
    authority.certificates,
  )
  t.match(good, { client: '', protocol: 'TLSv1.3', seen: '' })
  const wrongName = await shake(t, authority, { servername: 'other.test' }, authority.certificates)
  t.equal(wrongName.client, 'ERR_TLS_CERT_ALTNAME_INVALID')
  const stranger = await openAuthority(t.testdir({ stranger: {} }), systemClock)
  const wrongAuthority = await shake(t, authority, { servername: 'collector.test' }, stranger.certificates)
  t.match(wrongAuthority.client, /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/)
  const chain = certificatesOf((await authority.issueServer(['a.test'])).certificate)
  t.equal(chain.length, 2, 'the chain ends with the authority')
  t.ok(chain[1] && hasPin(chain[1], authority.pin), 'so that whoever holds its pin can find it')
  t.notOk(chain[0] && hasPin(chain[0], authority.pin))
})

t.test('a host whose clock is a day off verifies the collector all the same', async t => {
  const authority = await openAuthority(t.testdir({}), systemClock)
  const { certificate } = await authority.issueServer(['a.test'])
  for (const shown of certificatesOf(certificate)) {
    t.ok(Date.parse(shown.validFrom) < Date.now() - 86_400_000, `${shown.subject}: a day behind`)
    t.ok(Date.parse(shown.validTo) > Date.now() + 86_400_000, 'and a day ahead')
  }
})

t.test('a client certificate proves the name that the collector gave, whatever the request asked for', async t => {
  const authority = await openAuthority(t.testdir({}), systemClock)
  const { request, key } = await makeSigningRequest('CN=root, O=system:masters')
  const { certificate, serialNumber } = await authority.issueClient(request, 'host-1', 7 * dayMs)
  const client = { servername: 'collector.test', cert: certificate, key }
  t.match(await shake(t, authority, client, authority.certificates), { client: '', seen: 'host-1' })
  const made = new X509Certificate(certificate)
  t.equal(made.subject, 'CN=host-1')
  t.equal(made.serialNumber.toLowerCase(), serialNumber)
  t.same(made.keyUsage, ['1.3.6.1.5.5.7.3.2'], 'it authenticates clients only')
  t.equal(Math.round((Date.parse(made.validTo) - systemClock.now()) / dayMs), 7)
  const other = await authority.issueClient(request, 'host-1', 7 * dayMs)
  t.not(other.serialNumber, serialNumber)
})

t.test('nothing lives longer than the authority', async t => {
  const clock = createFakeClock()
  const directory = t.testdir({})
  await openAuthority(directory, clock)
  await clock.advance((10 * 365 - 3) * dayMs)
  const authority = await openAuthority(directory, clock)
  const { request } = await makeSigningRequest()
  const { certificate } = await authority.issueClient(request, 'host-1', 7 * dayMs)
  t.equal(new X509Certificate(certificate).validTo, new X509Certificate(authority.certificates).validTo)
})

t.test('a signing request that is none is refused with the reason', async t => {
  const authority = await openAuthority(t.testdir({}), systemClock)
  const issue = (bytes: Uint8Array) => authority.issueClient(bytes, 'host-1', dayMs)
  const { request } = await makeSigningRequest()
  await t.rejects(issue(new Uint8Array()), new RequestError('the signing request is not PKCS #10 in DER'))
  await t.rejects(issue(Buffer.from('not DER')), new RequestError('the signing request is not PKCS #10 in DER'))
  await t.rejects(issue(request.slice(0, -20)), RequestError)
  const larger = await makeSigningRequest('CN=x', 'p384')
  await t.rejects(issue(larger.request), new RequestError('the key of the signing request is not P-256'))
  const forged = Uint8Array.from(request)
  const last = forged.length - 1
  forged[last] = (forged[last] ?? 0) ^ 1
  await t.rejects(issue(forged), new RequestError('the signing request is not signed by its own key'))
})

t.test('damage is named, never healed by a new authority', async t => {
  const directory = t.testdir({})
  await openAuthority(directory, systemClock)
  const [certificate, key] = [join(directory, 'pki/ca.crt'), join(directory, 'pki/ca.key')]
  const ownKey = readFileSync(key, 'utf8')
  rmSync(key)
  await t.rejects(openAuthority(directory, systemClock), { code: 'state_directory', message: /ca\.key: is missing/ })
  const { key: strange } = await makeSigningRequest()
  writeFileSync(key, strange)
  await t.rejects(openAuthority(directory, systemClock), { message: /ca\.key: is not the key of the authority/ })
  writeFileSync(key, ownKey)
  writeFileSync(certificate, 'rubbish')
  await t.rejects(openAuthority(directory, systemClock), GabionError)
  rmSync(certificate)
  const made = await openAuthority(directory, systemClock)
  t.equal(
    certificatePin(new X509Certificate(made.certificates)),
    made.pin,
    'a first start that was cut short begins anew',
  )
})
