// Tests of what can be wrong with a catalog, each by the words that its author reads.
import t from 'tap'
import { catalogProblems } from '../../policy/catalog-problems.ts'
import type { Check, Profile } from '../../policy/check.ts'
import { facets } from '../../proto/facets.generated.ts'

const check = (more: Partial<Check> = {}): Check => ({
  ...{ id: 'swap-is-off', title: 'Title', severity: 'low', rationale: 'Because.', remediation: 'Do.' },
  ...{ pass: 'host.init != ""', evidence: '[host.init]', references: [], parameters: { max: 3 }, tests: [] },
  ...more,
})
const manual = (more: Partial<Check> = {}): Check => {
  const { pass, evidence, ...rest } = check({ id: 'look-at-it', manual: 'Look.' })
  return { ...rest, ...more }
}
const profile = (more: Partial<Profile> = {}): Profile => ({
  ...{ id: 'linux', title: 'Title', appliesTo: 'host.init != ""', checks: ['swap-is-off'], parameters: {} },
  ...more,
})
const problems = (checks: readonly Check[], profiles: readonly Profile[] = []) =>
  catalogProblems({ checks, profiles }, facets).map(({ subject, part, message }) => `${subject}, ${part}: ${message}`)

t.test('a catalog without fault has none', async t => {
  t.strictSame(problems([check(), manual()], [profile(), profile({ id: 'linux-2@1.10' })]), [])
})

t.test('an id is kebab-case and used once', async t => {
  for (const id of ['Swap', 'swap_off', '-swap', 'swap-', 'swap--off', '2swap', 'x swap', 'swap!', 'swap@1'])
    t.strictSame(problems([check({ id })]), [`check ${id}, id: is not kebab-case`])
  for (const id of ['Linux', 'x linux', 'linux@', 'linux@x', 'linux-', 'linux@1 ', '-linux'])
    t.strictSame(problems([check()], [profile({ id })]), [`profile ${id}, id: is not kebab-case`])
  t.strictSame(problems([check(), check()]), ['check swap-is-off, id: is used twice'])
  t.strictSame(problems([check()], [profile(), profile()]), ['profile linux, id: is used twice'])
})

t.test('of two checks with one id each is told what is wrong with its own words', async t => {
  t.strictSame(problems([check({ pass: 'host.inti == ""' }), check()]), ['check swap-is-off, id: is used twice'])
  t.match(problems([check(), check({ pass: 'host.inti == ""' })]), [/id: is used twice/, /^check swap-is-off, pass: /])
})

t.test('a check is automatic, with evidence, or manual, without', async t => {
  const { pass, ...neither } = check()
  t.strictSame(problems([neither]), [
    'check swap-is-off, : has either `pass` or `manual`',
    'check swap-is-off, evidence: belongs to an automatic check',
  ])
  t.strictSame(problems([check({ manual: 'Look.' })]), ['check swap-is-off, : has either `pass` or `manual`'])
  t.strictSame(problems([manual({ evidence: '[]' })]), ['check look-at-it, evidence: belongs to an automatic check'])
  const { evidence, ...without } = check()
  t.strictSame(problems([without]), ['check swap-is-off, : lacks `evidence`'])
})

t.test('a note belongs to a parameter of its check', async t => {
  t.strictSame(problems([check({ parameterNotes: { max: 'the most' } })]), [])
  t.strictSame(problems([check({ parameterNotes: { maxx: 'the most' } })]), [
    'check swap-is-off, parameterNotes: there is no parameter "maxx", did you mean "max"?',
  ])
  t.strictSame(problems([check({ parameterNotes: { toString: 'x' } })]), [
    'check swap-is-off, parameterNotes: there is no parameter "toString"',
  ])
})

t.test('a profile lists checks that are there, once, and sets their parameters', async t => {
  t.strictSame(problems([check()], [profile({ checks: ['swap-is-of', 'swap-is-off', 'swap-is-off'] })]), [
    'profile linux, checks: there is no check "swap-is-of", did you mean "swap-is-off"?',
    'profile linux, checks: lists "swap-is-off" twice',
  ])
  t.strictSame(problems([check(), manual()], [profile({ parameters: { 'look-at-it': {} } })]), [
    'profile linux, parameters: "look-at-it" is not among the profile\'s checks',
  ])
  t.match(problems([check()], [profile({ parameters: { 'swap-is-off': { max: 'many' } } })]), [
    /^profile linux, parameters\.swap-is-off: /,
  ])
})

t.test('versions of a profile are profiles, their conditions type-check', async t => {
  const version = (more: object) => profile({ versions: [{ profile: 'linux-2', when: 'true', ...more }] })
  const second = profile({ id: 'linux-2' })
  t.strictSame(problems([check()], [version({}), second]), [])
  t.strictSame(problems([check()], [version({ profile: 'linux-3' }), second]), [
    'profile linux, versions.0: there is no profile "linux-3", did you mean "linux-2"?',
  ])
  t.match(problems([check()], [version({ when: 'host.inti' }), second]), [/^profile linux, versions\.0\.when: /])
  t.match(problems([check()], [profile({ appliesTo: 'host.inti == ""' })]), [/^profile linux, appliesTo: /])
})
