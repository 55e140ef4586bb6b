// Hosts that are deleted and retired while others write about the same hosts: nobody waits for somebody who waits for it.
import t, { type Test } from 'tap'
import { applyChange } from '../../../../collector/domain/apply-change.ts'
import { checkStore } from '../../../../collector/store/look-after.ts'
import { openClient } from '../../../../collector/store/postgres/open-client.ts'
import { everyHost } from '../../../../policy/host-selector.ts'
import { smallState } from '../../../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../../../start-postgres.ts'
import { until } from '../../../until.ts'
import { changeOf, openDomain } from '../../open-domain.ts'

const why = whyNoPostgres()
if (why) t.plan(0, why)
else {
  t.test('those that are deleted and retired crosswise', { timeout: 120_000 }, crosswise)
  t.test('one that is deleted while its collector writes about it', { timeout: 120_000 }, betweenWrites)
}

const cohort = { id: 'all', description: '', hosts: everyHost }

async function crosswise(t: Test): Promise<void> {
  const server = await startPostgres(t)
  const url = await server.database()
  const domains = await Promise.all([1, 2, 3].map(() => openDomain(t, { database: url })))
  const [writer, ...removing] = domains
  if (!writer) throw new Error('no collector')
  await writer.store.write(transaction => transaction.addCohort(cohort, 1))
  const hosts: { readonly host: number; readonly id: string }[] = []
  for (let index = 0; index < 24; index++) hosts.push(await writer.open(`host-${index}`))
  const write = (host: number, sequence: number) =>
    writer.commits.submit(host, unit =>
      applyChange(unit, changeOf(sequence, smallState({ a: (host * sequence) % 90 })), writer.apply),
    )
  for (const { host } of hosts) await write(host, 1)
  await writer.judging.idle()
  const gone = hosts.slice(0, 16)
  let begun = 0
  let tries = 0
  await Promise.all([
    ...removing.map(async ({ store }, place) => {
      for (const [index, { id }] of (place === 0 ? gone : gone.toReversed()).entries()) {
        begun++
        await store.write(transaction => {
          tries++
          return index % 2 === place ? transaction.deleteHost(id) : transaction.retireHost(id, 'scrapped', 5)
        })
      }
    }),
    ...[2, 3, 4].map(sequence => Promise.all(hosts.slice(16).map(({ host }) => write(host, sequence)))),
  ])
  await writer.judging.idle()
  const { problems } = await checkStore({ kind: 'postgres', url, passwordFile: '' })
  t.same(problems, [], 'counters are true')
  t.equal(tries, begun, 'nobody had to begin again')
}

/** The deleter is stopped between its first statement and its last, by a writer who holds the host and counts after it. */
async function betweenWrites(t: Test): Promise<void> {
  const server = await startPostgres(t)
  const url = await server.database()
  const [one, other] = await Promise.all([1, 2].map(() => openDomain(t, { database: url })))
  if (!one || !other) throw new Error('no collectors')
  await one.store.write(transaction => transaction.addCohort(cohort, 1))
  const { host, id } = await one.open('host')
  await one.commits.submit(host, unit => applyChange(unit, changeOf(1, smallState({ a: 50 })), one.apply))
  await one.judging.idle()
  const [result] = (await one.store.read.results({ hostId: id }, { limit: 1 })).items
  if (!result) throw new Error('it was not judged')
  const held = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const tries = { writer: 0, deleter: 0 }
  const writing = one.store.write(async transaction => {
    tries.writer++
    await transaction.holdHost(host)
    held.resolve()
    await go.promise
    const { check, severity, state } = result
    await transaction.countResults([
      { check, severity, state, change: 1 },
      { check, severity, state, change: 1 },
    ])
    await transaction.touchHosts(new Map([[host, Date.now()]]))
  })
  await held.promise
  const deleting = other.store.write(transaction => {
    tries.deleter++
    return transaction.deleteHost(id)
  })
  await until(async () => (await waiting(url)) > 0)
  go.resolve()
  await Promise.all([writing, deleting])
  t.same(tries, { writer: 1, deleter: 1 }, 'neither had to begin again')
  t.equal(await one.store.read.host(id, new Set()), undefined)
}

/** Locks that somebody waits for. */
async function waiting(url: string): Promise<number> {
  const client = await openClient({ url, passwordFile: '' })
  try {
    const { rows } = await client.query<{ waiting: string }>(
      'select count(*) as waiting from pg_locks where not granted',
    )
    return Number(rows[0]?.waiting)
  } finally {
    await client.end()
  }
}
