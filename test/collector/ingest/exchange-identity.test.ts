// Who may exchange by POST over TLS: those who may have a stream, and nobody else.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import t from 'tap'
import { enroll } from '../../../agent/uplink/enroll.ts'
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import { decodeResponses, encodeRequests, exchangePath, exchangeType } from '../../../proto/exchange.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { helloOf } from '../raw-agent.ts'
import { addToken } from '../raw-enrollment.ts'
import { startTestCollector } from '../start-collector.ts'

const free = { host: '127.0.0.1', port: 0 }

t.test('a certificate in force names the host; without one, or after it was revoked, nobody is heard', async t => {
  const directory = t.testdir({ collector: {}, agent: {} })
  const dataDirectory = join(directory, 'collector')
  const tls = { enrolled: free, names: ['127.0.0.1'] }
  const collector = await startTestCollector(t, { tls, dataDirectory, exchange: free })
  const { pin, certificates: ca } = await openAuthority(dataDirectory, systemClock)
  const secret = (await addToken(collector.store, {})).toString('hex')
  const credential = await enroll({
    target: { endpoint: collector.grpcAddress, pin, tokenId: 'tok1', secret },
    stateDirectory: join(directory, 'agent'),
    attributes: { hostname: 'db-1', machineId: 'm', bootId: 'b' },
    ...{ clock: systemClock, patienceMs: 0, onWait: () => undefined },
  })
  const [host, port] = (collector.exchangeAddress ?? '').split(':')
  const post = async (own: { readonly cert?: string; readonly key?: string }, authorization = '') => {
    const body = encodeRequests([{ hello: helloOf() }])
    const agent = new Agent({ ca, ...own })
    const headers = { 'content-type': exchangeType, 'content-length': body.length, authorization }
    const asked = request({ host, port, agent, headers, method: 'POST', path: exchangePath })
    asked.end(body)
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    const chunks: Buffer[] = []
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk)
    agent.destroy()
    return decodeResponses(Buffer.concat(chunks))[0]
  }
  const { certificates: cert, key, hostId } = credential
  t.equal((await post({ cert, key }))?.welcome?.hostId, hostId, 'whatever host the hello claims')
  t.match(await post({}), { refusal: { code: 'identity' } })
  t.match(await post({}, 'Bearer x'), { refusal: { code: 'identity' } })
  const stranger = await openAuthority(join(directory, 'agent'), systemClock)
  const foreign = await stranger.issueServer(['127.0.0.1'])
  t.match(await post({ cert: foreign.certificate, key: foreign.key }), { refusal: { code: 'identity' } }, 'another CA')
  await collector.store.write(transaction =>
    transaction.setStanding({ hostId, standing: 'revoked', reason: 'stolen', sinceMs: systemClock.now() }),
  )
  t.match(await post({ cert, key }), { refusal: { code: 'identity', detail: /revoked/ } })
  t.equal((await collector.hosts()).length, 1)

  const old = connectTls({ host: host ?? '', port: Number(port), ca, maxVersion: 'TLSv1.2' })
  await t.rejects(once(old, 'secureConnect'), 'TLS 1.2 is not spoken')
})
