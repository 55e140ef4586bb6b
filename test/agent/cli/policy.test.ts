// `gabion-agent policy`: lint, test, explain and list, as a user meets them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runBin } from '../../run-bin.ts'

function files(t: Test, texts: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-policy-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}
const policy = (...args: string[]) => runBin('agent', ['policy', ...args])

const own = `- id: site-named
  title: The host has a name of ours
  severity: high
  pass: host.hostname.startsWith(params.prefix)
  evidence: '[host.hostname]'
  rationale: Others are not ours.
  remediation: "Run \`hostnamectl hostname {{ params.prefix }}1\`."
  parameters: { prefix: db- }
  tests:
    - { name: ours, facets: { host: { hostname: db-1 } }, expect: pass }
    - { name: another, facets: { host: { hostname: x } }, expect: fail, evidence: [x], remediation: [db-1] }
    - { name: unread, facets: { host: unreadable }, expect: error }
`
const host = (t: Test) => files(t, { 'etc/os-release': 'ID=debian\n', 'etc/hostname': 'web-1\n' })

t.test('lint says that all is well, or everything that is not, with its place', async t => {
  const good = files(t, { 'own.yaml': own, 'w.yaml': 'tailoring: [{ check: site-named, severity: low }]\n' })
  t.same(await policy('lint', good), {
    ...{ code: 0, stderr: '', stdout: '2 files, 1 checks, 0 profiles, 1 tailoring rules, 0 waivers: no problems\n' },
  })
  const bad = files(t, {
    'a.yaml': own.replace('host.hostname.starts', 'host.hostnam.starts').replace('severity: high', 'severity: hgh'),
    'b.yaml': 'tailoring: [{ check: site-named, severity: low }]\nwaivers: [{ id: A, check: b }]\n',
    'c.yaml': 'a: [\n',
  })
  const { code, stdout } = await policy('lint', join(bad, 'a.yaml'), join(bad, 'b.yaml'), join(bad, 'c.yaml'))
  t.equal(code, 1)
  const lines = stdout.replaceAll(`${bad}/`, '').trim().split('\n')
  t.match(lines, [
    /^a\.yaml:3:13: check site-named, severity: Invalid option/,
    /^b\.yaml:1:22: tailoring of site-named, check: there is no check "site-named"/,
    /^b\.yaml:2:11: waiver A, hosts: is missing/,
    /^b\.yaml:2:11: waiver A, reason: is missing/,
    /^b\.yaml:2:11: waiver A, owner: is missing/,
    /^b\.yaml:2:11: waiver A, expires: is missing/,
    /^c\.yaml:\d+:\d+: /,
  ])
})

t.test('lint notes what has expired and calls nothing a problem that time made', async t => {
  const waiver = 'waivers:\n  - { id: A, hosts: all, check: "ssh-*", reason: r, owner: o, expires: 2020-01-01 }\n'
  const { code, stdout } = await policy('lint', files(t, { 'a.yaml': waiver }))
  t.equal(code, 0)
  t.match(stdout, /a\.yaml:2:\d+: note: waiver A expired at 2020-01-02T00:00:00\.000Z/)
})

t.test('a path that cannot be read is a problem, an unknown command bad usage', async t => {
  const lint = await policy('lint', '/does/not/exist')
  t.equal(lint.code, 1)
  t.equal(lint.stdout, '/does/not/exist: cannot be read (ENOENT)\n')
  const test = await policy('test', '/does/not/exist')
  t.equal(test.code, 1)
  t.equal(test.stdout, 'Bail out! /does/not/exist: cannot be read (ENOENT)\n')
  t.equal((await policy('what')).code, 2)
})

t.test('test prints TAP, and fails with the row that is not as expected', async t => {
  const good = await policy('test', files(t, { 'own.yaml': own }))
  t.equal(good.code, 0)
  t.same(good.stdout.split('\n'), [
    'TAP version 14',
    'ok 1 - site-named: ours',
    'ok 2 - site-named: another',
    'ok 3 - site-named: unread',
    '1..3',
    '# 3 of 3 rows are as expected',
    '',
  ])
  const wrong = own
    .replace('expect: pass', 'expect: fail')
    .replace('evidence: [x]', 'evidence: [y]')
    .replace('name: unread', 'name: "#skip"')
  const bare = own.replace('site-named', 'bare').replace(/ {2}tests:[\s\S]*$/, '')
  const bad = await policy('test', files(t, { 'own.yaml': `${wrong}${bare}` }))
  t.equal(bad.code, 1)
  t.same(bad.stdout.split('\n'), [
    'TAP version 14',
    'not ok 1 - site-named: ours',
    '  # expected fail, found pass',
    'not ok 2 - site-named: another',
    '  # no evidence has "y", found ["x"]',
    'ok 3 - site-named: \\#skip',
    '# bare has no rows',
    '1..3',
    '# 1 of 3 rows are as expected',
    '',
  ])
})

