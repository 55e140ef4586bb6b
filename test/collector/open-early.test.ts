// While a database is opened and migrated: alive, not ready, and saying why, on the address that the API has then.
import { join } from 'node:path'
import t from 'tap'
import { openEarly } from '../../collector/open-early.ts'
import { migrate, migrations } from '../../collector/store/sql/migrate.ts'
import { openWriter } from '../../collector/store/sqlite/open-database.ts'
import { sqliteConnection } from '../../collector/store/sqlite/sqlite-connection.ts'
import { systemClock } from '../../runtime/clock.ts'
import { silentLog } from '../../runtime/log.ts'
import { freePort } from '../free-port.ts'
import { recordingLog } from '../recording-log.ts'
import { ask } from './api/request.ts'
import { startTestCollector } from './start-collector.ts'

const api = { isOpen: true, names: [] }

t.test('it is alive, and whatever else is asked is put off with what is done', async t => {
  const http = { host: '127.0.0.1', port: await freePort() }
  const address = `127.0.0.1:${http.port}`
  const options = { http, api, dataDirectory: t.testdir({}), clock: systemClock, log: silentLog }
  const early = await openEarly(options)
  t.teardown(early.close)
  t.match(await ask(address, '/healthz'), { status: 200, text: '{"status":"ok"}' })
  t.match(await ask(address, '/readyz'), { status: 503, text: /"detail":"the database is being opened"/ })
  await early.tell('migration 9 of 12: shared details')
  const reply = await ask(address, '/api/v1/hosts', { method: 'POST' })
  t.match(reply, { status: 503, headers: { 'retry-after': '5', 'content-type': /^application\/problem\+json/ } })
  t.match(JSON.parse(reply.text), { status: 503, detail: /being opened: migration 9 of 12: shared details/ })
  await t.rejects(openEarly(options), { code: 'address_in_use' })
  await early.close()
  await t.rejects(ask(address, '/healthz'), { code: 'ECONNREFUSED' }, 'the address is free')
})

t.test('a collector says so while it migrates, and is ready when it has', async t => {
  const dataDirectory = t.testdir({})
  const writer = openWriter(join(dataDirectory, 'collector.db'))
  await migrate(sqliteConnection(writer).database, { nowMs: 0, list: migrations.slice(0, 1) })
  writer.close()
  const http = { host: '127.0.0.1', port: await freePort() }
  const { log, lines } = recordingLog()
  const asked: ReturnType<typeof ask>[] = []
  const info: typeof log.info = (message, fields) => {
    log.info(message, fields)
    if (message.startsWith('migration 2 of ')) {
      for (const path of ['/readyz', '/healthz']) asked.push(ask(`127.0.0.1:${http.port}`, path))
    }
  }
  const collector = await startTestCollector(t, { dataDirectory, http, log: { ...log, info } })
  const [ready, alive] = await Promise.all(asked)
  t.match(ready, { status: 503, text: /the database is being opened: migration \d+ of \d+/ })
  t.match(alive, { status: 200 })
  t.match(await ask(collector.httpAddress, '/readyz'), { status: 200 })
  t.ok(lines.some(({ message }) => message.startsWith('migration 2 of ')))
})
