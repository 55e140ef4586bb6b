// Enrolling over the real listeners: a token becomes a certificate, a certificate becomes a stream, and nothing else does.
import { credentials, status } from '@grpc/grpc-js'
import t, { type Test } from 'tap'
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { smallState } from '../../small-facet.ts'
import { makeSigningRequest } from '../auth/pki/signing-request.ts'
import { connectRawAgent, helloOf } from '../raw-agent.ts'
import { addToken, enrolledCredentials, enrollmentClient, enrollRequest } from '../raw-enrollment.ts'
import { startTestCollector } from '../start-collector.ts'

async function start(t: Test) {
  const tls = { enrolled: { host: '127.0.0.1', port: 0 }, names: ['127.0.0.1', 'localhost'] }
  const collector = await startTestCollector(t, { tls })
  const authority = await openAuthority(collector.dataDirectory, systemClock)
  const verified = credentials.createSsl(Buffer.from(authority.certificates))
  const client = enrollmentClient(t, collector.grpcAddress, verified)
  const enrolledAddress = collector.enrolledAddress ?? ''
  return { collector, authority, verified, client, enrolledAddress }
}

const refusal = (code: status, details: RegExp) => ({ code, details })

t.test('a token becomes a certificate, and the certificate a stream of that host', async t => {
  const { collector, client, enrolledAddress } = await start(t)
  const secret = await addToken(collector.store, { labels: { role: 'db' } })
  const { request, key } = await makeSigningRequest()
  const answer = await client.enroll(enrollRequest(secret, request))
  t.equal(answer.state, 'STATE_ISSUED')
  const agent = connectRawAgent(t, enrolledAddress, { credentials: enrolledCredentials(answer, key) })
  const welcome = await agent.hello({ hostname: 'db-1', labels: { role: 'web', zone: 'a' } })
  t.equal(welcome.hostId, answer.hostId, 'the host is the one that enrolled, whatever key it names')
  await agent.deliver(1, smallState({ a: 1 }))
  const [host] = await collector.hosts()
  t.match(host, { id: answer.hostId, hostKey: `enrolled:${answer.hostId}`, hostname: 'db-1' })
  t.same(host?.labels, { role: 'db', zone: 'a' }, 'a label of the token goes over one that the host gives itself')
})

t.test('renewing takes a certificate in force, and gives a new one for the same host', async t => {
  const { collector, client, enrolledAddress } = await start(t)
  const secret = await addToken(collector.store)
  const first = await makeSigningRequest()
  const answer = await client.enroll(enrollRequest(secret, first.request))
  const own = enrolledCredentials(answer, first.key)
  const second = await makeSigningRequest()
  const renewed = await enrollmentClient(t, enrolledAddress, own).renew(second.request)
  t.equal(renewed.hostId, answer.hostId)
  const agent = connectRawAgent(t, enrolledAddress, { credentials: enrolledCredentials(renewed, second.key) })
  t.equal((await agent.hello()).hostId, answer.hostId)
  await t.rejects(client.renew(second.request), refusal(status.UNAUTHENTICATED, /client certificate .* is needed/))
})

t.test('a token that is not good for it gives nothing', async t => {
  const { collector, client } = await start(t)
  const { request } = await makeSigningRequest()
  const secret = await addToken(collector.store, { maxUses: 1 })
  const unknown = refusal(status.UNAUTHENTICATED, /not known here/)
  await t.rejects(client.enroll(enrollRequest(Buffer.alloc(32), request)), unknown)
  await t.rejects(client.enroll(enrollRequest(secret, request, { tokenId: 'other' })), unknown)
  const old = await addToken(collector.store, { id: 'old', expiresAtMs: Date.now() - 1 })
  await t.rejects(
    client.enroll(enrollRequest(old, request, { tokenId: 'old' })),
    refusal(status.UNAUTHENTICATED, /expired/),
  )
  const gone = await addToken(collector.store, { id: 'gone', revokedAtMs: 1 })
  await t.rejects(
    client.enroll(enrollRequest(gone, request, { tokenId: 'gone' })),
    refusal(status.UNAUTHENTICATED, /revoked/),
  )
  t.equal((await client.enroll(enrollRequest(secret, request))).state, 'STATE_ISSUED')
  const other = await makeSigningRequest()
  await t.rejects(client.enroll(enrollRequest(secret, other.request)), refusal(status.UNAUTHENTICATED, /used up/))
  t.equal((await collector.hosts()).length, 1)
})

