import t from 'tap'
import { problemLine } from '../../policy/policy-error.ts'
import { expiryOf, parsePolicyFile } from '../../policy/policy-file.ts'

const lines = (text: string) => parsePolicyFile(text, 'a.yaml').problems.map(problemLine)

const good = `# What this site wants.
tailoring:
  - check: no-telnet
    disabled: true
    rationale: There is none.
  - check: "ssh-*"
    hosts:
      matchLabels: { role: bastion }
      matchExpressions:
        - { key: zone, operator: In, values: [a, b] }
        - { key: old, operator: DoesNotExist }
    severity: critical
    parameters: { maxTries: 3 }
waivers:
  - id: W-1
    hosts: all
    check: no-telnet
    reason: |
      Old switch.
      Gone soon.
    owner: ops@example.org
    ticket: OPS-7
    expires: 2027-01-31
  - id: W-2
    hosts: { hostnames: ["db-*"], ids: [h1], matchLabels: { a: b } }
    check: ssh-*
    reason: Known.
    owner: ops
    expires: 2027-01-31T10:00:00+02:00
`

t.test('a file holds tailoring and waivers', async t => {
  const { file, problems } = parsePolicyFile(good, 'a.yaml')
  t.same(problems, [])
  t.same(
    file.tailoring.map(({ item }) => item),
    [
      { check: 'no-telnet', disabled: true, rationale: 'There is none.' },
      {
        check: 'ssh-*',
        hosts: {
          matchLabels: { role: 'bastion' },
          matchExpressions: [
            { key: 'zone', operator: 'In', values: ['a', 'b'] },
            { key: 'old', operator: 'DoesNotExist', values: [] },
          ],
        },
        severity: 'critical',
        parameters: { maxTries: 3 },
      },
    ],
  )
  t.same(
    file.waivers.map(({ item }) => item),
    [
      {
        id: 'W-1',
        hosts: { ids: [], hostnames: [], matchLabels: {}, matchExpressions: [] },
        check: 'no-telnet',
        reason: 'Old switch.\nGone soon.',
        owner: 'ops@example.org',
        ticket: 'OPS-7',
        expiresAt: '2027-02-01T00:00:00.000Z',
      },
      {
        id: 'W-2',
        hosts: { ids: ['h1'], hostnames: ['db-*'], matchLabels: { a: 'b' }, matchExpressions: [] },
        check: 'ssh-*',
        reason: 'Known.',
        owner: 'ops',
        ticket: '',
        expiresAt: '2027-01-31T08:00:00.000Z',
      },
    ],
  )
  t.equal(file.tailoring[1]?.place('parameters.maxTries'), 'a.yaml:13:29')
  t.equal(file.waivers[1]?.place('owner'), 'a.yaml:28:12')
})

const check = `id: a
  title: A
  severity: low
  manual: Look.
  rationale: R.
  remediation: D.`
const profile = 'id: p\n  title: P\n  appliesTo: "true"\n  checks: [a]'

t.test('a list of checks, of profiles or both, and a single profile are files as well', async t => {
  const read = (text: string) => {
    const { file, problems } = parsePolicyFile(text, 'a.yaml')
    t.same(problems, [])
    return [file.checks.map(({ item }) => item.id), file.profiles.map(({ item }) => item.id)]
  }
  t.same(read(`- ${check}\n`), [['a'], []])
  t.same(read(`- ${profile}\n`), [[], ['p']])
  t.same(read(`- ${check}\n- ${profile}\n`), [['a'], ['p']])
  t.same(read(profile.replaceAll('\n  ', '\n')), [[], ['p']])
  t.same(read(`checks:\n- ${check}\nprofiles:\n- ${profile}\n`), [['a'], ['p']])
})

t.test('a file of comments and a section without content say nothing', async t => {
  for (const text of ['', '# later\n', '---\n', '~', 'waivers:\n', '{}', '[]', 'waivers: []\ntailoring: ~\n']) {
    const { file, problems } = parsePolicyFile(text, 'a.yaml')
    t.same(problems, [], JSON.stringify(text))
    t.same([file.checks, file.profiles, file.tailoring, file.waivers], [[], [], [], []])
  }
})

