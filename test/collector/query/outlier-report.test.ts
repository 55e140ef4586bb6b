// Hosts of a selection against each other: who differs, how many could not be compared, and what is too much.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { createStateCache } from '../../../collector/domain/state-cache.ts'
import { type OutlierOptions, outlierReport } from '../../../collector/query/outlier-report.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { sealAbsent } from '../../../proto/seal.ts'
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
    ...{ facet: SmallFacet, read: domain.store.read, states: createStateCache(1_000_000), scope: { role: 'web' } },
    ...{ limit: 10, onProgress: async () => void progress++, ...more },
  })

t.test('one of three hundred differs, and is told with what differs', async t => {
  const { items, ...counts } = await report()
  t.match(counts, { facet: 'small', hosts: 300, unknown: 2, states: 2, found: 1, typical: { hostname: 'web-0' } })
  t.match(items, [{ field: 'rows', hosts: 1, text: /b/, examples: [{ hostname: 'web-8', hostId: /^[0-9a-z]+$/ }] }])
  t.ok(progress >= 2, 'and said that it goes on')
})

t.test('within labels, and the first of them', async t => {
  t.match(await report({ scope: { role: 'db' } }), { hosts: 3, states: 3, items: [{ hosts: 1 }, { hosts: 1 }] })
  t.match(await report({ scope: { role: 'db' }, limit: 1 }), { found: 2, items: [{ hosts: 1 }] })
  t.same(await report({ scope: { role: 'none' } }), {
    ...{ facet: 'small', hosts: 0, unknown: 0, states: 0, found: 0 },
    items: [],
  })
})

t.test('too many different states are too much, and say so', async t => {
  const many = Array.from({ length: 2_100 }, (_, host) => ({
    ...{ host: host + 1, id: `h${host}`, hostname: `h${host}` },
    digests: [{ facet: 'small', digest: `sha256:${host}` }],
  }))
  const read: OutlierOptions['read'] = {
    factsOfHosts: async (_, { after, limit }) => many.filter(({ host }) => host > after).slice(0, limit),
    body: async () => ({ facet: 'small', schemaVersion: 1, state: 'present', body: '{"rows":[],"note":"","gaps":[]}' }),
  }
  await t.rejects(report({ read }), { name: 'TooManyStates', message: /more than 2000 different states of small/ })
})
