// How the API is reached: over TLS or not at all beyond loopback, by its own names, with the metrics beside it.
import { readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { connect } from 'node:tls'
import t from 'tap'
import { openHttpServer } from '../../collector/api/http-server.ts'
import { openAuthority } from '../../collector/auth/pki/authority.ts'
import { certificateFromFiles } from '../../collector/auth/pki/server-certificate.ts'
import type { ApiAccess } from '../../collector/open-api.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'
import { runBin } from '../run-bin.ts'
import { startApiCollector } from './api/api-users.ts'
import { ask } from './api/request.ts'
import { startTestCollector } from './start-collector.ts'

const closed: ApiAccess = { isOpen: false, names: ['gabion.example'] }
const everywhere = { host: '0.0.0.0', port: 0 }
const own = { minVersion: 'TLSv1.3', certificate: 'own' } as const
const portOf = (address: string) => Number(address.split(':').at(-1))

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

function askTls(port: number, ca: string, path: string, headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const checkServerIdentity = () => undefined
    const sent = request(
      { host: '127.0.0.1', port, path, ca, headers, checkServerIdentity, agent: false },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', chunk => {
          text += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      },
    )
    sent.on('error', reject).end()
  })
}

t.test('beyond loopback the API is not served in the clear, nor to whoever asks', async t => {
  const start = (api: ApiAccess) => startTestCollector(t, { http: everywhere, api })
  await t.rejects(start(closed), { code: 'config', message: /0\.0\.0\.0:0: without TLS: loopback addresses only/ })
  await t.rejects(start({ ...closed, isOpen: true }), { code: 'config', message: /asks nobody who it is/ })
  await t.rejects(start({ ...closed, isOpen: true, tls: own }), { code: 'config', message: /asks nobody who it is/ })
  await t.rejects(start({ ...closed, isOpen: true, isBehindProxy: true }), { code: 'config' })
})

t.test('over TLS it is known by the CA of the collector alone', async t => {
  const collector = await startApiCollector(t, { http: everywhere, api: { ...closed, tls: own } })
  const port = portOf(collector.httpAddress)
  const authority = await openAuthority(t.testdir({}), systemClock)
  await t.rejects(askTls(port, authority.certificates, '/healthz'), 'another CA knows it not')
})

t.test('names of the API', async t => {
  const api = { ...closed, names: ['gabion.example', '127.0.0.1'], tls: own }
  const collector = await startApiCollector(t, { http: everywhere, api })
  const port = portOf(collector.httpAddress)
  const ca = readFileSync(join(collector.dataDirectory, 'pki', 'ca.crt'), 'utf8')
  const authorization = `Bearer ${collector.tokens.viewer}`
  const status = async (host: string) => (await askTls(port, ca, '/api/v1/summary', { host, authorization })).status
  for (const name of ['gabion.example', `GABION.example:${port}`, '192.0.2.7:8080', '[2001:db8::1]', 'localhost']) {
    t.equal(await status(name), 200, name)
  }
  for (const name of ['evil.example', 'gabion.example.evil.example', '127.0.0.1.nip.io']) {
    t.equal(await status(name), 421, name)
  }
  const reply = await askTls(port, ca, '/healthz')
  t.match(reply, { status: 200, headers: { 'strict-transport-security': /^max-age=31536000/ } })
  t.match(reply.headers, { 'content-security-policy': /default-src 'none'/, 'x-content-type-options': 'nosniff' })
  const version = await negotiated(port, ca, { maxVersion: 'TLSv1.3' })
  t.equal(version, 'TLSv1.3')
  await t.rejects(negotiated(port, ca, { maxVersion: 'TLSv1.2' }), 'nothing less')
})

function negotiated(port: number, ca: string, versions: { readonly maxVersion: 'TLSv1.2' | 'TLSv1.3' }) {
  return new Promise<string | null>((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca, ...versions }, () => {
      resolve(socket.getProtocol())
      socket.end()
    })
    socket.on('error', reject)
  })
}

t.test('over TLS the cookie of a login is bound to the very name and to TLS', async t => {
  const api = { ...closed, names: ['127.0.0.1'], tls: { ...own, minVersion: 'TLSv1.2' } } as const
  const collector = await startApiCollector(t, { api })
  const ca = readFileSync(join(collector.dataDirectory, 'pki', 'ca.crt'), 'utf8')
  const port = portOf(collector.httpAddress)
  t.equal(await negotiated(port, ca, { maxVersion: 'TLSv1.2' }), 'TLSv1.2', 'where somebody asked for it')
  const body = JSON.stringify({ token: collector.tokens.viewer })
  const reply = await new Promise<Reply>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, ca, path: '/api/v1/session', method: 'POST', agent: false } as const
    const headers = { 'content-type': 'application/json' }
    const sent = request({ ...options, headers }, response => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text: '' })
    })
    sent.on('error', reject).end(body)
  })
  t.equal(reply.status, 201)
  t.match(
    [reply.headers['set-cookie']].flat()[0],
    /^__Host-gabion-session=[\w-]{43}; Path=\/; .*HttpOnly; SameSite=Strict; Secure$/,
  )
})

