// Every row of every check's own test, and what a good check and profile is made of.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Check, CheckTest, ResultState } from '../../policy/check.ts'
import { judgeRow, rowFailures, rowProblems } from '../../policy/check-row.ts'
import { createEngine } from '../../policy/engine.ts'
import { facets } from '../../proto/facets.generated.ts'
import { profilesOf, readCatalog } from '../../scripts/generators/catalog.ts'

const sources = readCatalog(join(import.meta.dirname, '../..'))
const checks = sources.checks.flatMap(file => file.items)
const profiles = profilesOf(sources)
const engine = createEngine({ checks, profiles, digest: '' }, facets)

for (const check of checks) {
  t.test(`${check.id} judges its rows as they expect`, async t => {
    for (const row of check.tests) judges(t, check, row)
  })
}

t.test('an automatic check has rows for every state it can reach', async t => {
  for (const check of checks) {
    const states = new Set(check.tests.map(row => row.expect))
    t.same(
      wantedStates(check).filter(state => !states.has(state)),
      [],
      check.id,
    )
  }
})

t.test('a row that fails says what its evidence must contain', async t => {
  for (const check of checks) {
    const silent = check.tests.filter(row => row.expect === 'fail' && (row.evidence ?? []).length === 0)
    t.same(
      silent.map(row => row.name),
      [],
      check.id,
    )
  }
})

t.test('a remediation with values of the host is seen whole, and a row holds it to them', async t => {
  for (const check of checks) {
    if (check.pass === undefined || !check.remediation.includes('{{')) continue
    const whole = check.tests.filter(row => {
      const text = row.expect === 'fail' ? judgeRow(engine, facets, check, row)?.remediation : undefined
      return text !== undefined && !/\(unknown\)|\(command left out/.test(text)
    })
    t.not(whole.length, 0, `${check.id}: a row knows every value`)
    t.ok(
      whole.some(row => (row.remediation ?? []).length > 0),
      `${check.id}: such a row says what its remediation must contain`,
    )
  }
})

t.test('every parameter says what it sets', async t => {
  const silent = checks.flatMap(({ id, parameters, parameterNotes }) =>
    Object.keys(parameters).flatMap(name => (Object.hasOwn(parameterNotes ?? {}, name) ? [] : [`${id}: ${name}`])),
  )
  t.same(silent, [], '`parameterNotes` has a sentence for each')
})

t.test('rows of a check have names of their own', async t => {
  for (const check of checks) {
    const names = check.tests.map(row => row.name)
    t.equal(new Set(names).size, names.length, check.id)
  }
})

t.test('ids say what is expected, never the number of a benchmark', async t => {
  for (const { id } of checks) {
    t.notMatch(id, /(^|-)(cis|stig|nist|bsi)-|(^|-)\d+-\d+(-\d+)*$/, id)
    t.ok(id.length <= 64, `${id} is at most 64 characters long`)
  }
})

t.test('every check is in a profile', async t => {
  const listed = new Set(profiles.flatMap(profile => profile.checks))
  t.same(
    checks.map(check => check.id).filter(id => !listed.has(id)),
    [],
  )
})

t.test('a profile is decided by facets alone', async t => {
  t.same(engine.profilesFor(new Map()), [], 'none fits a host that sent nothing')
})

function wantedStates(check: Check): readonly ResultState[] {
  const condition: readonly ResultState[] = check.applies === undefined ? [] : ['not_applicable']
  return check.pass === undefined ? ['manual', ...condition] : ['pass', 'fail', 'error', ...condition]
}

function judges(t: Test, check: Check, row: CheckTest): void {
  t.same(rowProblems(facets, row), [], `${row.name}: its facts fit the facets`)
  const result = judgeRow(engine, facets, check, row)
  t.same(rowFailures(row, result), [], row.name)
  if (result?.state === 'error') t.not(result.reason, '', `${row.name}: says why`)
}
