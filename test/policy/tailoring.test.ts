import * as fc from 'fast-check'
import t from 'tap'
import type { Catalog, Check } from '../../policy/check.ts'
import { readSitePolicy } from '../../policy/site-policy.ts'
import { createTailor } from '../../policy/tailoring.ts'
import { facets } from '../../proto/facets.generated.ts'

function check(id: string, parameters: Check['parameters']): Check {
  return {
    ...{ id, title: id, severity: 'medium', pass: 'true', evidence: '[]', rationale: 'R.', remediation: 'D.' },
    ...{ references: [], parameters, tests: [] },
  }
}
const base: Catalog = {
  checks: [check('ssh-a', { max: 3, name: 'x' }), check('ssh-b', { max: 1 }), check('other', {})],
  profiles: [
    {
      ...{ id: 'linux', title: 'L', appliesTo: 'true', checks: ['ssh-a', 'ssh-b', 'other'] },
      parameters: { 'ssh-a': { max: 5, name: 'y' }, 'ssh-b': { max: 6 } },
    },
  ],
  digest: 'sha256:base',
}
const policyOf = (...texts: string[]) =>
  readSitePolicy(
    base,
    texts.map((text, index) => ({ path: `${index + 1}.yaml`, text })),
    facets,
  )
const tailor = (text: string, labels: Record<string, string> = {}) => createTailor(policyOf(text))(labels)

t.test('without a rule for the host the catalog stays as it is', async t => {
  const policy = policyOf('tailoring: [{ check: other, severity: low, hosts: { matchLabels: { a: b } } }]')
  const tailored = createTailor(policy)({})
  t.equal(tailored.catalog, policy.catalog)
  t.same([tailored.disabled, tailored.changes.size], [[], 0])
  t.same(tailored.catalog.checks, base.checks)
})

t.test('a check that is switched off is gone from the catalog and its profiles, and stays told', async t => {
  const { catalog, disabled } = tailor('tailoring: [{ check: "ssh-*", disabled: true, rationale: none here }]')
  t.same(
    catalog.checks.map(({ id }) => id),
    ['other'],
  )
  t.match(catalog.profiles, [{ checks: ['other'], parameters: {} }])
  t.same(disabled, [
    { check: 'ssh-a', rationale: 'none here', place: '1.yaml:1:41' },
    { check: 'ssh-b', rationale: 'none here', place: '1.yaml:1:41' },
  ])
})

t.test('a later rule switches on again where it is meant for the host', async t => {
  const text = `tailoring:
  - { check: other, disabled: true, rationale: not here }
  - { check: other, disabled: false, hosts: { matchLabels: { role: web } } }
`
  t.same(tailor(text).disabled.length, 1)
  const web = tailor(text, { role: 'web' })
  t.same(web.disabled, [])
  t.ok(web.catalog.checks.some(({ id }) => id === 'other'))
})

t.test('severity and parameters are changed, over those of profiles, name by name', async t => {
  const { catalog, changes } = tailor(`tailoring:
  - { check: "ssh-*", severity: critical, parameters: { max: 8 } }
  - { check: ssh-b, parameters: { max: 9 } }
`)
  t.match(catalog.checks, [
    { id: 'ssh-a', severity: 'critical', parameters: { max: 8, name: 'x' } },
    { id: 'ssh-b', severity: 'critical', parameters: { max: 9 } },
    { id: 'other', severity: 'medium' },
  ])
  t.same(catalog.profiles[0]?.parameters, { 'ssh-a': { name: 'y' } })
  t.same(changes.get('ssh-b')?.severity, { value: 'critical', place: '1.yaml:2:33' })
  t.same([...(changes.get('ssh-b')?.parameters ?? [])], [['max', { value: 9, place: '1.yaml:3:40' }]])
})

t.test('each set of rules has a catalog and a digest of its own', async t => {
  const tailorOf = createTailor(
    policyOf(`tailoring:
  - { check: other, severity: low, hosts: { matchLabels: { role: web } } }
  - { check: other, severity: high, hosts: { matchLabels: { role: db } } }
`),
  )
  const digest = (labels: Record<string, string>) => tailorOf(labels).catalog.digest
  t.equal(new Set([digest({}), digest({ role: 'web' }), digest({ role: 'db' })]).size, 3)
  t.equal(tailorOf({ role: 'web', zone: 'a' }), tailorOf({ role: 'web', zone: 'b' }), 'hosts of like rules share it')
})

t.test('a hundred sets of rules are kept, one more takes their place', async t => {
  const bits = [0, 1, 2, 3, 4, 5, 6]
  const rules = bits.map(bit => `  - { check: other, severity: low, hosts: { matchLabels: { "b${bit}": "1" } } }\n`)
  const tailorOf = createTailor(policyOf(`tailoring:\n${rules.join('')}`))
  const ofNumber = (number: number) =>
    tailorOf(Object.fromEntries(bits.map(bit => [`b${bit}`, String((number >> bit) & 1)])))
  const first = Array.from({ length: 100 }, (_, number) => ofNumber(number))
  t.strictSame(
    first.filter((tailored, number) => ofNumber(number) !== tailored),
    [],
    'each is there again',
  )
  const last = ofNumber(100)
  t.equal(ofNumber(100), last)
  t.not(ofNumber(0), first[0], 'the others were let go')
})

t.test('what a rule does not name is not changed', async t => {
  const { catalog, changes } = tailor('tailoring: [{ check: ssh-a, disabled: true, rationale: r }]')
  t.strictSame([...changes], [])
  t.strictSame(catalog.profiles[0]?.parameters, { 'ssh-b': { max: 6 } }, 'what is off has no parameters')
  t.strictSame([...tailor('tailoring: [{ check: other, severity: low }]').changes.keys()], ['other'])
})

t.test('a check that is switched off needs a reason, one that a later rule leaves alone stays off', async t => {
  const text = `tailoring:
  - { check: other, disabled: true, rationale: why }
  - { check: other, severity: low }
`
  t.strictSame(
    tailor(text).disabled.map(({ check, rationale }) => [check, rationale]),
    [['other', 'why']],
  )
})

t.test('however rules are put together, a catalog keeps its own laws', async t => {
  const rule = fc.record({
    check: fc.constantFrom('ssh-a', 'ssh-b', 'other', 'ssh-*', '*'),
    change: fc.constantFrom('severity: low', 'disabled: true, rationale: r', 'disabled: false'),
    hosts: fc.constantFrom('', ', hosts: { matchLabels: { role: web } }'),
  })
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), rules => {
      const text = rules.map(({ check, change, hosts }) => `  - { check: "${check}", ${change}${hosts} }\n`).join('')
      const { catalog, disabled, changes } = tailor(`tailoring:\n${text}`, { role: 'web' })
      const ids = catalog.checks.map(({ id }) => id)
      t.same([...ids, ...disabled.map(({ check }) => check)].sort(), ['other', 'ssh-a', 'ssh-b'])
      t.same([...(catalog.profiles[0]?.checks ?? [])].sort(), [...ids].sort())
      t.ok([...changes.keys()].every(id => ids.includes(id)))
    }),
    { numRuns: 50 },
  )
})
