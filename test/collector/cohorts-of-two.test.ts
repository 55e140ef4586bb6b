// Two collectors on one PostgreSQL database keep one set of cohorts: changes of hosts and of cohorts at the same time.
import { join } from 'node:path'
import t from 'tap'
import { checkStore } from '../../collector/store/look-after.ts'
import { everyHost } from '../../policy/host-selector.ts'
import { smallState } from '../small-facet.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { fillFleet } from './fill-fleet.ts'
import { startTestCollector } from './start-collector.ts'

const why = whyNoPostgres()
const server = why ? undefined : await startPostgres(t)

t.test(
  'what one pins is drift at the other, and counters stay right whoever writes',
  { skip: why ?? false },
  async t => {
    const database = { kind: 'postgres', url: (await server?.database()) ?? '', passwordFile: '' } as const
    const root = t.testdir({})
    const [one, other] = await Promise.all(
      ['one', 'other'].map(name => startTestCollector(t, { database, dataDirectory: join(root, name) })),
    )
    if (!one || !other) return t.fail('two collectors')
    const fleets = [
      ...(await fillFleet(t, one, 4, { hostname: index => `a${index}`, value: () => 1 })),
      ...(await fillFleet(t, other, 4, { hostname: index => `b${index}`, value: () => 1 })),
    ]
    const post = async (base: string, method: string, path: string, body: object) => {
      const headers = { 'content-type': 'application/json' }
      const reply = await fetch(`${base}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) })
      return { status: reply.status, body: (await reply.json()) as Readonly<Record<string, unknown>> }
    }
    t.match(await post(one.base, 'POST', 'cohorts', { id: 'all', hosts: { all: true } }), { body: { members: 8 } })
    t.match(await post(one.base, 'PUT', 'cohorts/all/pins/small', { majority: true }), { body: { conforming: 8 } })

    await fleets[4]?.agent.deliver(2, smallState({ a: 2 }))
    t.match(
      (await other.drift()).filter(({ kind }) => kind === 'deviation'),
      [
        {
          hostId: fleets[4]?.id,
          text: 'deviates from the pinned small of cohort all: rows a value changed from 1 to 2',
        },
      ],
    )
    t.match(await one.get('cohorts/all/deviations'), { items: [{ hostname: 'b0' }] })

    const changes = fleets.map(async ({ agent }, index) => {
      for (let sequence = 3; sequence < 12; sequence++)
        await agent.deliver(sequence, smallState({ a: (sequence + index) % 3 }))
    })
    const cohorts = [one, other].map(async ({ store }, index) => {
      for (let round = 0; round < 6; round++) {
        const cohort = {
          id: `of-${index}`,
          description: '',
          hosts: { ...everyHost, hostnames: [round % 2 ? 'a*' : '*1'] },
        }
        const isNew = await store.write(transaction => transaction.addCohort(cohort, 1))
        if (!isNew) await store.write(transaction => transaction.changeCohort(cohort, 1))
        const { digest } = smallState({ a: 1 })
        const pin = { facet: 'small', digest, by: 'x', atMs: 1 }
        t.ok(await store.write(transaction => transaction.putPin(cohort.id, pin)))
      }
    })
    await Promise.all([...changes, ...cohorts])
    t.same((await checkStore(database)).problems, [])
    t.match(await one.get('cohorts'), { items: [{ id: 'all', members: 8 }, { members: 4 }, { members: 4 }] })
  },
)
