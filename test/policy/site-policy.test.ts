import t from 'tap'
import type { Catalog, Check, Profile } from '../../policy/check.ts'
import { problemLine } from '../../policy/policy-error.ts'
import { inspectSitePolicy, plainPolicy, readSitePolicy } from '../../policy/site-policy.ts'
import { facets } from '../../proto/facets.generated.ts'

function check(id: string, more: Partial<Check> = {}): Check {
  return {
    ...{ id, title: id, severity: 'medium', pass: 'true', evidence: '[]', rationale: 'R.', remediation: 'D.' },
    ...{ references: [], parameters: {}, tests: [], ...more },
  }
}
const builtInProfile: Profile = {
  id: 'linux',
  title: 'L',
  appliesTo: 'false',
  checks: ['ssh-a', 'ssh-b'],
  parameters: {},
}
const base: Catalog = {
  checks: [
    check('ssh-a', { parameters: { max: 3, names: ['x'] } }),
    check('ssh-b', { parameters: { max: 1 } }),
    check('other'),
  ],
  profiles: [builtInProfile],
  digest: 'sha256:base',
}
const inspect = (...texts: string[]) =>
  inspectSitePolicy(
    base,
    texts.map((text, index) => ({ path: `${index + 1}.yaml`, text })),
    facets,
  )
const lines = (...texts: string[]) => inspect(...texts).problems.map(problemLine)

const own = (id: string, more = '') => `- id: ${id}
  title: T
  severity: high
  pass: ports.listeners.all(l, l.port < params.max)
  evidence: ports.listeners.filter(l, l.port >= params.max).map(l, string(l.port))
  rationale: R.
  remediation: D.
  parameters: { max: 9 }
${more}`

t.test('without files the catalog stays as it is', async t => {
  t.same(inspect().policy, plainPolicy(base))
  t.equal(inspect().policy.catalog, base)
})

t.test('own checks and profiles join the catalog, which gets a digest of its own', async t => {
  const { policy, problems } = inspect(own('mine'), 'id: site\ntitle: S\nappliesTo: "true"\nchecks: [mine, ssh-a]')
  t.same(problems, [])
  t.same(policy.files, ['1.yaml', '2.yaml'])
  t.same(
    policy.catalog.checks.map(({ id }) => id),
    ['ssh-a', 'ssh-b', 'other', 'mine'],
  )
  t.same(
    policy.catalog.profiles.map(({ id }) => id),
    ['linux', 'site'],
  )
  t.match(policy.catalog.digest, /^sha256:[0-9a-f]{64}$/)
  t.same([...policy.ownChecks.keys(), ...policy.ownProfiles.keys()], ['mine', 'site'])
})

t.test('own checks that no profile lists are in one that every host takes', async t => {
  const { policy } = inspect(
    `${own('mine')}${own('listed')}`,
    'id: site\ntitle: S\nappliesTo: "true"\nchecks: [listed]',
  )
  t.match(policy.catalog.profiles.at(-1), { id: 'local', appliesTo: 'true', checks: ['mine'], parameters: {} })
})

t.test('a profile may take over a built-in one', async t => {
  const { policy, problems } = inspect(
    'id: site\ntitle: S\nappliesTo: "true"\nextends: [linux]\nwithout: [ssh-b]\nchecks: [other]\nparameters: { ssh-a: { max: 7 } }',
  )
  t.same(problems, [])
  t.match(policy.catalog.profiles.at(-1), {
    id: 'site',
    checks: ['ssh-a', 'other'],
    parameters: { 'ssh-a': { max: 7 } },
  })
})

t.test('ids are used once', async t => {
  t.same(lines(own('mine'), `${own('mine')}${own('ssh-a')}`), [
    '2.yaml:1:7: check mine, id: is used before, at 1.yaml:1:7',
    '2.yaml:9:7: check ssh-a, id: is the id of a built-in check: take another, or tailor that one',
  ])
  t.same(
    lines(
      'id: local\ntitle: S\nappliesTo: "true"\nchecks: [other]',
      'id: linux\ntitle: S\nappliesTo: "true"\nchecks: []',
    ),
    [
      '1.yaml:1:5: profile local, id: is the profile of checks that no other lists: take another id',
      '2.yaml:1:5: profile linux, id: is the id of a built-in profile: take another',
    ],
  )
  const waiver = 'waivers: [{ id: W, hosts: all, check: other, reason: r, owner: o, expires: 2027-01-01 }]'
  t.same(lines(waiver, waiver), ['2.yaml:1:17: waiver W, id: is used before, at 1.yaml:1:17'])
})