t.test('a certificate from files is read again without a restart', async t => {
  const directory = t.testdir({})
  const authority = await openAuthority(directory, systemClock)
  const files = { certificate: join(directory, 'tls.crt'), key: join(directory, 'tls.key') }
  const write = async (name: string) => {
    const pair = await authority.issueServer([name, '127.0.0.1'])
    writeFileSync(files.certificate, pair.certificate)
    writeFileSync(files.key, pair.key)
  }
  await write('one.example')
  const certificate = await certificateFromFiles(files, systemClock, silentLog)
  const listener = (_: unknown, response: { end(text: string): void }) => response.end('hello')
  const server = await openHttpServer({ host: '127.0.0.1', port: 0 }, listener, { certificate, minVersion: 'TLSv1.3' })
  t.teardown(() => server.close(0))
  const names = () => namesOf(portOf(server.address), authority.certificates)
  t.match(await names(), /one\.example/)
  await write('two.example')
  await certificate.refresh()
  t.match(await names(), /two\.example/)
})

function namesOf(port: number, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca }, () => {
      resolve(socket.getPeerCertificate().subjectaltname ?? '')
      socket.end()
    })
    socket.on('error', reject)
  })
}

t.test('behind a proxy its word is taken for where requests come from, and browsers are told of TLS', async t => {
  const collector = await startApiCollector(t, { http: everywhere, api: { ...closed, isBehindProxy: true } })
  const address = `127.0.0.1:${portOf(collector.httpAddress)}`
  const headers = {
    ...{ 'content-type': 'application/json', host: 'gabion.example', origin: 'https://gabion.example' },
    ...{ 'x-forwarded-for': '192.0.2.1, 198.51.100.7', 'x-forwarded-proto': 'https' },
  }
  const body = JSON.stringify({ token: collector.tokens.admin })
  const reply = await ask(address, '/api/v1/session', { method: 'POST', headers, body })
  t.match(reply, { status: 201, headers: { 'strict-transport-security': /max-age/ } })
  t.match(String(reply.headers['set-cookie']), /^__Host-gabion-session=.*; Secure$/)
  const authorization = `Bearer ${collector.tokens.admin}`
  const audit = await ask(address, '/api/v1/audit?limit=1', { headers: { host: 'gabion.example', authorization } })
  t.match(JSON.parse(audit.text).items, [{ address: '198.51.100.7' }], 'the last hop, which the proxy itself wrote')
})

t.test('metrics are told with a token of the whole fleet, or on a port of their own', async t => {
  const api = { ...closed, metrics: { host: '127.0.0.1', port: 0 } }
  const collector = await startApiCollector(t, { api })
  t.equal((await ask(collector.httpAddress, '/metrics')).status, 401)
  t.match(await collector.askAs('viewer', '/metrics'), { status: 200, text: /gabion_hosts/ })
  t.equal((await collector.askAs('viewer of role=db', '/metrics')).status, 403)
  const own = collector.metricsAddress ?? ''
  t.match(await ask(own, '/metrics'), { status: 200, text: /gabion_hosts/ })
  t.equal((await ask(own, '/healthz')).status, 200)
  for (const path of ['/api/v1/hosts', '/', '/api/v1/summary', '/login']) {
    t.equal((await ask(own, path)).status, 404, path)
  }
})

t.test('ready asks over TLS as the configuration says', async t => {
  const collector = await startApiCollector(t, { api: { ...closed, names: ['127.0.0.1'], tls: own } })
  const config = join(collector.dataDirectory, 'collector.yaml')
  const settings = { httpTls: true, httpPort: portOf(collector.httpAddress), dataDir: collector.dataDirectory }
  writeFileSync(config, JSON.stringify(settings))
  t.match(await runBin('collector', ['ready', '--config', config]), { code: 0, stdout: 'ready\n', stderr: '' })
  t.match(await runBin('collector', ['ready', '--alive', '--config', config]), { code: 0, stdout: 'alive\n' })
  writeFileSync(config, JSON.stringify({ ...settings, dataDir: join(collector.dataDirectory, 'other') }))
  t.match(await runBin('collector', ['ready', '--config', config]), { code: 1, stderr: /ca\.crt: cannot be read/ })
  writeFileSync(config, JSON.stringify({ ...settings, httpTls: false }))
  t.match(await runBin('collector', ['ready', '--config', config]), { code: 1 })
})
