// Who is told the first administrator's token: a terminal or a file, and in a cluster nobody.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { isSecretOf, parseApiToken } from '../../../collector/auth/access/api-token.ts'
import { ClustersSchema } from '../../../collector/auth/kubernetes/cluster.ts'
import { firstAdminFile, tellFirstAdmin } from '../../../collector/cli/tell-first-admin.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { openDomain } from '../open-domain.ts'

const weekMs = 7 * 86_400_000

async function setUp(t: Test) {
  const { store } = await openDomain(t)
  const dataDir = t.testdir({ data: {} })
  const { log, lines } = recordingLog()
  const clock = createFakeClock()
  const config = { httpHost: '0.0.0.0', insecureLoopback: false, kubernetes: [], dataDir }
  const printed: string[] = []
  const print = (text: string) => void printed.push(text)
  return { store, config, clock, log, lines, print, printed, file: join(dataDir, firstAdminFile) }
}

async function isGood(store: Awaited<ReturnType<typeof setUp>>['store'], text: string): Promise<boolean> {
  const { id = '', secret = '' } = parseApiToken(text.trim()) ?? {}
  return isSecretOf(secret, await store.read.apiToken(id))
}

t.test('a terminal is shown it, once', async t => {
  const { lines, printed, file, ...options } = await setUp(t)
  await tellFirstAdmin(options)
  await tellFirstAdmin(options)
  t.equal(printed.length, 1)
  t.ok(await isGood(options.store, printed[0]?.split('\n')[1] ?? ''))
  t.notOk(existsSync(file))
  t.same(lines, [])
})

t.test('without one it is in a file of its owner, which goes when it is worth nothing any more', async t => {
  const { lines, printed, file, ...options } = await setUp(t)
  await tellFirstAdmin({ ...options, print: undefined })
  const text = readFileSync(file, 'utf8')
  t.ok(await isGood(options.store, text))
  t.equal(statSync(file).mode & 0o777, 0o600)
  t.match(lines, [{ level: 'warn', fields: { file } }])
  t.notOk(JSON.stringify(lines).includes(text.trim()))
  await tellFirstAdmin({ ...options, print: undefined })
  t.equal(readFileSync(file, 'utf8'), text)
  await options.clock.advance(weekMs)
  await tellFirstAdmin({ ...options, print: undefined })
  t.notOk(existsSync(file), 'its time is over')
  t.equal(lines.length, 1)
})

t.test('a token that was revoked, and one of a start that did not end, leave no file', async t => {
  const { lines, printed, file, ...options } = await setUp(t)
  writeFileSync(file, `gabion_${'0'.repeat(10)}_${'0'.repeat(64)}\n`)
  await tellFirstAdmin({ ...options, print: undefined })
  const { id = '' } = parseApiToken(readFileSync(file, 'utf8').trim()) ?? {}
  t.not(id, '0'.repeat(10), 'the one that nobody knows was replaced')
  await options.store.write(transaction => transaction.revokeApiToken(id, 1))
  await tellFirstAdmin({ ...options, print: undefined })
  t.notOk(existsSync(file))
})

t.test('in a cluster, and on loopback, none is made: the log says how', async t => {
  for (const [change, expected] of [
    [{ kubernetes: ClustersSchema.parse(true) }, /api-token create --role admin, or .* gabion-admin/],
    [{ httpHost: '127.0.0.1' }, /nobody can use the API yet: gabion-collector api-token create --role admin/],
  ] as const) {
    const { lines, printed, file, config, ...options } = await setUp(t)
    await tellFirstAdmin({ ...options, config: { ...config, ...change }, print: undefined })
    t.same((await options.store.read.apiTokens({ limit: 9 })).items, [])
    t.notOk(existsSync(file))
    t.match(lines, [{ message: expected }])
  }
})

t.test('where the file cannot be written there is no token that nobody has', async t => {
  const { lines, printed, file, ...options } = await setUp(t)
  mkdirSync(join(`${file}.new`, 'in-the-way'), { recursive: true })
  await tellFirstAdmin({ ...options, print: undefined })
  t.match(lines, [{ level: 'error', message: /api-token create --role admin/ }])
  t.same((await options.store.read.apiTokens({ limit: 9 })).items, [])
})
