// Several collectors on one PostgreSQL database: each message is sent once, also when the one that sends goes away.
import t from 'tap'
import { openNotify } from '../../../collector/notify/open-notify.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { startPostgres, whyNoPostgres } from '../../start-postgres.ts'
import { openDriftStore } from './drift-store.ts'
import { startHttpReceiver } from './http-receiver.ts'
import { webhookOf } from './receiver-config.ts'

const why = whyNoPostgres()
const server = why ? undefined : await startPostgres(t)

interface Told {
  readonly data: { readonly id: string; readonly changes: readonly { readonly id: number }[] }
}

t.test('each change is told once by whichever collector tells', { skip: why ?? false }, async t => {
  const database = (await server?.database()) ?? ''
  const receiver = await startHttpReceiver(t)
  const directory = t.testdir({})
  const receivers = [webhookOf(directory, receiver.url, { groupInterval: '1s' })]
  const one = await openDriftStore(t, systemClock, { database })
  const two = await openDriftStore(t, systemClock, { database })
  const metrics = { delivery: () => undefined, dropped: () => undefined }
  const open = ({ store }: typeof one) => {
    const notify = openNotify({ store, receivers, clock: systemClock, log: silentLog, metrics })
    t.teardown(store.signals.listen(() => notify.look()))
    t.teardown(notify.close)
    return notify
  }
  const [first, second] = [open(one), open(two)]
  while ((await one.store.read.receiver('ops')) === undefined) await new Promise(resolve => setTimeout(resolve, 20))
  const owner = (await one.store.read.receiver('ops'))?.owner
  const hosts = [await one.host('a'), await two.host('b')]
  const told = () => receiver.received.map(({ body }) => (JSON.parse(body) as Told).data)
  const changes = () => told().flatMap(message => message.changes.map(({ id }) => id))

  /** Both write, and the last change is told. */
  async function turnTwice(count: number): Promise<void> {
    await Promise.all([
      one.turn(hosts, 'ssh-root-login', 'pass', 'fail'),
      two.turn(hosts, 'ssh-banner', 'pass', 'fail'),
    ])
    while (changes().length < count) await receiver.until(receiver.received.length + 1)
  }

  await turnTwice(4)
  t.equal((await one.store.read.receiver('ops'))?.owner, owner, 'the other one waits')
  await first.close()
  await turnTwice(8)
  await second.close()
  t.not((await one.store.read.receiver('ops'))?.owner, '')
  const written = await one.store.read.driftAfter(0, 100)
  t.equal(written.length, 8)
  t.same(
    changes().sort((a, b) => a - b),
    written.map(({ id }) => id),
    'each once, none forgotten',
  )
  const ids = told().map(({ id }) => id)
  t.equal(new Set(ids).size, ids.length)
})
