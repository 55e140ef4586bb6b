// Checks that do not end, take all memory, throw or do not parse, judged by the real process.
import t from 'tap'
import type { Check, Profile } from '../../policy/check.ts'
import { type SandboxLimits, sandboxLimits } from '../../policy/sandbox.ts'
import { createSiteJudge } from '../../policy/site-judge.ts'
import type { FacetState } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { startSandbox } from '../../site/start-sandbox.ts'

const now = new Date('2026-06-15T12:00:00Z')

function check(id: string, pass: string, more: Partial<Check> = {}): Check {
  return {
    ...{ id, title: id, severity: 'high', pass, evidence: '["seen"]', rationale: 'R.', remediation: 'Do `it`.' },
    ...{ references: [], parameters: {}, tests: [], ...more },
  }
}

/** So many listeners that four loops in each other over them do not end. */
const listeners = Array.from({ length: 300 }, (_, port) => ({ address: '0.0.0.0', port, scope: 'any' }))
const ports: FacetState = {
  ...{ facet: 'ports', schemaVersion: 1, state: 'present', digest: 'sha256:1' },
  ...{ facts: { gaps: [], listeners }, observations: {} },
}
const states = new Map([['ports', ports]])

const endless =
  'ports.listeners.all(a, ports.listeners.all(b, ports.listeners.all(c, ports.listeners.all(d, a.port + b.port + c.port + d.port >= 0))))'
/** Doubled 24 times a text of 16 letters is one of 256 MiB. */
const doubled = (times: number, use: string): string => {
  const names = Array.from({ length: times }, (_, index) => `v${index}`)
  const binds = names.map((name, index) => {
    return `cel.bind(${name}, ${index === 0 ? '"0123456789abcdef"' : `v${index - 1} + v${index - 1}`}, `
  })
  return `${binds.join('')}v${times - 1}${use}${')'.repeat(times)}`
}

interface Site {
  readonly checks?: readonly Check[]
  readonly profiles?: readonly Profile[]
  readonly limits?: Partial<SandboxLimits>
}

function judgeOf({ checks = [], profiles = [], limits = {} }: Site) {
  let started = 0
  const place = () => ''
  const judge = createSiteJudge({
    policy: {
      ownChecks: new Map(checks.map(item => [item.id, { item, place }])),
      ownProfiles: new Map(profiles.map(item => [item.id, { item: { ...item, extends: [], without: [] }, place }])),
    },
    catalog: { checks: [check('built-in', 'ports.listeners.size() > 5'), ...checks], profiles, digest: '' },
    facets,
    startSandbox: () => {
      started++
      return startSandbox()
    },
    limits: { ...sandboxLimits, checkMs: 3_000, ...limits },
  })
  return { judge, started: () => started }
}

t.test('own checks are judged as built-in ones are, in the order asked for', async t => {
  const mine = check('mine', 'ports.listeners.all(l, l.port < params.max)', {
    evidence: 'ports.listeners.filter(l, l.port >= params.max).map(l, string(l.port))',
    remediation: 'Stop `fuser {{ ports.listeners[299].port }}`.',
    parameters: { max: 299 },
  })
  const dated = check('dated', 'now < date("2027-01-01")')
  const { judge, started } = judgeOf({ checks: [mine, dated] })
  const results = await judge.evaluate({ facets: states, now, checks: ['mine', 'built-in', 'dated'] })
  t.match(results, [
    { check: 'mine', state: 'fail', evidence: ['299'], remediation: 'Stop `fuser 299`.', facets: ['ports'] },
    { check: 'built-in', state: 'pass', evidence: [] },
    { check: 'dated', state: 'pass', validUntil: '2027-01-01T00:00:00.000Z' },
  ])
  t.equal(started(), 1)
  const [given] = await judge.evaluate({ facets: states, now, checks: ['mine'], parameters: { mine: { max: 300 } } })
  t.equal(given?.state, 'pass', 'with parameters of the caller, too')
})

t.test('without own checks nothing is started', async t => {
  const { judge, started } = judgeOf({})
  t.match(await judge.evaluate({ facets: states, now }), [{ check: 'built-in', state: 'pass' }])
  t.same(await judge.profilesFor(states), [])
  t.equal(started(), 0)
})

t.test('of a hundred checks the one that does not end is an error that says so', async t => {
  const checks = Array.from({ length: 100 }, (_, index) =>
    index === 41 ? check('endless', endless) : check(`fine-${index}`, 'ports.listeners.size() == 300'),
  )
  const { judge, started } = judgeOf({ checks })
  const results = await judge.evaluate({ facets: states, now })
  t.equal(results.length, 101)
  t.same(
    results.filter(({ state }) => state !== 'pass'),
    [
      {
        ...{ check: 'endless', state: 'error', reason: 'the check was stopped: no result within 3000 ms' },
        ...{ evidence: [], remediation: '', facets: ['ports'] },
      },
    ],
  )
  t.equal(started(), 2, 'one sandbox up to it, one for the rest')
  const again = await judge.evaluate({ facets: states, now })
  t.same(again, results, 'over the same facts it is the same error')
  t.equal(started(), 3, 'and it is not tried again')
})

