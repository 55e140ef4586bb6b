// Two collectors on one PostgreSQL database: the one that tells is killed, and the other one goes on where it was.
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../../start-postgres.ts'
import { startHttpReceiver } from './http-receiver.ts'
import { host, serve, setUp } from './serving.ts'

const why = whyNoPostgres()
const server = why ? undefined : await startPostgres(t)
t.setTimeout(180_000)

interface Told {
  readonly data: { readonly changes: readonly { readonly id: number; readonly host: { readonly name: string } }[] }
}

t.test('nothing is lost, and nothing comes twice under two ids', { skip: why ?? false }, async t => {
  const receiver = await startHttpReceiver(t)
  const { config, data, write, webhook } = setUp(t)
  write([webhook(receiver.url)])
  const database = ['--database', (await server?.database()) ?? '']
  const places = ['one', 'two'].map(name => join(data, name))
  for (const place of places) mkdirSync(place, { mode: 0o700 })
  const [one = '', two = ''] = places
  const first = await serve(t, config, one, database)
  const turnFirst = await host(t, first.grpcAddress)
  await turnFirst()
  await turnFirst()
  await receiver.until(1)
  const second = await serve(t, config, two, database)
  const turnSecond = await host(t, second.grpcAddress)
  await turnSecond()
  await turnSecond()
  await receiver.until(2)
  receiver.answer('silent')
  await turnFirst()
  await turnSecond()
  await receiver.until(3)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  await turnSecond()
  const changes = () => receiver.received.flatMap(({ body }) => (JSON.parse(body) as Told).data.changes)
  const drift = async () => {
    const reply = await fetch(`http://${second.httpAddress}/api/v1/drift?kind=facet&limit=100`)
    return ((await reply.json()) as { readonly items: readonly { readonly id: number }[] }).items.map(({ id }) => id)
  }
  const missing = async () => (await drift()).filter(id => !changes().some(change => change.id === id))
  while ((await missing()).length > 0) await receiver.until(receiver.received.length + 1)
  const byId = new Map(receiver.received.map(({ headers, body }) => [headers['webhook-id'], body]))
  const told = [...byId.values()].flatMap(body => (JSON.parse(body) as Told).data.changes.map(({ id }) => id))
  t.same(
    told.toSorted((a, b) => a - b),
    (await drift()).toSorted((a, b) => a - b),
  )
  t.ok(byId.size < receiver.received.length, 'what was not answered came again, under its id')
})