t.test('a request whose answer was lost is answered again, and uses the token once', async t => {
  const { collector, client } = await start(t)
  const secret = await addToken(collector.store, { maxUses: 1 })
  const { request } = await makeSigningRequest()
  const first = await client.enroll(enrollRequest(secret, request))
  const again = await client.enroll(enrollRequest(secret, request))
  t.equal(again.hostId, first.hostId)
  t.equal((await collector.store.read.tokens())[0]?.uses, 1)
  const stranger = await makeSigningRequest()
  const { requestId = '' } = enrollRequest(secret, request)
  await t.rejects(
    client.enroll(enrollRequest(secret, stranger.request, { requestId })),
    refusal(status.INVALID_ARGUMENT, /belongs to another request/),
    'nobody else gets it',
  )
})

t.test('a malformed request uses nothing', async t => {
  const { collector, client } = await start(t)
  const secret = await addToken(collector.store)
  const { request } = await makeSigningRequest()
  const enroll = (change: object) => client.enroll(enrollRequest(secret, request, change))
  const malformed = (details: RegExp) => refusal(status.INVALID_ARGUMENT, details)
  await t.rejects(enroll({ signingRequest: Buffer.from('x') }), malformed(/not PKCS #10/))
  await t.rejects(enroll({ requestId: '../../x' }), malformed(/requestId is not of the form/))
  await t.rejects(enroll({ hostname: 'x'.repeat(256) }), malformed(/hostname is longer than 255/))
  await t.rejects(enroll({ hostname: 'a\0' }), malformed(/hostname has a NUL/))
  await t.rejects(enroll({ agentVersion: '' }), malformed(/agentVersion/))
  t.equal((await collector.store.read.tokens())[0]?.uses, 0)
  t.same(await collector.hosts(), [])
})

t.test('where approval is wanted, a host waits for it', async t => {
  const { collector, client } = await start(t)
  const secret = await addToken(collector.store, { needsApproval: true })
  const [good, bad] = [await makeSigningRequest(), await makeSigningRequest()]
  const ask = ({ request }: typeof good) => client.enroll(enrollRequest(secret, request))
  const waiting = await ask(good)
  t.match(waiting, { state: 'STATE_PENDING', hostId: '', certificateChain: [] })
  t.ok(waiting.retryAfterMs > 0)
  t.equal((await ask(bad)).state, 'STATE_PENDING')
  const desk = collector.desk
  const { requestId = '' } = enrollRequest(secret, good.request)
  t.match(await desk?.decide(requestId, true), { state: 'issued' })
  t.equal(await desk?.decide(requestId, true), undefined, 'decided once')
  await desk?.decide(enrollRequest(secret, bad.request).requestId ?? '', false)
  t.equal((await ask(good)).state, 'STATE_ISSUED')
  await t.rejects(ask(bad), refusal(status.PERMISSION_DENIED, /refused this host/))
})

t.test('a revoked credential, a host in bad standing and a stranger open no stream', async t => {
  const { collector, client, verified, enrolledAddress } = await start(t)
  const secret = await addToken(collector.store)
  const { request, key } = await makeSigningRequest()
  const answer = await client.enroll(enrollRequest(secret, request))
  const own = enrolledCredentials(answer, key)
  const refusedWith = async (address: string, channel: typeof own) => {
    const agent = connectRawAgent(t, address, { credentials: channel })
    agent.send({ hello: helloOf() })
    return agent.expect('refusal')
  }
  t.match(await refusedWith(collector.grpcAddress, verified), { code: 'identity', detail: /enrolls hosts/ })
  const { hostId } = answer
  const standing = { hostId, standing: 'quarantined', reason: 'two machines used it', sinceMs: 1 } as const
  await collector.store.write(transaction => transaction.setStanding(standing))
  t.match(await refusedWith(enrolledAddress, own), {
    code: 'identity',
    detail: 'the host is quarantined: two machines used it',
  })
  await collector.store.write(transaction => transaction.setStanding({ ...standing, standing: 'active', reason: '' }))
  await collector.store.write(transaction => transaction.revokeCredentials(hostId, Date.now()))
  t.match(await refusedWith(enrolledAddress, own), { code: 'identity', detail: /was revoked/ })
  const anonymous = connectRawAgent(t, enrolledAddress, { credentials: verified })
  anonymous.send({ hello: helloOf() })
  await t.rejects(anonymous.next(), /the stream is over: /, 'without a certificate TLS itself says no')
})

t.test('a storm of enrollments is put off with a time to come back', async t => {
  const { collector, client } = await start(t)
  const secret = await addToken(collector.store)
  const tries = await Promise.all(
    Array.from({ length: 300 }, () =>
      client.enroll(enrollRequest(secret, new Uint8Array([1]))).then(
        () => undefined,
        error => error,
      ),
    ),
  )
  const putOff = tries.filter(error => error.code === status.RESOURCE_EXHAUSTED)
  t.ok(putOff.length >= 20 && putOff.length <= 250, `${putOff.length} of 300`)
  t.ok(Number(putOff[0].metadata.get('retry-after-ms')[0]) > 0)
})

async function enrolled(t: Test) {
  const started = await start(t)
  const secret = await addToken(started.collector.store)
  const { request, key } = await makeSigningRequest()
  const answer = await started.client.enroll(enrollRequest(secret, request))
  const connect = () => connectRawAgent(t, started.enrolledAddress, { credentials: enrolledCredentials(answer, key) })
  return { ...started, hostId: answer.hostId, connect }
}

t.test('one credential on two living machines quarantines the host and ends both', async t => {
  const { collector, hostId, connect } = await enrolled(t)
  const [one, two] = [connect(), connect()]
  await one.hello({ bootId: 'boot-1' })
  two.send({ hello: helloOf({ bootId: 'boot-2' }) })
  t.same(await one.expect('ping'), {}, 'the first is asked whether it lives')
  one.send({ heartbeat: { hostDigest: Buffer.alloc(32), clockMs: Date.now() } })
  t.match(await two.expect('refusal'), { code: 'quarantined', detail: /two machines .* boots boot-1 and boot-2/ })
  await one.expect('heartbeatReply')
  t.match(await one.expect('refusal'), { code: 'quarantined' })
  t.match(await collector.store.read.standing(hostId), { standing: 'quarantined', reason: /boots boot-1 and boot-2/ })
  const third = connect()
  third.send({ hello: helloOf({ bootId: 'boot-2' }) })
  t.match(await third.expect('refusal'), { code: 'identity', detail: /is quarantined/ })
})

t.test('a reboot is no clone: the stream that it left behind does not answer', async t => {
  const { collector, hostId, connect } = await enrolled(t)
  const [before, after] = [connect(), connect()]
  await before.hello({ bootId: 'boot-1' })
  after.send({ hello: helloOf({ bootId: 'boot-2' }) })
  await before.expect('ping')
  before.close()
  t.equal((await after.expect('welcome')).hostId, hostId)
  t.match(await collector.store.read.standing(hostId), { standing: 'active' })
})

t.test('the same boot that connects again only replaces its stream', async t => {
  const { collector, hostId, connect } = await enrolled(t)
  const [one, two] = [connect(), connect()]
  await one.hello({ bootId: 'boot-1' })
  await two.hello({ bootId: 'boot-1' })
  t.match(await one.expect('refusal'), { code: 'replaced' })
  t.match(await collector.store.read.standing(hostId), { standing: 'active' })
})

t.test('revoking a host ends its stream, whoever wrote it', async t => {
  const { collector, hostId, connect } = await enrolled(t)
  const agent = connect()
  await agent.hello({ bootId: 'boot-1' })
  const standing = { hostId, standing: 'revoked', reason: 'stolen', sinceMs: Date.now() } as const
  await collector.store.write(transaction => transaction.setStanding(standing))
  t.match(await agent.expect('refusal'), { code: 'revoked' })
})