t.test('a check that takes all memory takes nothing else with it', async t => {
  const checks = [
    check('flattened', doubled(25, '.split("").size() > 0')),
    check(
      'listed',
      'ports.listeners.map(a, ports.listeners.map(b, ports.listeners.map(c, string(c.port) + "x"))).size() > 0',
    ),
    check('fine', 'true'),
  ]
  const { judge } = judgeOf({ checks, limits: { checkMs: 30_000 } })
  const results = await judge.evaluate({ facets: states, now, checks: checks.map(({ id }) => id) })
  t.match(results, [
    { check: 'flattened', state: 'error', reason: /the check was stopped: .*want of memory|evaluation failed/ },
    { check: 'listed', state: 'error', reason: /the check was stopped: .*want of memory/ },
    { check: 'fine', state: 'pass' },
  ])
})

t.test('what throws, does not parse or does not type-check is its own error', async t => {
  const checks = [
    check('throws', 'ports.listeners[1000].port == 1'),
    check('says-unknown', 'unknown("nobody can tell")'),
    check('syntax', 'ports.listeners.all(l,'),
    check('types', 'ports.listeners.size() == "x"'),
    check('unread', 'kubelet.kubelets.size() > 0'),
    check('remedy', 'false', { remediation: '{{ nothing }}' }),
    check('fine', 'true'),
  ]
  const { judge, started } = judgeOf({ checks })
  const results = await judge.evaluate({ facets: states, now, checks: checks.map(({ id }) => id) })
  t.same(
    results.map(({ check, state }) => `${check} ${state}`),
    ['throws error', 'says-unknown error', 'syntax error', 'types error', 'unread error', 'remedy error', 'fine pass'],
  )
  for (const { check, reason } of results.filter(({ state }) => state === 'error')) t.not(reason, '', check)
  t.equal(started(), 1)
})

t.test('after some that had to be stopped the rest is left alone', async t => {
  const checks = [check('one', endless), check('two', endless), check('three', 'true'), check('four', 'true')]
  const { judge, started } = judgeOf({ checks, limits: { checkMs: 300, stoppedChecks: 2 } })
  const results = await judge.evaluate({ facets: states, now, checks: checks.map(({ id }) => id) })
  t.match(results, [
    { check: 'one', state: 'error' },
    { check: 'two', state: 'error' },
    { check: 'three', state: 'error', reason: 'not judged: 2 checks of this site had to be stopped before it' },
    { check: 'four', state: 'error' },
  ])
  t.equal(started(), 2)
})

t.test('conditions of own profiles are judged there, too', async t => {
  const profile = (id: string, appliesTo: string, more: Partial<Profile> = {}): Profile => {
    return { id, title: id, appliesTo, checks: ['mine'], parameters: {}, ...more }
  }
  const profiles = [
    profile('fits', 'ports.listeners.size() > 5', { parameters: { mine: { max: 7 } } }),
    profile('does-not', 'ports.listeners.size() > 500'),
    profile('endless', endless),
    profile('unknown', 'kubelet.kubelets.size() > 0'),
    profile('old', 'true', { versions: [{ profile: 'new', when: 'ports.listeners.size() == 300' }] }),
    profile('new', 'false'),
  ]
  const mine = check('mine', 'params.max == 7', { parameters: { max: 1 } })
  const { judge } = judgeOf({ checks: [mine], profiles })
  t.same(await judge.profilesFor(states), ['fits', 'new'])
  t.same(await judge.versionsFor(['old', 'fits'], states), ['new', 'fits'])
  t.match(await judge.evaluate({ facets: states, now, profiles: ['fits'] }), [{ check: 'mine', state: 'pass' }])
  t.match(await judge.evaluate({ facets: states, now, profile: 'new' }), [{ check: 'mine', state: 'fail' }])
  await t.rejects(judge.evaluate({ facets: states, now, profiles: ['fit'] }), { name: 'PolicyError' })
})

t.test('a sandbox that does not start leaves every own check an error with the reason', async t => {
  const place = () => ''
  const item = check('mine', 'true')
  const judge = createSiteJudge({
    policy: { ownChecks: new Map([['mine', { item, place }]]), ownProfiles: new Map() },
    catalog: { checks: [item], profiles: [], digest: '' },
    facets,
    startSandbox: () => ({
      ask: () => undefined,
      next: async () => ({ state: 'ended', detail: 'ended with 1' }),
      end: () => undefined,
    }),
  })
  t.match(await judge.evaluate({ facets: states, now }), [
    { state: 'error', reason: 'not judged: what judges the checks of this site did not start: ended with 1' },
  ])
})
