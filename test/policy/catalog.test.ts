import t from 'tap'
import { parseCheckFile, parseProfileFile, sealCatalog } from '../../policy/catalog.ts'
import { catalogProblems } from '../../policy/catalog-problems.ts'
import { PolicyError } from '../../policy/policy-error.ts'
import { facets } from '../../proto/facets.generated.ts'

const good = `# Ports that are open.
- id: no-open-port
  title: No port is open to anybody
  severity: high
  applies: host.kubernetesRoles.size() == 0
  pass: >-
    ports.listeners.all(l,
      l.scope != "any")
  evidence: |
    ports.listeners
      .filter(l, l.scope == "any")
      .map(l, l.address)
  rationale: Because.
  remediation: |
    Stop it.

    Then look again.
  references:
    - { source: cis-debian-linux-12, version: "1.10", id: "2.2.1" }
    - { source: mitre-attack, id: T1046 }
  parameters: { max: 3 }
  tests:
    - name: nothing listens
      facets: { host: { kubernetesRoles: [] }, ports: { listeners: [] } }
      expect: pass
    - name: no host
      facets: { host: absent }
      now: 2026-01-01T00:00:00Z
      expect: not_applicable
- id: look-at-it
  title: Somebody looked
  severity: low
  manual: Look.
  rationale: Because.
  remediation: Look.
`

/** The lines of the error of a file that is refused. */
function refusal(text: string, parse: (text: string, path: string) => unknown = parseCheckFile): readonly string[] {
  try {
    parse(text, 'a.yaml')
    return ['accepted']
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return error.message.split('\n')
  }
}

t.test('a file is a list of checks, with defaults for what may be left out', async t => {
  const { items } = parseCheckFile(good, 'a.yaml')
  t.match(items, [
    {
      id: 'no-open-port',
      pass: 'ports.listeners.all(l,\n  l.scope != "any")',
      evidence: 'ports.listeners\n  .filter(l, l.scope == "any")\n  .map(l, l.address)',
      remediation: 'Stop it.\n\nThen look again.',
      references: [{ source: 'cis-debian-linux-12', version: '1.10', id: '2.2.1' }, { version: '' }],
      parameters: { max: 3 },
      tests: [{ facets: { ports: { listeners: [] } } }, { facets: { host: 'absent' }, now: '2026-01-01T00:00:00Z' }],
    },
    { id: 'look-at-it', references: [], parameters: {}, tests: [] },
  ])
  t.notOk(items[1] && 'pass' in items[1])
  t.same(catalogProblems({ checks: items, profiles: [] }, facets), [])
})

t.test('an unknown key names its place and the key that was meant', async t => {
  t.same(refusal(good.replace('rationale: Because.\n  remediation: Look', 'rational: Because.\n  remediation: Look')), [
    'a.yaml:30:3: check look-at-it, rationale: is missing',
    'a.yaml:34:3: check look-at-it: unknown key "rational", did you mean "rationale"?',
  ])
  t.same(refusal(good.replace('expect: pass', 'expects: pass')), [
    'a.yaml:23:7: check no-open-port, tests.0.expect: Invalid option: expected one of "pass"|"fail"|"manual"|"not_applicable"|"error"',
    'a.yaml:25:7: check no-open-port, tests.0: unknown key "expects", did you mean "expect"?',
  ])
})

t.test('a wrong value names its place, and a number where a text is meant says what to do', async t => {
  t.same(refusal(good.replace('"1.10"', '1.10')), [
    'a.yaml:19:47: check no-open-port, references.0.version: expected string, received number: put it in quotes',
  ])
  t.same(refusal(good.replace('severity: low', 'severity: minor')), [
    'a.yaml:32:13: check look-at-it, severity: Invalid option: expected one of "critical"|"high"|"medium"|"low"',
  ])
  t.same(refusal(good.replace('title: Somebody looked', 'title: ""')), [
    'a.yaml:31:10: check look-at-it, title: Too small: expected string to have >=1 characters',
  ])
  t.match(refusal(good.replace('{ max: 3 }', '{ max: null }')), [
    'a.yaml:21:22: check no-open-port, parameters.max: must be a text, an integer',
  ])
})

t.test('text that is no YAML names the place', async t => {
  t.match(refusal('- id: a\n  id: b\n'), ['a.yaml:2:3: Map keys must be unique'])
  t.match(refusal('- [1, 2\n'), [/^a\.yaml:\d+:\d+: Flow sequence/])
  t.match(refusal('- id: *x\n'), ['a.yaml:1:3: Unresolved alias'])
})

