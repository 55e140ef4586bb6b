// Hosts of a selection against each other: who differs, how many could not be compared, and what is too much.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { type OutlierOptions, outlierReport } from '../../../collector/query/outlier-report.ts'
import { createTraitMemory } from '../../../collector/query/trait-memory.ts'
import type { StoredBody } from '../../../collector/store/records.ts'
import type { Cohort } from '../../../policy/cohorts.ts'
import { everyHost } from '../../../policy/host-selector.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { canonicalBody, sealAbsent } from '../../../proto/seal.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'

const domain = await openDomain(t)

async function put(hostKey: string, role: string, state: FacetState | undefined) {
  const opening = { machineId: '', bootId: '', agentVersion: '1', skewMs: 0, outboxId: 'o', atMs: 1 }
  const { host } = await domain.commits.submit(0, unit =>
    unit.transaction.openHost({ ...opening, hostKey, hostname: hostKey, labels: { role } }),
  )
  if (state) await domain.commits.submit(host, unit => applyChange(unit, changeOf(1, state), domain.apply))
}

for (let index = 0; index < 300; index++)
  await put(`web-${index}`, 'web', smallState({ a: 1, ...(index === 8 && { b: 2 }) }))
await put('web-none', 'web', undefined)
await put('web-absent', 'web', sealAbsent(SmallFacet, 'notInstalled', ''))
for (let index = 0; index < 3; index++) await put(`db-${index}`, 'db', smallState({ a: index }))

let progress = 0
const report = (more: Partial<OutlierOptions> = {}) =>
  outlierReport({
    ...{ facet: SmallFacet, read: domain.store.read, memory: createTraitMemory(), scope: { role: 'web' } },
    ...{ limit: 10, onProgress: async () => void progress++, ...more },
  })

t.test('one of three hundred differs, and is told with what differs', async t => {
  const { items, ...counts } = await report()
  t.match(counts, { facet: 'small', hosts: 300, unknown: 2, states: 2, found: 1, typical: { hostname: 'web-0' } })
  t.match(counts, { alike: 299, text: '299 of 300 hosts have the same small, 1 differ' })
  t.match(items, [{ field: 'rows', hosts: 1, text: /b/, examples: [{ hostname: 'web-8', hostId: /^[0-9a-z]+$/ }] }])
  t.ok(progress >= 1, 'and said that it goes on')
})

t.test('within labels, and the first of them', async t => {
  t.match(await report({ scope: { role: 'db' } }), { hosts: 3, states: 3, alike: 1, found: 0 }, 'nobody is out of line')
  t.match(await report({ scope: {}, limit: 1 }), { hosts: 303, found: 3, items: [{ hosts: 1 }] })
  t.same(await report({ scope: { role: 'none' } }), {
    ...{ facet: 'small', hosts: 0, unknown: 0, states: 0, alike: 0, found: 0 },
    ...{ text: 'small of no host is known', items: [] },
  })
})

t.test('of a cohort, and of what somebody may see of it', async t => {
  const db: Cohort = { id: 'db', description: '', hosts: { ...everyHost, hostnames: ['db-*'] } }
  await domain.store.write(transaction => transaction.addCohort(db, 1))
  t.match(await report({ scope: {}, cohort: 'db' }), { hosts: 3, states: 3, text: /each of 3 hosts/ })
  t.match(await report({ scope: { role: 'web' }, cohort: 'db' }), { hosts: 0, text: /no host/ })
  t.match(await report({ scope: {}, cohort: 'none' }), { hosts: 0, unknown: 0 })
})

t.test('thousands of different states are read once, and what is new after that', async t => {
  const states = Array.from({ length: 2_100 }, (_, host) => smallState({ a: 1, [`own${host}`]: 1 }, '', 0))
  const bodies = new Map(states.map((state, index) => [index + 1, storedBody(state)]))
  const read: number[] = []
  const fleet: OutlierOptions['read'] = {
    facetBodies: async () => [...bodies.keys()].map(body => ({ host: body, body })),
    bodiesOf: async numbers => {
      read.push(...numbers)
      return new Map(numbers.flatMap(number => pairOf(number, bodies.get(number))))
    },
    namesOf: async hosts => new Map(hosts.map(host => [host, { hostId: `h${host}`, hostname: `h${host}` }])),
  }
  const memory = createTraitMemory()
  const first = await report({ read: fleet, memory })
  t.match(first, { hosts: 2_100, states: 2_100, alike: 1, found: 2_100 })
  t.equal(first.items.length, 10)
  t.match(first.items[0], { text: /own.* added/, hosts: 1, examples: [{}] })
  read.length = 0
  bodies.set(5_000, storedBody(smallState({ a: 2 })))
  const second = await report({ read: fleet, memory })
  t.equal(second.found, 2_101)
  t.ok(read.includes(5_000) && read.length < 20, 'bodies never change')
})

t.test('facts of a form that nobody expects are told as not known', async t => {
  const odd = {
    facet: 'small',
    schemaVersion: 1,
    state: 'present',
    body: '{"rows":[3,null],"note":[],"gaps":7}',
  } as const
  const fleet: OutlierOptions['read'] = {
    facetBodies: async () => [{ host: 1, body: 1 }],
    bodiesOf: async () => new Map([[1, odd]]),
    namesOf: async () => new Map(),
  }
  t.equal((await report({ read: fleet })).items.length, 0)
})

t.test('what has grown too large is forgotten between two questions', async t => {
  const memory = createTraitMemory({ parts: 1, places: 1 })
  t.match(await report({ memory }), { hosts: 300, found: 1 })
  t.match(await report({ memory }), { hosts: 300, found: 1 })
})

function storedBody(state: FacetState): StoredBody {
  const { facet, schemaVersion } = state
  return { facet, schemaVersion, state: state.state, body: canonicalBody(state) }
}

const pairOf = (number: number, body: StoredBody | undefined): readonly (readonly [number, StoredBody])[] =>
  body ? [[number, body]] : []
