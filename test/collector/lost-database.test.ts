// A PostgreSQL server that goes away and comes back: the collector says so, and is ready again by itself.
import t from 'tap'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { fillFleet } from './fill-fleet.ts'
import { startTestCollector } from './start-collector.ts'

t.test('a database that is lost is told until it is back', { skip: whyNoPostgres() ?? false }, async t => {
  const server = await startPostgres(t)
  const database = { kind: 'postgres', url: await server.database(), passwordFile: '' } as const
  const collector = await startTestCollector(t, { database })
  await fillFleet(t, collector, 1)
  const ask = async (path: string) => {
    const response = await fetch(`${collector.base}/${path}`)
    return { status: response.status, text: await response.text(), type: response.headers.get('content-type') }
  }
  t.match(await ask('readyz'), { status: 200 })
  await server.crash()
  t.match(await ask('readyz'), { status: 503, text: /the database cannot be written: / })
  t.match(await ask('healthz'), { status: 200 }, 'a new start would not help')
  const lists = await ask('api/v1/hosts')
  t.match(lists, { status: 503, type: /^application\/problem\+json/ }, 'what cannot be answered now is put off')
  t.notMatch(lists.text, /127\.0\.0\.1|ECONN|secret/, 'without a word about the inside')
  await server.start()
  for (let attempt = 0; attempt < 200 && (await ask('readyz')).status !== 200; attempt++) {
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  t.match(await ask('readyz'), { status: 200 })
  t.match(await ask('api/v1/hosts'), { status: 200 })
})
