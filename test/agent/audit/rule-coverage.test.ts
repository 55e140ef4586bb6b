// Tests of what audit rules are taken to record.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { coverageRows } from '../../../agent/audit/coverage-rows.ts'
import { meets, needText } from '../../../agent/audit/rule-coverage.ts'
import type { Need } from '../../../agent/audit/rule-groups.ts'
import { parseAuditRules } from '../../../agent/parse/audit-rules.ts'
import { Gaps } from '../../../agent/probe.ts'
import { hostFrom } from '../../host-from.ts'

const rulesOf = (text: string) => parseAuditRules(text).flatMap(line => (line.kind === 'rule' ? [line.rule] : []))
const watch = (path: string, perm = 'wa'): Need => ({ kind: 'watch', path, perm })
const call = (call: string, more: Partial<Need & { kind: 'call' }> = {}): Need => ({
  kind: 'call',
  arch: 'b64',
  call,
  ...more,
})

const cases: readonly (readonly [rules: string, need: Need, met: boolean])[] = [
  ['-w /etc/passwd -p wa', watch('/etc/passwd'), true],
  ['-w /etc/passwd', watch('/etc/passwd'), true],
  ['-w /etc -p wa', watch('/etc/passwd'), true],
  ['-w / -p wa', watch('/etc/passwd'), true],
  ['-w /etc/pass -p wa', watch('/etc/passwd'), false],
  ['-w /etc/passwd -p w', watch('/etc/passwd'), false],
  ['-w /etc/passwd -p x', watch('/etc/passwd'), false],
  ['-a always,exit -F dir=/etc -F perm=wa -F auid>=1000', watch('/etc/passwd'), true],
  ['-a always,exit -F path=/etc -F perm=wa -F auid>=1000', watch('/etc/passwd'), false],
  ['-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa -k x', watch('/etc/passwd'), true],
  ['-a always,exit -F path=/etc/passwd -F perm=wa -F uid=5', watch('/etc/passwd'), false],
  ['-a always,exit -F path=/etc/passwd -F perm=wa -F auid>=5000', watch('/etc/passwd'), false],
  ['-a always,exit -S open -F path=/etc/passwd -F perm=wa', watch('/etc/passwd'), false],
  ['-a never,exit -F path=/etc/passwd -F perm=wa', watch('/etc/passwd'), false],
  ['-w /var/run/utmp -p wa', watch('/run/utmp'), true],
  ['-a always,exit -F path=/bin/su -F perm=x -F auid>=1000 -F auid!=unset', watch('/usr/bin/su', 'x'), true],
  ['-a always,exit -F arch=b64 -S chmod -F auid>=1000 -F auid!=unset', call('chmod'), true],
  ['-a always,exit -F arch=b64 -S all', call('chmod'), true],
  ['-a always,exit -S chmod', call('chmod'), true],
  ['-a always,exit -F arch=b32 -S chmod', call('chmod'), false],
  ['-a always,exit -F arch=i386 -S chmod', call('chmod', { arch: 'b32' }), true],
  ['-a always,exit -F arch=b64 -S chmod -F success=1', call('chmod'), false],
  ['-a always,exit -F arch=b64 -S chmod -F exe=/x', call('chmod'), false],
  ['-a always,exit -F arch=b64 -S chmod -F dir=/home', call('chmod'), false],
  ['-a always,user -S chmod', call('chmod'), false],
  ['-a always,exit -F arch=b64 -S clock_settime -F a0=0x0', call('clock_settime'), true],
  ['-a always,exit -F arch=b64 -S clock_settime -F a0=1', call('clock_settime'), false],
  ['-a always,exit -F arch=b64 -S open -F exit=-EACCES', call('open', { errno: 13 }), true],
  ['-a always,exit -F arch=b64 -S open -F exit=-1', call('open', { errno: 1 }), true],
  ['-a always,exit -F arch=b64 -S open -F exit=-1', call('open', { errno: 13 }), false],
  ['-a always,exit -F arch=b64 -S open -F success=0', call('open', { errno: 13 }), true],
  ['-a always,exit -F arch=b64 -S open', call('open', { errno: 13 }), true],
  ['-a always,exit -F arch=b64 -S execve -C uid!=euid', call('execve', { otherUser: true }), true],
  ['-a always,exit -F arch=b64 -S execve', call('execve', { otherUser: true }), true],
  ['-a always,exit -F arch=b64 -S execve -C uid=euid', call('execve', { otherUser: true }), false],
  ['-a always,exit -F arch=b64 -S execve -C uid!=euid', call('execve'), false],
  ['-w /etc/passwd -p wa\n-a never,task', watch('/etc/passwd'), false],
  ['-w /etc/passwd -p wa\n-a never,task -F uid=5', watch('/etc/passwd'), true],
]

for (const [rules, need, met] of cases) {
  t.test(`${rules.replace('\n', ' and ')} ${met ? 'records' : 'does not record'} ${needText(need)}`, async t => {
    t.equal(meets(rulesOf(rules), need), met)
  })
}

t.test('needs are told in words', async t => {
  t.equal(needText(watch('/usr/bin/su', 'x')), '/usr/bin/su (execution)')
  t.equal(needText(call('open', { errno: 13, arch: 'b32' })), 'b32 open failing with EACCES')
  t.equal(needText(call('execve', { otherUser: true })), 'b64 execve as another user')
})

t.test('a set as benchmarks ask for covers the groups it is made for', async t => {
  const rules = rulesOf(readFileSync(join(import.meta.dirname, '../../fixtures/audit/benchmark.rules'), 'utf8'))
  const host = await hostFrom(t, {
    files: {
      '/usr/bin/sudo': '',
      '/usr/bin/su': '',
      '/usr/bin/kmod': '',
      '/etc/apparmor.d/x': '',
      '/usr/bin/chcon': '',
    },
    modes: { '/usr/bin/sudo': { mode: 0o4755 }, '/usr/bin/su': { mode: 0o4755 } },
  })
  const gaps = new Gaps()
  const rows = await coverageRows(host, rules, [], gaps)
  const row = (group: string) => rows.find(one => one.group === group)
  const covered = ['sudo-configuration', 'actions-as-other-user', 'time-change', 'privileged-programs', 'identity']
  const more = ['access-refused', 'mounts', 'sessions', 'logins', 'mac-policy', 'kernel-modules', 'permission-programs']
  for (const group of [...covered, ...more])
    t.match(row(group), { configured: true, missing: [], loaded: false }, group)
  t.match(row('network-environment'), { configured: false, missing: ['/etc/issue.net'] })
  t.match(row('deletions')?.missing, ['b32 unlink', 'b32 unlinkat', 'b32 rename', 'b32 renameat'])
  t.equal(row('container-runtime'), undefined, 'nothing of it is there')
  t.strictSame(gaps.rows, [])
})

t.test('only calls that the machine has are asked for', async t => {
  const needs = async (files: Parameters<typeof hostFrom>[1]['files'], live: boolean) => {
    const rows = await coverageRows(await hostFrom(t, { files, live }), [], undefined, new Gaps())
    return rows.find(({ group }) => group === 'deletions')?.missing
  }
  t.strictSame(await needs({ '/proc/sys/kernel/arch': 'aarch64\n' }, true), ['b64 unlinkat', 'b64 renameat'])
  t.equal((await needs({ '/proc/sys/kernel/arch': 's390x\n' }, true))?.length, 4)
  t.strictSame(await needs({ '/lib/ld-linux-aarch64.so.1': '' }, false), ['b64 unlinkat', 'b64 renameat'])
  t.equal((await needs({ '/etc/x': '' }, false))?.length, 8)
})
