// Two collectors as processes of their own on one PostgreSQL database, with an agent that streams all the time: what one
// takes the other tells, one is asked and the agent of the other looks again, and either may be killed.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import { checkStore } from '../../collector/store/look-after.ts'
import { startSmallUplink } from '../small-uplink.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { isComplete } from './history.ts'
import { startBalancer } from './replica/balancer.ts'
import { keepChanging, stored } from './replica/changing-host.ts'
import { readEvents } from './replica/events.ts'
import { makeReplica, until } from './replica/make-replica.ts'

const rounds = process.env['GABION_FULL'] === '1' ? 8 : 3

t.setTimeout(600_000)
const why = whyNoPostgres()
if (why) t.plan(0, why)
else t.test('two collectors, either of which is killed', { timeout: 600_000 }, test)

async function test(t: Test): Promise<void> {
  const server = await startPostgres(t)
  const url = await server.database()
  const root = t.testdir({ agent: {} })
  const replicas = [
    await makeReplica(t, join(root, 'one'), url),
    await makeReplica(t, join(root, 'other'), url),
  ] as const
  const [one, other] = replicas
  await Promise.all(replicas.map(replica => replica.start()))
  const balancer = await startBalancer(t, one.grpc)
  let rescans = 0
  const uplink = startSmallUplink({
    directory: join(root, 'agent'),
    openChannel: plaintextChannel(balancer.address),
    onRescan: () => rescans++,
  })
  let reading = other.base
  const atOther = readEvents(() => other.base)
  const moving = readEvents(() => reading)
  t.teardown(() => Promise.all([atOther.close(), moving.close()]))
  const flow = keepChanging(uplink)
  const coming = async (more: number) => {
    const before = moving.events.length
    await until(async () => moving.events.length >= before + more, 'changes come')
  }

  await t.test('changes that one collector took are events of the other', async t => {
    await until(async () => atOther.events.length > 20, 'events')
    t.ok(atOther.events.length > 20)
  })

  await t.test('a collector that is asked has the agent of the other look again', async t => {
    const { items } = (await (await fetch(`${other.base}/api/v1/hosts`)).json()) as { items: readonly { id: string }[] }
    t.equal(items.length, 1)
    const path = `${other.base}/api/v1/hosts/${items[0]?.id}/rescan`
    const body = JSON.stringify({ facets: ['small'] })
    const ask = () => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    await until(async () => (await ask()).status === 202, 'the other knows that the host is connected')
    await until(async () => rescans > 0, 'the agent looks again')
    t.ok(rescans > 0)
  })

  await t.test('either is killed, again and again, while the agent streams', async t => {
    for (let round = 0; round < rounds; round++) {
      const [dies, lives] = round % 2 === 0 ? [one, other] : [other, one]
      balancer.choose(lives.grpc)
      reading = lives.base
      t.same(await dies.kill('SIGKILL'), [null, 'SIGKILL'])
      await coming(10)
      await dies.start()
      await coming(10)
    }
  })

  const last = await flow.end()
  await until(async () => uplink.outbox.size === 0, 'everything is acknowledged')
  await uplink.stop()
  for (const replica of replicas) t.same(await replica.kill('SIGTERM'), [0, null])
  await Promise.all([atOther.close(), moving.close()])
  const { history, drift } = await stored({ kind: 'postgres', url, passwordFile: '' })
  t.equal(history.rows.at(-1)?.value, last, 'the last change is there')
  isComplete(t, history)
  t.ok(moving.connections > rounds / 2, `the reader connected ${moving.connections} times`)
  for (const [name, { events }] of Object.entries({ atOther, moving })) {
    const ids = events.map(({ id }) => id)
    t.same(ids, drift.slice(0, ids.length), `${name}: each event once and in order, ${ids.length} of ${drift.length}`)
  }
  t.ok(moving.events.length >= 20 * rounds)
  const { problems, rows } = await checkStore({ kind: 'postgres', url, passwordFile: '' })
  t.same([problems, rows['hosts'], rows['states']], [[], 1, history.rows.length])
}
