// Enrolling and renewing with a real collector: pinned, resumed after a crash, and never by a wrong anchor.
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { enrolledChannel, enrolledCredentials, tokenChannel } from '../../../agent/uplink/channel.ts'
import { lifeOf, readCredential } from '../../../agent/uplink/credential-file.ts'
import { enroll, renew } from '../../../agent/uplink/enroll.ts'
import { keepCredential } from '../../../agent/uplink/renewal.ts'
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import type { StoredToken } from '../../../collector/store/identity-records.ts'
import { systemClock } from '../../../runtime/clock.ts'
import type { EnrollmentString } from '../../../runtime/enrollment-string.ts'
import { silentLog } from '../../../runtime/log.ts'
import { connectRawAgent } from '../../collector/raw-agent.ts'
import { addToken } from '../../collector/raw-enrollment.ts'
import { startTestCollector } from '../../collector/start-collector.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'

const attributes = { hostname: 'db-1', machineId: 'm', bootId: 'b' }

async function start(t: Test, token: Partial<StoredToken> = {}) {
  const directory = t.testdir({ collector: {}, agent: {}, stranger: {} })
  const tls = { enrolled: { host: '127.0.0.1', port: 0 }, names: ['127.0.0.1'] }
  const collector = await startTestCollector(t, { tls, dataDirectory: join(directory, 'collector') })
  const { pin, certificates } = await openAuthority(join(directory, 'collector'), systemClock)
  const secret = (await addToken(collector.store, token)).toString('hex')
  const target: EnrollmentString = { endpoint: collector.grpcAddress, pin, tokenId: 'tok1', secret }
  const stateDirectory = join(directory, 'agent')
  const waits: string[] = []
  const run = (change: Partial<EnrollmentString> = {}, patienceMs = 0) =>
    enroll({
      ...{ target: { ...target, ...change }, stateDirectory, attributes, clock: systemClock, patienceMs },
      onWait: reason => waits.push(reason),
    })
  /** Tests take any port for the second listener, agents the usual one. */
  const usePort = () => {
    const path = join(stateDirectory, 'credential.json')
    const text = readFileSync(path, 'utf8').replace('127.0.0.1:50052', collector.enrolledAddress ?? '')
    writeFileSync(path, text)
  }
  return { directory, collector, certificates, stateDirectory, run, usePort, waits }
}

t.test('an enrolled host has a key of its own, a certificate, and the collector’s CA as its only anchor', async t => {
  const { collector, stateDirectory, run, usePort } = await start(t)
  const credential = await run()
  t.equal(credential.endpoint, '127.0.0.1:50052', 'without a word from the collector: its usual port')
  t.equal(statSync(join(stateDirectory, 'credential.json')).mode & 0o777, 0o600)
  t.same(readdirSync(stateDirectory), ['credential.json'], 'the request is gone')
  t.equal(new X509Certificate(credential.certificates).subject, `CN=${credential.hostId}`)
  usePort()
  const { address, credentials } = enrolledChannel(stateDirectory)()
  const agent = connectRawAgent(t, address, { credentials })
  t.equal((await agent.hello()).hostId, credential.hostId)
  t.equal((await collector.hosts()).length, 1)
})

t.test('a collector with another key than the pinned one gets nothing', async t => {
  const { collector, stateDirectory, run } = await start(t)
  await t.rejects(run({ pin: `sha256:${'0'.repeat(64)}` }), {
    code: 'uplink',
    message: /is not the collector that made the enrollment string \(none of its 2 certificates has the pinned key\)/,
  })
  t.same(readdirSync(stateDirectory), [])
  t.equal((await collector.store.read.tokens())[0]?.uses, 0)
})

t.test('what the collector says is told', async t => {
  const { run } = await start(t, { maxUses: 0 })
  await t.rejects(run(), { code: 'uplink', message: /was for 0 uses and is used up/ })
  await t.rejects(run({ secret: 'ff'.repeat(32) }), { message: /not known here/ })
  await t.rejects(run({ endpoint: '127.0.0.1:1' }), { code: 'uplink', message: /127\.0\.0\.1:1: .*ECONNREFUSED/ })
})

t.test('a host that waits for approval goes on with the same request, also in another process', async t => {
  const { collector, stateDirectory, run, waits } = await start(t, { needsApproval: true })
  await t.rejects(run(), { message: /waits for somebody to approve this host; run the same command again/ })
  const kept = readFileSync(join(stateDirectory, 'enrollment.json'), 'utf8')
  await t.rejects(run(), { message: /approve this host/ })
  t.equal(readFileSync(join(stateDirectory, 'enrollment.json'), 'utf8'), kept)
  t.notMatch(kept, /secret/i)
  const [waiting] = await collector.store.read.enrollments({ state: 'pending' })
  t.match(waiting, { hostname: 'db-1', requestId: JSON.parse(kept).requestId })
  await collector.desk?.decide(waiting?.requestId ?? '', true)
  const credential = await run()
  t.equal((await collector.hosts())[0]?.id, credential.hostId)
  t.equal((await collector.store.read.tokens())[0]?.uses, 1)
  t.same(waits, [], 'without patience nobody is told of waiting')
})

t.test('a crash before the credential was written costs no second use of the token', async t => {
  const { collector, stateDirectory, run } = await start(t, { maxUses: 1, needsApproval: true })
  await t.rejects(run(), { message: /approve/ })
  const pending = readFileSync(join(stateDirectory, 'enrollment.json'))
  await collector.desk?.decide(JSON.parse(String(pending)).requestId, true)
  const first = await run()
  rmSync(join(stateDirectory, 'credential.json'))
  writeFileSync(join(stateDirectory, 'enrollment.json'), pending)
  const again = await run()
  t.equal(again.hostId, first.hostId)
  t.equal(again.key, first.key)
})

