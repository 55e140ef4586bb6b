// What operators do with a PostgreSQL database by its own tools, as the guide says it, and the oldest version that is tested.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import { checkStore } from '../../collector/store/look-after.ts'
import { openDomain } from '../collector/open-domain.ts'
import { storeSuite } from '../collector/store/store-suite.ts'
import { startDebianPostgres, whyNoDebianPostgres } from '../debian-postgres.ts'
import { documentedLine } from '../documented-line.ts'
import { startSmallUplink } from '../small-uplink.ts'
import { skipFull } from '../tools.ts'
import { isComplete } from '../whole/history.ts'
import { startBalancer } from '../whole/replica/balancer.ts'
import { keepChanging, stored } from '../whole/replica/changing-host.ts'
import { makeReplica, until } from '../whole/replica/make-replica.ts'

const guide = 'docs/high-availability.md'

t.setTimeout(600_000)
const skip = skipFull() || whyNoDebianPostgres()
if (skip) t.plan(0, skip)
else {
  const server = await startDebianPostgres(t)
  t.comment(`PostgreSQL ${server.version}`)
  t.test('a dump of a database that is in use is restored, and agents tell the rest again', { timeout: 300_000 }, t =>
    dumpAndRestore(t, server),
  )
  storeSuite(t, async (t, options) => openDomain(t, { ...options, database: await server.database() }))
}

async function dumpAndRestore(t: Test, server: Awaited<ReturnType<typeof startDebianPostgres>>): Promise<void> {
  const [url, restored] = [await server.database(), await server.database()]
  const root = t.testdir({ agent: {}, dumps: {} })
  const run = (line: string, DATABASE_URL: string) =>
    execFileSync('sh', ['-euc', line], {
      ...{ cwd: join(root, 'dumps'), env: { PATH: `${server.bin}:${process.env['PATH']}`, DATABASE_URL } },
    })
  const collector = await makeReplica(t, join(root, 'before'), url)
  await collector.start()
  const balancer = await startBalancer(t, collector.grpc)
  const uplink = startSmallUplink({ directory: join(root, 'agent'), openChannel: plaintextChannel(balancer.address) })
  const flow = keepChanging(uplink)
  const states = async () => (await stored(locationOf(url))).history.rows.length
  await until(async () => (await states()) > 20, 'changes come')
  run(documentedLine(guide, 'pg_dump '), url)
  const atDump = await states()
  await until(async () => (await states()) > atDump + 20, 'more comes after the dump')
  const last = await flow.end()
  await until(async () => uplink.outbox.size === 0, 'everything is acknowledged')
  t.same(await collector.kill('SIGTERM'), [0, null])

  run(documentedLine(guide, 'pg_restore '), restored)
  const location = locationOf(restored)
  t.same((await checkStore(location)).problems, [])
  const { history, drift } = await stored(location)
  t.ok(history.rows.length >= 20 && history.rows.length <= atDump, `${history.rows.length} of ${atDump} states`)
  t.equal(history.rows[0]?.value, 1, 'from the first change on')
  isComplete(t, history)
  t.same(drift, (await stored(locationOf(url))).drift.slice(0, drift.length), 'the same drift')

  const again = await makeReplica(t, join(root, 'after'), restored)
  await again.start()
  balancer.choose(again.grpc)
  const newest = async () => (await stored(location)).history.rows.at(-1)?.value
  await until(async () => (await newest()) === last, 'the agent offers again what there is')
  t.equal(await newest(), last, 'the agent offers again what it told after the dump')
  await uplink.stop()
  t.same(await again.kill('SIGTERM'), [0, null])
  t.same((await checkStore(location)).problems, [])
}

const locationOf = (url: string) => ({ kind: 'postgres', url, passwordFile: '' }) as const
