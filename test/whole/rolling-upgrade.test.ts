// Two collectors as processes of their own are replaced one after the other by a version with a newer schema, while an agent
// streams all the time: nothing that was acknowledged is lost or told twice, and nobody waits for anybody.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { sql } from 'kysely'
import t, { type Test } from 'tap'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import type { DatabaseLocation } from '../../collector/store/database-location.ts'
import { checkStore, copyStore } from '../../collector/store/look-after.ts'
import { patiently } from '../../collector/store/postgres/open-client.ts'
import { databaseOn } from '../../collector/store/postgres/postgres-connection.ts'
import { newestSchema } from '../../collector/store/sql/migrate.ts'
import { readSchema } from '../../collector/store/sql/schema.ts'
import { systemClock } from '../../runtime/clock.ts'
import { startSmallUplink } from '../small-uplink.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { isComplete } from './history.ts'
import { startBalancer } from './replica/balancer.ts'
import { keepChanging, type stored } from './replica/changing-host.ts'
import { readEvents } from './replica/events.ts'
import { makeReplica, type Replica, until } from './replica/make-replica.ts'
import { makeTomorrow } from './replica/make-tomorrow.ts'

t.setTimeout(600_000)
const why = whyNoPostgres()
if (why) t.plan(0, why)
else t.test('two collectors are upgraded one after the other', { timeout: 600_000 }, test)

interface Said {
  readonly schema: number
  readonly tomorrow: string
}

async function test(t: Test): Promise<void> {
  const server = await startPostgres(t)
  const url = await server.database()
  const location: DatabaseLocation = { kind: 'postgres', url, passwordFile: '' }
  const root = t.testdir({ agent: {}, 'by-hand': {} })
  const tomorrow = makeTomorrow(join(root, 'tomorrow'))
  const make = (name: string, sources?: string) => makeReplica(t, join(root, name), url, sources)
  const [one, other] = [await make('one'), await make('other')]
  const [newOne, newOther] = [await make('one', tomorrow.root), await make('other', tomorrow.root)]
  /** `gabion-collector db` of tomorrow */
  const database = (...args: readonly string[]) => {
    const bin = join(tomorrow.root, 'collector/bin/gabion-collector.js')
    const env = { ...process.env, GABION_DATABASE: url }
    return execFileSync(process.execPath, [bin, 'db', ...args, '--data-dir', join(root, 'by-hand')], {
      ...{ encoding: 'utf8', env },
    })
  }
  const schema = () => patiently({ url }, client => readSchema(databaseOn(client)))
  await Promise.all([one.start(), other.start()])
  const balancer = await startBalancer(t, one.grpc)
  const uplink = startSmallUplink({
    directory: join(root, 'agent'),
    openChannel: plaintextChannel(balancer.address),
  })
  let reading = one.base
  const events = readEvents(() => reading)
  t.teardown(() => events.close())
  const flow = keepChanging(uplink)
  const coming = async (more: number) => {
    const before = events.events.length
    await until(async () => events.events.length >= before + more, 'changes come')
  }
  /** Agents and people go to another one, then it stops and is replaced. */
  const leaveTo = async (leaves: Replica, stays: Replica) => {
    balancer.choose(stays.grpc)
    reading = stays.base
    t.same(await leaves.kill('SIGTERM'), [0, null])
    await coming(20)
  }
  await coming(20)

  await t.test('the first is replaced while the other works', async t => {
    await leaveTo(one, other)
    await newOne.start()
    t.match(newOne.log, new RegExp(`migration ${tomorrow.more} of ${tomorrow.less}: more`))
    t.match(newOne.log, new RegExp(`migration ${tomorrow.less} \\(less\\) waits until no collector works`))
    t.match(await schema(), { number: tomorrow.more, worksWith: newestSchema })
    await coming(20)
    const rows = await patiently({ url }, client =>
      sql<Said>`select schema_number as schema, tomorrow from replica order by schema_number`.execute(
        databaseOn(client),
      ),
    )
    t.same(rows.rows, [
      { schema: newestSchema, tomorrow: '' },
      { schema: tomorrow.less, tomorrow: 'said' },
    ])
    const { problems, notes } = await checkStore(location)
    t.same(problems, [])
    t.match(notes, [/a newer version made schema/])
    t.match(database('check'), /: sound, schema .*\nmigration \d+ \(less\) waits until/)
    const copy = `sqlite:${join(root, 'copy.db')}`
    t.match(database('copy', '--to', copy), /the same as in/, 'it is copied as it is')
    t.match(
      database('check', '--database', copy),
      new RegExp(`sound, schema ${tomorrow.more}.*\nmigration .* waits until`),
    )
    t.match(database('migrate', '--database', copy), new RegExp(`: schema ${tomorrow.less}`), 'a file is served by one')
    t.match(database('migrate'), /waits until no collector works.*\n.*: schema/)
    await t.rejects(
      copyStore(location, { kind: 'sqlite', path: join(root, 'no.db') }, systemClock, () => undefined),
      {
        message: /copy it with the newer version/,
      },
    )
  })

  // As long as it is there, nothing is taken away that the old ones use.
  const third = await make('third')
  await t.test('agents and people go to the new one and come back to the old', async t => {
    await third.start()
    await leaveTo(other, newOne)
    await other.start()
    t.pass('old ones may start beside it, and start again')
    balancer.choose(other.grpc)
    reading = other.base
    t.same(await newOne.kill('SIGKILL'), [null, 'SIGKILL'])
    await coming(20)
    await newOne.start()
    t.match(await schema(), { number: tomorrow.more, worksWith: newestSchema })
  })

  await t.test('when the last of the old ones is gone, what it used goes, too', async t => {
    t.same(await third.kill('SIGTERM'), [0, null])
    await leaveTo(other, newOne)
    await until(async () => new RegExp(`migration ${tomorrow.less} of ${tomorrow.less}: less`).test(newOne.log), 'less')
    await until(async () => (await schema()).worksWith === tomorrow.more, 'the old are refused')
    await newOther.start()
    t.notMatch(newOther.log, /waits until/)
    await coming(20)
    const late = await make('late')
    await t.rejects(late.startAndKillAt(/never/), /it was written by a newer version/)
  })

  const last = await flow.end()
  await until(async () => uplink.outbox.size === 0, 'everything is acknowledged')
  await uplink.stop()
  await until(async () => events.events.at(-1)?.text.includes(String(last)) === true, 'the last is told')
  for (const replica of [newOne, newOther]) t.same(await replica.kill('SIGTERM'), [0, null])
  await events.close()
  const read = (await import(join(tomorrow.root, 'test/whole/replica/changing-host.ts'))) as { stored: typeof stored }
  const { history, drift } = await read.stored(location)
  t.same([history.rows[0]?.value, history.rows.at(-1)?.value], [1, last], 'from the first change to the last')
  isComplete(t, history)
  const ids = events.events.map(({ id }) => id)
  t.same(ids, drift.slice(0, ids.length), `each event once and in order, ${ids.length} of ${drift.length}`)
  t.match(database('check'), new RegExp(`sound, schema ${tomorrow.less}, 1 hosts`))
}
