// The examples of docs/tailoring.md are policies without a problem, whose own rows are as they expect.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { catalog } from '../policy/catalog.generated.ts'
import { judgeRow, rowFailures } from '../policy/check-row.ts'
import { createEngine } from '../policy/engine.ts'
import { readSitePolicy } from '../policy/site-policy.ts'
import { createTailor } from '../policy/tailoring.ts'
import { facets } from '../proto/facets.generated.ts'

const guide = readFileSync(join(import.meta.dirname, '../docs/tailoring.md'), 'utf8')
const sources = [...guide.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = ''], index) => ({
  path: `example ${index + 1}`,
  text,
}))

t.test('the examples are sound, each and all together', async t => {
  t.equal(sources.length, 3)
  for (const source of sources) readSitePolicy(catalog, [source], facets)
  const policy = readSitePolicy(catalog, sources, facets)
  t.same([policy.tailoring.length, policy.waivers.length, policy.ownChecks.size, policy.ownProfiles.size], [4, 1, 1, 1])
  const tailorOf = createTailor(policy)
  t.ok(tailorOf({}).disabled.length > 10, 'a glob switches several off')
  t.same(tailorOf({ role: 'bastion' }).disabled, [], 'and on again by label')
  t.same(
    [...(tailorOf({ role: 'web', zone: 'a' }).changes.get('exposed-ports-allowed')?.parameters.keys() ?? [])],
    ['allowed'],
  )
})

t.test('rows of the guide’s own check are as they expect', async t => {
  const policy = readSitePolicy(catalog, sources, facets)
  for (const { item } of policy.ownChecks.values()) {
    const engine = createEngine({ checks: [item], profiles: [], digest: '' }, facets)
    for (const row of item.tests) t.same(rowFailures(row, judgeRow(engine, facets, item, row)), [], row.name)
  }
})