t.test('what is no list of checks is refused', async t => {
  t.match(refusal(''), ['a.yaml:1:1: the file is empty: it is to hold a list of checks'])
  t.match(refusal('text'), ['a.yaml:1:1: check 1: expected object'])
  t.match(refusal('- text'), ['a.yaml:1:3: check 1: expected object'])
  t.same(refusal('[]'), ['accepted'])
})

t.test('facts that rows share may be written once', async t => {
  const shared = good
    .replace('ports: { listeners: [] }', 'ports: &quiet { listeners: [] }')
    .replace('facets: { host: absent }', 'facets: { host: absent, ports: *quiet }')
  t.match(parseCheckFile(shared, 'a.yaml').items[0]?.tests[1]?.facets, { ports: { listeners: [] } })
})

t.test('every prefix of a file is read or refused with a clear error', async t => {
  const outcomes = new Set<string>()
  for (let length = 0; length <= good.length; length++) {
    const [line = ''] = refusal(good.slice(0, length))
    outcomes.add(line === 'accepted' ? line : line.replace(/^a\.yaml:\d+:\d+: .*$/s, 'refused with a place'))
  }
  t.same([...outcomes].sort(), ['accepted', 'refused with a place'])
})

t.test('a mistake in an expression is found at its line and column', async t => {
  const place = (text: string, part: string) => {
    const file = parseCheckFile(text, 'a.yaml')
    const [problem] = catalogProblems({ checks: file.items, profiles: [] }, facets)
    t.equal(problem?.part, part)
    const where = file.place(0, part, problem?.offset ?? 0).split(':')
    const column = Number(where[2])
    return `${where[1]} ${text.split('\n')[Number(where[1]) - 1]?.slice(column - 1, column + 6)}`
  }
  t.equal(place(good.replace('host.kubernetesRoles', 'host.kubernetesRols'), 'applies'), '5 kuberne')
  t.equal(place(good.replace('l.scope !=', 'l.scop !='), 'pass'), '8 scop !=')
  t.equal(place(good.replace('l.address', 'l.adress'), 'evidence'), '12 adress)')
  t.equal(place(good.replace('Then look', 'Then {{ nothing }} look'), 'remediation'), '17 nothing')
  const quoted = good.replace('applies: host.kubernetesRoles.size() == 0', 'applies: "host.kubernetesRols.size() == 0"')
  t.equal(place(quoted, 'applies'), '5 kuberne')
})

t.test('a CRLF file reads as one with line feeds', async t => {
  t.same(parseCheckFile(good.replaceAll('\n', '\r\n'), 'a.yaml').items, parseCheckFile(good, 'a.yaml').items)
})

const profile = `id: linux-hardening
title: Linux hosts
appliesTo: host.init != ""
checks:
  - no-open-port
parameters:
  no-open-port: { max: 5 }
`

t.test('a profile file holds one profile or several', async t => {
  t.match(parseProfileFile(profile, 'a.yaml').items, [
    { id: 'linux-hardening', checks: ['no-open-port'], parameters: { 'no-open-port': { max: 5 } } },
  ])
  const list = `- ${profile.trim().replaceAll('\n', '\n  ')}\n- { id: b, title: B, appliesTo: "true", checks: [] }\n`
  t.same(
    parseProfileFile(list, 'a.yaml').items.map(item => item.id),
    ['linux-hardening', 'b'],
  )
  t.same(refusal(profile.replace('checks:', 'check:'), parseProfileFile), [
    'a.yaml:1:1: profile linux-hardening, checks: is missing',
    'a.yaml:4:1: profile linux-hardening: unknown key "check", did you mean "checks"?',
  ])
})

t.test('the digest of a catalog covers everything but the tests', async t => {
  const { items } = parseCheckFile(good, 'a.yaml')
  const { digest, checks } = sealCatalog(items, [])
  t.match(digest, /^sha256:[0-9a-f]{64}$/)
  t.ok(checks.every(check => check.tests.length === 0))
  const without = parseCheckFile(good.replace('nothing listens', 'silence'), 'a.yaml').items
  t.equal(sealCatalog(without, []).digest, digest)
  const other = parseCheckFile(good.replace('max: 3', 'max: 4'), 'a.yaml').items
  t.not(sealCatalog(other, []).digest, digest)
})