t.test('a row whose check does not end is a row that fails, and the others are judged', async t => {
  const loop =
    'ports.listeners.all(a, ports.listeners.all(b, ports.listeners.all(c, ports.listeners.all(d, a.port + d.port >= 0))))'
  const rows = Array.from({ length: 300 }, (_, port) => `{ port: ${port} }`).join(', ')
  const endless = `- id: endless
  title: E
  severity: low
  pass: ${loop}
  evidence: "[]"
  rationale: R.
  remediation: D.
  tests:
    - { name: many, facets: { ports: { listeners: [${rows}] } }, expect: pass }
    - { name: few, facets: { ports: { listeners: [] } }, expect: pass }
`
  const { code, stdout } = await policy('test', files(t, { 'own.yaml': endless }))
  t.equal(code, 1)
  t.match(
    stdout,
    /^not ok 1 - endless: many\n {2}# expected pass, found error: the check was stopped: no result within/m,
  )
  t.match(stdout, /^ok 2 - endless: few$/m)
})

t.test('test refuses a policy with problems, and judges the built-in rows when asked', async t => {
  const bad = await policy('test', files(t, { 'own.yaml': own.replace('hostname.starts', 'hostnam.starts') }))
  t.equal(bad.code, 1)
  t.match(bad.stdout, /^Bail out! .*own\.yaml:4:14: check site-named, pass: No such key: hostnam/)
  const one = await policy('test', '--builtin', '--check', 'kubelet-anonymous-auth-disabled')
  t.equal(one.code, 0)
  t.match(one.stdout, /^ok 1 - kubelet-anonymous-auth-disabled: /m)
  const typo = await policy('test', '--builtin', '--check', 'kubelet-anonymous-auth-disable')
  t.equal(typo.code, 2)
  t.match(
    typo.stderr,
    /there is no check 'kubelet-anonymous-auth-disable', did you mean "kubelet-anonymous-auth-disabled"/,
  )
})

t.test('explain tells where values come from, what was read and what was found', async t => {
  const site = files(t, {
    'own.yaml': own,
    'rules.yaml': `tailoring:
  - { check: site-named, severity: critical, parameters: { prefix: web- }, hosts: { matchLabels: { role: web } } }
  - { check: no-empty-passwords, disabled: true, rationale: None here. }
`,
  })
  const explain = (...args: string[]) => policy('explain', ...args, '--policy', site, '--root', root)
  const root = host(t)
  const db = await explain('site-named')
  t.equal(db.code, 0, db.stderr)
  t.match(db.stdout, /^The host has a name of ours\nhigh, site-named, .*own\.yaml:1:7$/m)
  t.match(db.stdout, /^ {2}prefix = "db-" from default$/m)
  t.match(db.stdout, /^ {2}local, that this host takes$/m)
  t.match(db.stdout, /^ {2}host\.hostname$/m)
  t.match(db.stdout, /^On this host: fail\n {2}• web-1$/m)
  t.match(db.stdout, 'Run `hostnamectl hostname db-1`.')
  const web = await explain('site-named', '--label', 'role=web')
  t.match(web.stdout, /^critical, site-named/m)
  t.match(web.stdout, /^ {2}critical from .*rules\.yaml:2:\d+\n {2}high from the check itself$/m)
  t.match(web.stdout.replace(/\s+/g, ' '), /prefix = "web-" from \S*rules\.yaml:2:\d+, over "db-" from default/)
  t.match(web.stdout, /^On this host: pass$/m)
  const off = await explain('no-empty-passwords')
  t.equal(off.code, 2)
  t.match(off.stderr, /is switched off at .*rules\.yaml:3:\d+: None here\./)
  t.match((await explain('site-name')).stderr, /unknown check 'site-name', did you mean "site-named"\?/)
})

t.test('list shows checks worst first with what the site did to them', async t => {
  const site = files(t, {
    'own.yaml': own,
    'rules.yaml':
      'tailoring: [{ check: no-empty-passwords, severity: low }, { check: default-umask-strict, disabled: true, rationale: r }]\n',
  })
  const { code, stdout } = await policy('list', '--policy', site)
  t.equal(code, 0)
  t.match(stdout, /^high +site-named +The host has a name of ours +\(own\)$/m)
  t.match(stdout, /^low +no-empty-passwords .*\(tailored\)$/m)
  t.match(stdout, /^off +default-umask-strict +r +.*rules\.yaml:1:\d+$/m)
  t.match(stdout, /^profile +cks +.*: \d+ checks$/m)
  const severities = stdout.match(/^(critical|high|medium|low|off)(?= )/gm) ?? []
  const order = ['critical', 'high', 'medium', 'low', 'off']
  t.same(
    severities,
    severities.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)),
  )
  const worst = await policy('list', '--profile', 'cks', '--severity', 'critical')
  t.notMatch(worst.stdout, /^(high|medium|low) /m)
  t.equal((await policy('list', '--profile', 'cis')).code, 2)
})
