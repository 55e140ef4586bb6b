// `gabion-agent scan` with a site's own policy: tailoring, own checks, waivers, mistakes, exit codes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { runBin } from '../../run-bin.ts'

function files(t: Test, texts: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-scan-policy-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

/** A root on which `default-umask-strict` fails (severity low) and little else is judged. */
const host = (t: Test) =>
  files(t, {
    'etc/os-release': 'ID=debian\n',
    'etc/login.defs': 'UMASK 022\n',
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    'etc/hostname': 'web-1\n',
  })
const one = ['--check', 'default-umask-strict']

async function report(...args: string[]) {
  const { code, stdout, stderr } = await runBin('agent', ['scan', '-o', 'json', ...args])
  return { code, stderr, ...(stdout === '' ? {} : JSON.parse(stdout)) }
}

t.test('a waiver keeps a finding from failing the run, and stands in the report', async t => {
  const root = host(t)
  const policy = files(t, {
    'a.yaml': `waivers:
  - id: W-1
    hosts: { hostnames: ["web-*"], matchLabels: { role: web } }
    check: default-umask-strict
    reason: A shared machine.
    owner: ops
    ticket: T-1
    expires: 2999-01-01
`,
  })
  const args = ['--root', root, ...one, '--fail-on', 'low']
  const without = await report(...args)
  t.equal(without.code, 1)
  t.equal(without.policy, undefined)
  const waived = await report(...args, '--policy', policy, '--label', 'role=web')
  t.equal(waived.code, 0, waived.stderr)
  t.equal(waived.stderr, '')
  t.match(waived, { score: 100, waived: 1, counts: { fail: 1 } })
  t.match(waived.results, [
    {
      ...{ check: 'default-umask-strict', state: 'fail', validUntil: '2999-01-02T00:00:00.000Z' },
      waiver: { id: 'W-1', owner: 'ops', ticket: 'T-1', expiresAt: '2999-01-02T00:00:00.000Z' },
    },
  ])
  t.match(waived.policy, { files: [join(policy, 'a.yaml')], labels: { role: 'web' }, waivers: [{ use: 'used' }] })
  const other = await report(...args, '--policy', policy, '--label', 'role=db')
  t.equal(other.code, 1, 'on a host with other labels it is none')
  t.same(other.policy.waivers, [])
})

t.test('expired, idle and ending waivers are told on standard error', async t => {
  const root = host(t)
  const soon = new Date(Date.now() + 10 * 86_400_000).toISOString()
  const waiver = (id: string, check: string, expires: string) =>
    `  - { id: ${id}, hosts: all, check: ${check}, reason: r, owner: o, expires: "${expires}" }\n`
  const policy = files(t, {
    'w.yaml': `waivers:\n${waiver('old', 'default-umask-strict', '2020-01-01')}${waiver('soon', 'default-umask-strict', soon)}${waiver('idle', 'no-empty-passwords', '2999-01-01')}`,
  })
  const args = ['--root', root, '--profile', 'linux-hardening', '--policy', policy]
  const { stderr } = await report(...args, '--check', 'default-umask-strict,no-empty-passwords')
  t.match(stderr, 'waiver old (default-umask-strict, owner o) expired at 2020-01-02T00:00:00.000Z, counts again: ')
  t.match(stderr, `waiver soon (default-umask-strict, owner o) expires at ${soon}`)
  const quiet = await report(...args, ...one, '--waiver-notice', '5')
  t.notMatch(quiet.stderr, /waiver soon/)
  t.notMatch(quiet.stderr, /waiver idle/, 'a waiver of a check that was not judged says nothing')
})

t.test('tailoring by labels, own checks and own profiles are judged with the rest', async t => {
  const root = host(t)
  const policy = files(t, {
    'own.yaml': `- id: site-has-name
  title: The host has a name of ours
  severity: high
  pass: host.hostname.startsWith(params.prefix)
  evidence: '[host.hostname]'
  rationale: R.
  remediation: "Run \`hostnamectl hostname {{ params.prefix }}1\`."
  parameters: { prefix: db- }
`,
    'tailoring/rules.yaml': `tailoring:
  - { check: site-has-name, parameters: { prefix: web- }, hosts: { matchLabels: { role: web } } }
  - { check: default-umask-strict, severity: critical }
  - { check: no-empty-passwords, disabled: true, rationale: There are none. }
`,
  })
  const scan = (...args: string[]) => report('--root', root, '--policy', policy, ...args)
  const db = await scan()
  t.ok(db.profiles.includes('local'))
  const state = (of: typeof db, id: string) => of.results.find(({ check }: { check: string }) => check === id)
  t.match(state(db, 'site-has-name'), {
    ...{ state: 'fail', severity: 'high', evidence: ['web-1'], remediation: 'Run `hostnamectl hostname db-1`.' },
  })
  t.match(state(db, 'default-umask-strict'), { state: 'fail', severity: 'critical' })
  t.equal(state(db, 'no-empty-passwords'), undefined)
  t.match(db.policy.disabled, [{ check: 'no-empty-passwords', rationale: 'There are none.', place: /rules\.yaml:4:/ }])
  const web = await scan('--label', 'role=web')
  t.match(state(web, 'site-has-name'), { state: 'pass' })
  t.not(web.policy.digest, db.policy.digest)
  const off = await scan('--check', 'no-empty-passwords')
  t.equal(off.code, 2)
  t.match(off.stderr, /check 'no-empty-passwords' is switched off at .*rules\.yaml:4:\d+: There are none\./)
})

t.test('a policy with mistakes is refused with all of them', async t => {
  const policy = files(t, {
    'a.yaml':
      'waivers:\n  - { id: A, hosts: all, check: no-such-check, reason: r, owner: o, expires: 2027-01-01 }\n  - { id: B }\n',
    'b.yaml': 'tailorings: []\n',
  })
  const { code, stdout, stderr } = await runBin('agent', ['scan', '--policy', policy])
  t.equal(code, 2)
  t.equal(stdout, '')
  t.match(stderr, /^gabion-agent: the policy has 7 problems\n/)
  t.match(stderr, 'a.yaml:2:33: waiver A, check: there is no check "no-such-check"')
  t.match(stderr, 'a.yaml:3:5: waiver B, owner: is missing')
  t.match(stderr, 'b.yaml:1:1: unknown key "tailorings", did you mean "tailoring"?')
  const gone = await runBin('agent', ['scan', '--policy', '/does/not/exist'])
  t.equal(gone.code, 2)
  t.match(gone.stderr, '/does/not/exist: cannot be read (ENOENT)')
})

t.test('labels are pairs', async t => {
  for (const text of ['role', '=x', 'a b=c']) {
    const { code, stderr } = await runBin('agent', ['scan', '--label', text])
    t.equal(code, 2)
    t.match(stderr, /expected KEY=VALUE/)
  }
})
