// Tests of what the engine does with a catalog: it selects by profile, sets parameters and refuses mistakes.
import t from 'tap'
import type { Check, Profile } from '../../policy/check.ts'
import { createEngine, type Evaluation } from '../../policy/engine.ts'
import { PolicyError } from '../../policy/policy-error.ts'
import { facets } from '../../proto/facets.generated.ts'
import { absent, catalogOf, check, engineOf, listener, now, present, states } from './small-engine.ts'

const tailored = check('few-ports', {
  pass: 'ports.listeners.all(l, l.port in params.allowed)',
  evidence: 'ports.listeners.map(l, string(l.port))',
  parameters: { allowed: [22], strict: true },
})
const profile = (id: string, more: Partial<Profile> = {}): Profile => ({
  id,
  title: id,
  appliesTo: 'true',
  checks: ['few-ports', 'other'],
  parameters: {},
  ...more,
})
const withProfiles = createEngine(
  catalogOf(
    [check('other'), tailored, check('unlisted')],
    [
      profile('web', { parameters: { 'few-ports': { allowed: [80] } } }),
      profile('ssh', { checks: ['few-ports'] }),
      profile('node', { appliesTo: 'host.kubernetesRoles.exists(r, r == "worker")' }),
      profile('live', { appliesTo: 'host.kernel.release != ""' }),
    ],
  ),
  facets,
)

t.test('profiles select checks in their order and set parameters', async t => {
  const on80 = states(present('ports', { listeners: [listener(80)] }))
  const run = (more: Partial<Evaluation>) =>
    withProfiles.evaluate({ facets: on80, now, ...more }).map(result => `${result.check} ${result.state}`)
  t.same(run({}), ['other pass', 'few-ports fail', 'unlisted pass'], 'all checks with their own defaults')
  t.same(run({ profile: 'web' }), ['few-ports pass', 'other pass'])
  t.same(run({ profile: 'ssh' }), ['few-ports fail'])
  t.same(
    run({ profiles: ['ssh', 'web'] }),
    ['few-ports pass', 'other pass'],
    'the profile that sets a parameter decides',
  )
  t.same(run({ profiles: [] }), [])
  t.same(run({ checks: ['unlisted', 'few-ports'] }), ['unlisted pass', 'few-ports fail'])
  t.same(run({ checks: ['few-ports'], profile: 'web' }), ['few-ports pass'])
  t.same(run({ profile: 'web', parameters: { 'few-ports': { allowed: [] } } }), ['few-ports fail', 'other pass'])
  t.same(run({ profile: 'web' }), ['few-ports pass', 'other pass'], 'given parameters are forgotten afterwards')
})

t.test('a request for what is not there is refused with the name that was meant', async t => {
  const run = (more: Partial<Evaluation>) => () => withProfiles.evaluate({ facets: new Map(), now, ...more })
  t.throws(run({ profile: 'wep' }), /^profile wep: is not known, did you mean "web"\?/)
  t.throws(run({ checks: ['few-port'] }), /^check few-port: is not known, did you mean "few-ports"\?/)
  t.throws(run({ parameters: { nothing: {} } }), /check nothing: is not known/)
  t.throws(run({ parameters: { 'few-ports': { alowed: [] } } }), /no parameter "alowed", did you mean "allowed"\?/)
  t.throws(run({ parameters: { 'few-ports': { strict: 1 } } }), /parameter "strict" is a bool, not int/)
  t.throws(
    run({ parameters: { 'few-ports': { allowed: ['80'] } } }),
    /parameter "allowed" is a list<int>, not list<string>/,
  )
})

t.test('a host takes the profiles whose condition is known to hold', async t => {
  const node = present('host', { kubernetesRoles: ['worker'] })
  t.same(withProfiles.profilesFor(states(node)), ['web', 'ssh', 'node'])
  t.same(withProfiles.profilesFor(states(present('host', { kubernetesRoles: [], kernel: { release: '6' } }))), [
    'web',
    'ssh',
    'live',
  ])
  t.same(withProfiles.profilesFor(states(absent('host', 'notInstalled'))), ['web', 'ssh'])
})

t.test('an engine says which facets a check reads', async t => {
  t.same(withProfiles.facetsOf('few-ports'), ['ports'])
  t.same(withProfiles.facetsOf('other'), [])
  t.throws(() => withProfiles.facetsOf('none'), PolicyError)
})

t.test('a result depends on the facets of every part of its check, and prose names none', t => {
  const inputs = (more: Partial<Check>) => engineOf(check('one', more)).inputsOf('one')
  t.same(inputs({ remediation: "Don't open ports on this host." }), { facets: [], observes: false })
  t.same(inputs({ pass: 'host.hostname == "x"', remediation: 'See {{ ports.bindV6Only }}.' }), {
    facets: ['host', 'ports'],
    observes: false,
  })
  t.same(inputs({ applies: 'ports. observations.ephemeralUdp == 0' }), { facets: ['ports'], observes: true })
  t.same(inputs({ remediation: '{{ ports.observations.ephemeralUdp }}' }), { facets: ['ports'], observes: true })
  t.throws(() => engineOf(check('one')).inputsOf('none'), PolicyError)
  t.end()
})

t.test('a catalog is refused with every mistake in it', async t => {
  const broken = [
    check('Bad_id'),
    check('twice'),
    check('twice'),
    check('typo', { pass: 'ports.listenrs.size() == 0', evidence: 'ports' }),
    check('both', { manual: 'Look.', pass: 'true' }),
    check('template', { remediation: '`rm {{ nothing }}`' }),
    check('value', { parameters: { Big: 1, half: 1.5 } }),
  ]
  const profiles = [
    profile('p', { checks: ['typoo', 'both', 'both'], appliesTo: '1', parameters: { typo: {}, both: { x: 1 } } }),
    profile('P!'),
  ]
  let lines: readonly string[] = []
  try {
    createEngine(catalogOf(broken, profiles), facets)
  } catch (error) {
    lines = error instanceof PolicyError ? error.message.split('\n') : [String(error)]
  }
  t.same(lines, [
    'check Bad_id, id: is not kebab-case',
    'check twice, id: is used twice',
    'check typo, pass: No such key: listenrs, did you mean "listeners"?',
    'check typo, evidence: must be list<string>, but is ports',
    'check both: has either `pass` or `manual`',
    'check both: lacks `evidence`',
    'check template, remediation: Unknown variable: nothing',
    'check value, parameters.Big: is not camelCase',
    'check value, parameters.half: a parameter is a string, an integer, a boolean, or a list of strings or of integers',
    'profile p, checks: there is no check "typoo", did you mean "typo"?',
    'profile p, checks: lists "both" twice',
    'profile p, parameters: "typo" is not among the profile\'s checks, did you mean "typoo"?',
    'profile p, parameters.both: there is no parameter "x"',
    'profile p, appliesTo: must be bool, but is int',
    'profile P!, id: is not kebab-case',
    'profile P!, checks: there is no check "few-ports"',
    'profile P!, checks: there is no check "other"',
  ])
})