t.test('expressions of own checks are typed, and their rows held against the facets', async t => {
  t.same(
    lines(
      own(
        'mine',
        '  tests:\n    - name: n\n      facets: { ports: { listners: [] } }\n      parameters: { mx: 1 }\n      expect: pass\n',
      )
        .replace('l.port < params.max', 'l.prt < params.max')
        .replace('string(l.port)', 'l.port'),
    ),
    [
      '1.yaml:4:34: check mine, pass: No such key: prt, did you mean "port"?',
      '1.yaml:5:13: check mine, evidence: must be list<string>, but is list<int>',
      '1.yaml:11:15: check mine, tests.0.facets: ports has no field "listners", did you mean "listeners"?',
      '1.yaml:12:19: check mine, tests.0.parameters: there is no parameter "mx", did you mean "max"?',
    ],
  )
})

t.test('profiles name checks, profiles and parameters that there are', async t => {
  t.same(lines('id: p\ntitle: P\nappliesTo: port.x\nchecks: [other, ssh-aa]\nparameters: { other: { a: 1 } }'), [
    '1.yaml:3:12: profile p, appliesTo: Unknown variable: port, did you mean "ports"?',
    '1.yaml:4:17: profile p, checks: there is no check "ssh-aa", did you mean "ssh-a"?',
    '1.yaml:5:22: profile p, parameters.other: there is no parameter "a"',
  ])
  t.same(lines('id: p\ntitle: P\nappliesTo: "true"\nextends: [linus]\nchecks: [other]'), [
    '1.yaml:4:11: profile p, extends: there is no profile "linus", did you mean "linux"?',
  ])
})

t.test('tailoring and waivers name checks that there are, own ones too', async t => {
  t.same(
    lines(
      own('mine'),
      `tailoring:
  - { check: mine, severity: low }
  - { check: ssh-c, severity: low }
  - { check: "telnet-*", severity: low }
  - { check: ssh-a, parameters: { mx: 1, names: [1], max: "2" } }
  - { check: "ssh-*", parameters: { names: [] } }
waivers:
  - { id: A, hosts: all, check: mine, reason: r, owner: o, expires: 2027-01-01 }
  - { id: B, hosts: all, check: othr, reason: r, owner: o, expires: 2027-01-01 }
  - { id: C, hosts: all, check: "zz*", reason: r, owner: o, expires: 2027-01-01 }
`,
    ),
    [
      '2.yaml:3:14: tailoring of ssh-c, check: there is no check "ssh-c", did you mean "ssh-a"?',
      '2.yaml:4:14: tailoring of telnet-*, check: no check fits "telnet-*"',
      '2.yaml:5:39: tailoring of ssh-a, parameters.mx: there is no parameter "mx", did you mean "max"?',
      '2.yaml:5:49: tailoring of ssh-a, parameters.names: parameter "names" is a list<string>, not list<int>',
      '2.yaml:5:59: tailoring of ssh-a, parameters.max: parameter "max" is a int, not string',
      '2.yaml:6:44: tailoring of ssh-*, parameters.names: ssh-b: there is no parameter "names"',
      '2.yaml:9:33: waiver B, check: there is no check "othr", did you mean "other"?',
      '2.yaml:10:33: waiver C, check: no check fits "zz*"',
    ],
  )
})

t.test('problems of all files come in their order, and the reader throws them all', async t => {
  const texts = ['tailoring: [{ check: zzz, severity: low }]\nwaivers: 7\n', own('ssh-a')]
  const wanted = [/^1\.yaml:1:22: /, /^1\.yaml:2:10: /, /^2\.yaml:1:7: /]
  t.match(lines(...texts), wanted)
  const sources = texts.map((text, index) => ({ path: `${index + 1}.yaml`, text }))
  t.throws(() => readSitePolicy(base, sources, facets), { name: 'PolicyError', problems: { length: 3 } })
})
