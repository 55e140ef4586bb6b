// Rows of a fleet: who may see some hosts only is answered about those, and equal facts are asked once.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { createBoundedCache } from '../../../collector/domain/bounded-cache.ts'
import { createStateCache } from '../../../collector/domain/state-cache.ts'
import {
  type FactRow,
  type FactRowsOptions,
  type FactSummary,
  factRows,
  type KeptAnswer,
} from '../../../collector/query/fact-rows.ts'
import { createFactQueries } from '../../../policy/fact-query.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'

const queries = createFactQueries([SmallFacet])
const domain = await openDomain(t)
const count = 600
for (let index = 0; index < count; index++) {
  const opening = { machineId: '', bootId: '', agentVersion: '1', skewMs: 0, outboxId: 'o', atMs: 1 }
  const labels = { role: index % 3 === 0 ? 'db' : 'web' }
  const hostKey = `h${index}`
  const { host } = await domain.commits.submit(0, unit =>
    unit.transaction.openHost({ ...opening, hostKey, hostname: hostKey, labels }),
  )
  if (index === 7) continue
  await domain.commits.submit(host, unit => applyChange(unit, changeOf(1, smallState({ a: index % 4 })), domain.apply))
}

async function ask(expression: string, more: Partial<FactRowsOptions> = {}) {
  let evaluated = 0
  const compiled = queries.compile(expression)
  const query: typeof compiled = {
    ...compiled,
    answer(...given) {
      evaluated++
      return compiled.answer(...given)
    },
  }
  const rows: FactRow[] = []
  let summary: FactSummary | undefined
  const options = {
    ...{ query, name: expression, facets: [SmallFacet], read: domain.store.read, scope: {}, nowMs: 0, all: false },
    ...{ states: createStateCache(1_000_000), answers: createBoundedCache<KeptAnswer>(1_000_000), ...more },
  }
  for await (const found of factRows(options)) {
    if ('hosts' in found) summary = found
    else rows.push(...found)
  }
  return { rows, summary, evaluated }
}

t.test('hosts that it is true of, page by page, with equal facts asked once', async t => {
  const { rows, summary, evaluated } = await ask('small.rows.exists(r, r.value == 3)')
  t.same(summary, { hosts: count, matched: 149, unknown: 1 })
  t.equal(rows.length, 149)
  t.match(rows[0], { hostname: 'h3', value: true, hostId: /^[0-9a-z]{10,16}$/ })
  t.equal(evaluated, 5, 'four states, and a host of which nothing is known')
})

t.test('all hosts, with what is not known', async t => {
  const { rows } = await ask('small.rows[0].value', { all: true })
  t.equal(rows.length, count)
  t.match(rows[7], { hostname: 'h7', unknown: /did not send it/ })
  t.match(rows[6], { hostname: 'h6', value: 2 })
})

t.test('what time changes is asked anew when its time has come, whatever the expression calls it', async t => {
  const answers = createBoundedCache<KeptAnswer>(1_000_000)
  const noon = Date.UTC(2026, 10, 22, 12)
  for (const [expression, value] of [
    ['daysSince("2026-11-20") + small.rows[0].value * 0', [2, 2, 3, 2]],
    ['now > date("2026-11-23") && small.note == ""', [false, false, true, false]],
  ] as const) {
    const at = async (nowMs: number) => {
      const { rows, evaluated } = await ask(expression, { nowMs, all: true, answers })
      return [rows[0]?.value, evaluated > 0]
    }
    t.same(await at(noon), [value[0], true])
    t.same(await at(noon + 3_600_000), [value[1], false], 'the same day')
    t.same(await at(noon + 86_400_000), [value[2], true])
    t.same(await at(noon), [value[3], true], 'a clock that went back')
  }
})

t.test('within labels', async t => {
  const { rows, summary } = await ask('true', { scope: { role: 'db' } })
  t.same(summary, { hosts: 200, matched: 200, unknown: 0 })
  t.ok(rows.every(({ hostname }) => Number(hostname.slice(1)) % 3 === 0))
})