t.test('renewing replaces key and certificate, and the host stays the same', async t => {
  const { stateDirectory, run, usePort } = await start(t)
  await run()
  usePort()
  const before = readCredential(stateDirectory)
  if (!before) throw new Error('not enrolled')
  const after = await renew(before, stateDirectory)
  t.equal(after.hostId, before.hostId)
  t.not(after.key, before.key)
  t.same(readCredential(stateDirectory), after)
  const { address, credentials } = enrolledChannel(stateDirectory)()
  t.equal((await connectRawAgent(t, address, { credentials }).hello()).hostId, before.hostId)
})

t.test('it is renewed at two thirds of its life, and tried again when that fails', async t => {
  const { stateDirectory, run, usePort } = await start(t)
  await run()
  usePort()
  const credential = readCredential(stateDirectory)
  if (!credential) throw new Error('not enrolled')
  const { renewAtMs, endsAtMs } = lifeOf(credential)
  const clock = createFakeClock(renewAtMs - 3_600_000)
  const stop = new AbortController()
  const tries: number[] = []
  const kept = keepCredential(
    {
      ...{ stateDirectory, clock, log: silentLog, random: () => 0 },
      renew: async before => {
        tries.push(clock.now())
        if (tries.length < 3) throw new Error('unavailable')
        clock.now = () => renewAtMs - 7 * 86_400_000
        return before
      },
    },
    stop.signal,
  )
  await settle()
  t.same(tries, [])
  await clock.advance(3_600_000)
  await clock.advance(60_000)
  await clock.advance(120_000)
  t.same(tries, [renewAtMs, renewAtMs + 60_000, renewAtMs + 180_000])
  t.ok(renewAtMs > 0 && endsAtMs > renewAtMs)
  stop.abort()
  await kept
})

t.test('damaged files are named, and never quoted', async t => {
  const { stateDirectory, run } = await start(t)
  await run()
  const path = join(stateDirectory, 'credential.json')
  const whole = readFileSync(path, 'utf8')
  for (const damage of ['', '{', whole.slice(0, -40), whole.replace('"hostId"', '"hostID"'), '"x"']) {
    writeFileSync(path, damage)
    t.throws(() => readCredential(stateDirectory), {
      code: 'state_directory',
      message: `${path}: is damaged; remove it and enroll this host again`,
    })
  }
  writeFileSync(path, JSON.stringify({ ...JSON.parse(whole), certificates: 'rubbish' }))
  t.throws(() => readCredential(stateDirectory), { message: /holds no certificate/ })
  rmSync(path)
  t.throws(() => enrolledChannel(stateDirectory)(), { code: 'uplink', message: /is not enrolled/ })
})

t.test('a projected token is read anew for every connection', async t => {
  const { certificates } = await start(t)
  const directory = t.testdir({ token: 'one\n', 'ca.crt': certificates, 'no.crt': 'x', 'bad-token': 'a b' })
  const path = (name: string) => join(directory, name)
  const open = tokenChannel('collector:50051', path('token'), path('ca.crt'))
  t.equal(open().authorization, 'Bearer one')
  writeFileSync(path('token'), 'two')
  t.equal(open().authorization, 'Bearer two')
  t.throws(tokenChannel('c:1', path('none'), path('ca.crt')), {
    code: 'uplink',
    message: /none: cannot be read \(ENOENT\)/,
  })
  t.throws(tokenChannel('c:1', path('bad-token'), path('ca.crt')), { message: /bad-token: holds no token/ })
  t.throws(tokenChannel('c:1', path('token'), path('no.crt')), { message: /no\.crt: holds no certificate/ })
})

t.test('a collector with a certificate from elsewhere is verified by the CA that issued it', async t => {
  const directory = t.testdir({ elsewhere: {}, collector: {}, agent: {} })
  const elsewhere = await openAuthority(join(directory, 'elsewhere'), systemClock)
  const { certificate, key } = await elsewhere.issueServer(['127.0.0.1'])
  const [crt, keyFile, ca] = ['tls.crt', 'tls.key', 'ca.crt'].map(name => join(directory, name))
  writeFileSync(crt ?? '', certificate)
  writeFileSync(keyFile ?? '', key)
  writeFileSync(ca ?? '', elsewhere.certificates)
  const files = { certificate: crt ?? '', key: keyFile ?? '' }
  const tls = { enrolled: { host: '127.0.0.1', port: 0 }, names: [], files, ...(ca && { authoritiesFile: ca }) }
  const collector = await startTestCollector(t, { tls, dataDirectory: join(directory, 'collector') })
  const secret = (await addToken(collector.store)).toString('hex')
  const target = { endpoint: collector.grpcAddress, pin: elsewhere.pin, tokenId: 'tok1', secret }
  const options = { target, stateDirectory: join(directory, 'agent'), attributes, clock: systemClock, patienceMs: 0 }
  const credential = await enroll({ ...options, onWait: () => undefined })
  t.equal(credential.authorities.trim(), elsewhere.certificates.trim())
  const credentials = enrolledCredentials(credential)
  const agent = connectRawAgent(t, collector.enrolledAddress ?? '', { credentials })
  t.equal((await agent.hello()).hostId, credential.hostId)
})
