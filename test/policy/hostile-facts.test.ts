// The whole catalog against random facts: every check answers, and nothing of a host gets out unescaped.
import { join } from 'node:path'
import * as fc from 'fast-check'
import t from 'tap'
import { resultStates } from '../../policy/check.ts'
import { createEngine } from '../../policy/engine.ts'
import { hasInvisible } from '../../policy/visible-text.ts'
import { facets } from '../../proto/facets.generated.ts'
import { readCatalog } from '../../scripts/generators/catalog.ts'
import { arbitraryHost } from '../arbitrary-facts.ts'

const { checks } = readCatalog(join(import.meta.dirname, '../..'))
const engine = createEngine({ checks: checks.flatMap(file => file.items), profiles: [], digest: '' }, facets)
const now = new Date('2026-06-15T12:00:00Z')

const host = arbitraryHost(facets, 8)

t.test('every check answers a result for any facts, with plain bounded text', async t => {
  fc.assert(
    fc.property(host, states => {
      const results = engine.evaluate({ facets: states, now })
      return (
        results.length === engine.catalog.checks.length &&
        results.every(result => {
          const lines = [result.reason, ...result.evidence]
          // A reason may put several conditions into words.
          const plain = lines.every(line => line.length <= 400 && (result.state === 'manual' || !hasInvisible(line)))
          const silent = result.state === 'fail' || (result.evidence.length === 0 && result.remediation === '')
          return resultStates.includes(result.state) && plain && silent && result.evidence.length <= 51
        })
      )
    }),
    { numRuns: 60 },
  )
  t.pass()
})

t.test('a remediation carries no control character but the line breaks of its own text', async t => {
  fc.assert(
    fc.property(host, states =>
      engine
        .evaluate({ facets: states, now })
        .every(({ remediation }) => !hasInvisible(remediation.replaceAll('\n', ''))),
    ),
    { numRuns: 60 },
  )
  t.pass()
})

t.test('the same facts are judged the same, whatever was judged in between', async t => {
  fc.assert(
    fc.property(host, host, (one, other) => {
      const first = JSON.stringify(engine.evaluate({ facets: one, now }))
      engine.evaluate({ facets: other, now: new Date(0) })
      return JSON.stringify(engine.evaluate({ facets: one, now })) === first
    }),
    { numRuns: 20 },
  )
  t.pass()
})