t.test('everything that is wrong is told at once, with its place and what was meant', async t => {
  t.same(
    lines(`wavers: []
tailoring:
  - chek: a
  - { check: a }
  - { check: b, disabled: true, severity: low, parameters: { x: 1 } }
  - { check: c, severity: bad, rationale: r }
  - { check: d, severity: low, hosts: { matchLabel: { a: b } } }
  - { check: e, severity: low, hosts: { matchExpressions: [{ key: a, operator: In }, { key: a, operator: Exists, values: [b] }] } }
  - { check: f, severity: low, hosts: { matchLabels: { a: 1 } } }
waivers:
  - { id: W, hosts: {}, check: a, reason: r, owner: o, expires: 2027-02-30 }
  - { id: X, hosts: {}, check: a, reason: r, owner: o, expires: 2027-02-20 }
  - { id: Y, hosts: all, check: a, expires: 2027-02-20 }
  - { id: Z, hosts: { all: true, ids: [a] }, check: a, reason: r, owner: o, expires: 2027-02-20 }
  - 7
`),
    [
      'a.yaml:1:1: unknown key "wavers", did you mean "waivers"?',
      'a.yaml:11:65: waiver W, expires: must be a day (2027-01-31, the last one of the waiver, UTC) or a time (2027-01-31T12:00:00Z)',
      'a.yaml:13:5: waiver Y, reason: is missing',
      'a.yaml:13:5: waiver Y, owner: is missing',
      'a.yaml:15:5: waiver 5: expected object, received number',
      'a.yaml:3:5: tailoring 1, check: is missing',
      'a.yaml:3:5: tailoring 1: unknown key "chek", did you mean "check"?',
      'a.yaml:6:27: tailoring 4, severity: Invalid option: expected one of "critical"|"high"|"medium"|"low"',
      'a.yaml:7:41: tailoring 5, hosts: unknown key "matchLabel", did you mean "matchLabels"?',
      'a.yaml:9:59: tailoring 7, hosts.matchLabels.a: expected string, received number: put it in quotes',
      'a.yaml:4:5: tailoring of a: changes nothing: give `disabled`, `severity` or `parameters`',
      'a.yaml:5:5: tailoring of b: lacks `rationale`: say why the check is switched off',
      'a.yaml:5:43: tailoring of b, severity: has no effect on a check that is switched off',
      'a.yaml:5:60: tailoring of b, parameters: have no effect on a check that is switched off',
      'a.yaml:8:60: tailoring of e, hosts.matchExpressions.0: In wants `values`',
      'a.yaml:8:86: tailoring of e, hosts.matchExpressions.1: Exists takes no `values`',
      'a.yaml:12:21: waiver X, hosts: selects nothing: name ids, hostnames or labels, or write `hosts: all`',
      'a.yaml:14:21: waiver Z, hosts: names all hosts and some',
    ],
  )
})

t.test('what is no policy at all is refused with its place', async t => {
  t.match(lines('just text'), ['a.yaml:1:1: expected a list of checks, a profile, or the keys checks, profiles'])
  t.match(lines('checks: { a: b }'), ['a.yaml:1:9: checks: must be a list'])
  t.match(lines('zzz: 1'), ['a.yaml:1:1: unknown key "zzz", there are checks, profiles, tailoring, waivers'])
  t.match(lines('a: 1\n---\nb: 2\n'), ['a.yaml:2:1: a file holds one document: begin another file'])
  t.match(lines('waivers: [\n  a: }\n'), [/^a\.yaml:\d+:\d+: /])
})

t.test('hostile files end in problems', async t => {
  t.match(lines('['.repeat(50_000)), [/^a\.yaml:\d+:\d+: /])
  const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]']
  for (let level = 1; level < 12; level++) {
    const before = String.fromCharCode(96 + level)
    const name = String.fromCharCode(97 + level)
    bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`)
  }
  const [line] = lines(`tailoring:\n  - check: a\n    parameters: { ${bomb.join(', ')} }\n`)
  t.match(line, /^a\.yaml:\d+:\d+: .*(alias|Excessive)/i)
})

t.test('every prefix of a file is read or refused with a place', async t => {
  for (let length = 0; length <= good.length; length++) {
    for (const line of lines(good.slice(0, length))) t.match(line, /^a\.yaml:\d+:\d+: /)
  }
})

t.test('a CRLF file reads as one with line feeds', async t => {
  const items = (text: string) => {
    const { file } = parsePolicyFile(text, 'a.yaml')
    return [file.tailoring, file.waivers].map(list => list.map(({ item }) => item))
  }
  t.same(items(good.replaceAll('\n', '\r\n')), items(good))
})

t.test('a waiver lasts to the end of its last day, or to its moment', async t => {
  t.equal(expiryOf('2026-12-31'), '2027-01-01T00:00:00.000Z')
  t.equal(expiryOf('2028-02-29'), '2028-03-01T00:00:00.000Z')
  t.equal(expiryOf('2026-12-31T10:00Z'), '2026-12-31T10:00:00.000Z')
  t.equal(expiryOf('2026-12-31T10:00:00.5-01:00'), '2026-12-31T11:00:00.500Z')
  for (const text of ['2026-02-29', '2026-13-01', 'tomorrow', '', '2026-12-31T10:00:00', '31.12.2026']) {
    t.equal(expiryOf(text), undefined, text)
  }
})
