// An agent changes all the time while a collector of today takes over a database of the first schema with much in it, and
// is killed in the midst of that: the agent holds what changed, and nothing is lost. On PostgreSQL two start at once.
import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import { databasePath } from '../../collector/data-directory.ts'
import { checkStore } from '../../collector/store/look-after.ts'
import { patiently } from '../../collector/store/postgres/open-client.ts'
import { databaseOn } from '../../collector/store/postgres/postgres-connection.ts'
import { openWriter } from '../../collector/store/sqlite/open-database.ts'
import { systemClock } from '../../runtime/clock.ts'
import { startSmallUplink } from '../small-uplink.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { isComplete } from './history.ts'
import { locationOf, type Place, putOld } from './kill-database/prepare.ts'
import { startBalancer } from './replica/balancer.ts'
import { keepChanging, stored } from './replica/changing-host.ts'
import { makeReplica, type Replica, until } from './replica/make-replica.ts'

t.setTimeout(600_000)

const more = 20_000
const sinceMs = systemClock.now() - more

/** So that migrations that move rows take a while. */
async function putMuch({ directory, url }: Place): Promise<void> {
  if (url === '') {
    const handle = openWriter(databasePath(directory))
    handle.exec(`with recursive n (n) as (select 1 union all select n + 1 from n where n < ${more})
      insert into drift (host_no, kind, subject, change, field, text, before, after, at, received_at)
      select 1, 'fact', 'ports', 'added', 'f', 'text ' || n, '', '', ${sinceMs} + n, ${sinceMs} + n from n`)
    handle.close()
    return
  }
  await patiently({ url }, client =>
    sql`insert into drift (host_no, kind, subject, change, field, text, before, after, at, received_at)
      select 1, 'fact', 'ports', 'added', 'f', 'text ' || n, '', '', ${sql.lit(sinceMs)} + n, ${sql.lit(sinceMs)} + n
      from generate_series(1, ${sql.lit(more)}) as n`.execute(databaseOn(client)),
  )
}

async function takesOver(t: Test, place: Place, replicas: readonly [Replica, ...Replica[]]): Promise<void> {
  await putOld(place, 1)
  await putMuch(place)
  const [first] = replicas
  const balancer = await startBalancer(t, first.grpc)
  const uplink = startSmallUplink({
    directory: join(place.directory, 'agent'),
    openChannel: plaintextChannel(balancer.address),
  })
  const flow = keepChanging(uplink, 400)
  await until(async () => uplink.outbox.size > 10, 'changes wait')
  await first.startAndKillAt(/migration 9: \d+ rows/)
  t.equal(uplink.outbox.acknowledged, 0, 'nobody takes what changes while tables change')
  await Promise.all(replicas.map(replica => replica.start()))
  t.match(first.log, /migration \d+ of \d+: /, 'it says how far it is')
  const atWork = replicas.filter(({ log }) => /migration 18: \d+ rows of drift/.test(log)).length
  if (replicas.length > 1) t.equal(atWork, 1, 'one changed the tables, the other waited')
  await until(async () => uplink.outbox.acknowledged > 50, 'what waited is taken')
  const last = await flow.end()
  await until(async () => uplink.outbox.size === 0, 'everything is acknowledged')
  await uplink.stop()
  for (const replica of replicas) t.same(await replica.kill('SIGTERM'), [0, null])
  t.match(await checkStore(locationOf(place)), { problems: [], rows: { hosts: 2 } })
  const { history, drift } = await stored(locationOf(place))
  t.same([history.rows[0]?.value, history.rows.at(-1)?.value], [1, last], 'from the first change to the last')
  isComplete(t, history)
  t.ok(drift.length >= more + 3, `and what was there before: ${drift.length} rows of drift`)
}

t.test('a file', { timeout: 300_000 }, async t => {
  const directory = t.testdir({ agent: {} })
  const replica = await makeReplica(t, directory, '')
  await takesOver(t, { directory, url: '' }, [replica])
})

t.test(
  'a server, by two collectors that start at once',
  { timeout: 300_000, skip: whyNoPostgres() ?? false },
  async t => {
    const server = await startPostgres(t)
    const url = await server.database()
    const directory = t.testdir({ agent: {} })
    const names = ['one', 'other']
    const [one, other] = await Promise.all(names.map(name => makeReplica(t, join(directory, name), url)))
    if (!one || !other) return t.fail('two collectors')
    await takesOver(t, { directory, url }, [one, other])
  },
)
