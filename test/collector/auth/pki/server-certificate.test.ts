// The server certificate: renewed before it ends, taken over from files that change, kept when the new one is no use.
import { X509Certificate } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openAuthority } from '../../../../collector/auth/pki/authority.ts'
import { certificateFromFiles, ownCertificate } from '../../../../collector/auth/pki/server-certificate.ts'
import { type Fields, type Log, silentLog } from '../../../../runtime/log.ts'
import { createFakeClock, settle } from '../../../fake-clock.ts'

const dayMs = 86_400_000

t.test('an own certificate is new at two thirds of its life', async t => {
  const clock = createFakeClock()
  const authority = await openAuthority(t.testdir({}), clock)
  const server = await ownCertificate(authority, ['collector.test'], clock, silentLog)
  const first = server.current
  const told: string[] = []
  const end = server.onChange(pair => told.push(pair.certificate))
  await clock.advance(59 * dayMs)
  await server.refresh()
  t.equal(server.current, first)
  await clock.advance(2 * dayMs)
  await server.refresh()
  t.not(server.current.certificate, first.certificate)
  t.same(told, [server.current.certificate])
  const made = new X509Certificate(server.current.certificate)
  t.equal(made.subjectAltName, 'DNS:collector.test')
  t.ok(Date.parse(made.validTo) > clock.now() + 89 * dayMs)
  end()
  await clock.advance(61 * dayMs)
  await server.refresh()
  t.equal(told.length, 1, 'who left is not told')
})

t.test('files that were replaced are taken over, once, and only when they fit', async t => {
  const clock = createFakeClock()
  const authority = await openAuthority(t.testdir({}), clock)
  const [one, two] = [await authority.issueServer(['one.test']), await authority.issueServer(['two.test'])]
  const directory = t.testdir({ 'tls.crt': one.certificate, 'tls.key': one.key })
  const files = { certificate: join(directory, 'tls.crt'), key: join(directory, 'tls.key') }
  const said: string[] = []
  const log: Log = { ...silentLog, error: (_: string, fields?: Fields) => said.push(String(fields?.['reason'])) }
  const server = await certificateFromFiles(files, clock, log)
  let changes = 0
  server.onChange(() => changes++)
  const stop = new AbortController()
  const kept = server.keep(stop.signal)
  await clock.advance(60_000)
  t.equal(changes, 0, 'the same files are no news')

  writeFileSync(files.certificate, two.certificate)
  await clock.advance(60_000)
  await clock.advance(60_000)
  t.same(said, [`${files.key}: is not the key of ${files.certificate}`], 'half a change is told once and not taken')
  t.equal(server.current.certificate, one.certificate)

  writeFileSync(files.key, two.key)
  await clock.advance(60_000)
  t.equal(changes, 1)
  t.equal(server.current.certificate, two.certificate)

  writeFileSync(files.certificate, 'rubbish')
  await clock.advance(60_000)
  t.match(said.at(-1), /there is no certificate in it/)
  t.equal(server.current.certificate, two.certificate)
  stop.abort()
  await settle()
  await kept
})

t.test('files that cannot be used at the start are one clear error', async t => {
  const clock = createFakeClock()
  const authority = await openAuthority(t.testdir({}), clock)
  const { certificate, key } = await authority.issueServer(['a.test'])
  const directory = t.testdir({ 'tls.crt': certificate, 'tls.key': key, 'bad.key': 'rubbish' })
  const open = (cert: string, keyFile: string) =>
    certificateFromFiles({ certificate: join(directory, cert), key: join(directory, keyFile) }, clock, silentLog)
  await t.rejects(open('none.crt', 'tls.key'), { code: 'config', message: /none\.crt: cannot be read \(ENOENT\)/ })
  await t.rejects(open('tls.crt', 'bad.key'), { code: 'config', message: /bad\.key: / })
  await t.rejects(open('tls.key', 'tls.key'), { code: 'config', message: /there is no certificate in it/ })
})
