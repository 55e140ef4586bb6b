// Tests of what the accounts probe says of PAM: on whole hosts, with includes, precedence, and holes.
import t from 'tap'
import { accounts } from '../../../agent/probes/accounts.ts'
import type { AccountsFacts } from '../../../proto/facets/accounts.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const common = { '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\n', '/etc/group': 'root:x:0:\n' }

async function scan(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost): Promise<AccountsFacts> {
  const host = await hostFrom(t, { ...fixture, files: { ...common, ...fixture.files } })
  return presentFacts(await runProbe(accounts, host)) as unknown as AccountsFacts
}
const ofFixture = async (name: string) =>
  presentFacts(await runProbe(accounts, await openFixtureHost(name))) as unknown as AccountsFacts
const gapsOf = (facts: AccountsFacts, field: string) =>
  facts.gaps.filter(gap => gap.field === field).map(gap => `${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

t.test('a hardened Debian: pwquality.conf and the argument of its module, faillock, su for one group', async t => {
  const facts = await ofFixture('debian12-hardened')
  t.match(facts.passwordQuality, [
    {
      ...{ service: 'common-password', module: 'pam_pwquality', binding: true },
      settings: { minLength: 14, minClasses: 4, maxRepeat: 3, retries: 3, minDifferent: 1, enforceForRoot: false },
    },
  ])
  t.strictSame(facts.accountLockout, [
    {
      ...{ service: 'common-auth', module: 'pam_faillock', refuses: true, counts: true },
      settings: { deny: 5, intervalSeconds: 900, unlockSeconds: 900, root: false, rootUnlockSeconds: 900 },
    },
  ])
  t.match(facts.passwordHistory, [{ service: 'common-password', module: 'none', settings: { remember: 0 } }])
  t.strictSame(facts.nullokServices, ['common-auth'])
  t.strictSame(facts.su, { configured: true, restricted: true, useUid: true, group: 'sugroup' })
  t.strictSame(facts.coreLimits, { hardKib: 0, looser: [] })
  t.equal(facts.accessRules, 0)
  const passwords = facts.pamModules.filter(({ service, type }) => service === 'common-password' && type === 'password')
  t.strictSame(passwords[1], {
    ...{ service: 'common-password', type: 'password', position: 2, module: 'pam_unix' },
    control: '[success=1 default=ignore]',
    arguments: ['obscure', 'try_first_pass', 'use_authtok', 'yescrypt'],
  })
})

t.test('a weak Debian: nothing looks at passwords, counts failures or restricts su', async t => {
  const facts = await ofFixture('debian12-weak')
  t.match(facts.passwordQuality, [{ service: 'common-password', module: 'none', binding: false }])
  t.match(facts.accountLockout, [{ service: 'common-auth', module: 'none', counts: false, settings: { deny: 0 } }])
  t.strictSame(facts.su, { configured: true, restricted: false, useUid: false, group: '' })
  t.strictSame(facts.coreLimits, { hardKib: -1, looser: [] })
})

t.test('a host like RHEL: both stacks by way of links, substacks and includes', async t => {
  const facts = await ofFixture('rhel9')
  t.strictSame(
    facts.passwordQuality.map(({ service, settings }) => [service, settings?.minLength]),
    [
      ['password-auth', 14],
      ['system-auth', 14],
    ],
  )
  t.strictSame(
    facts.accountLockout.map(({ service, refuses, counts, settings }) => [service, refuses, counts, settings?.deny]),
    [
      ['password-auth', true, true, 5],
      ['system-auth', true, true, 5],
    ],
  )
  const su = facts.pamModules.filter(({ service, type }) => service === 'su' && type === 'auth')
  t.strictSame(
    su.toSorted((a, b) => a.position - b.position).map(({ module }) => module),
    ['pam_rootok', 'pam_env', 'pam_faillock', 'pam_unix', 'pam_faillock', 'pam_deny'],
  )
  t.strictSame(facts.nullokServices, [])
})

t.test('a host without PAM says so', async t => {
  for (const facts of [await ofFixture('kubeadm-node'), await scan(t, { files: {} })]) {
    t.equal(facts.pamInstalled, false)
    t.strictSame(
      [facts.pamModules, facts.passwordQuality, facts.accountLockout, facts.nullokServices],
      [[], [], [], []],
    )
    t.strictSame(facts.su, { configured: false, restricted: false, useUid: false, group: '' })
    t.strictSame(gapsOf(facts, 'pamInstalled'), [])
  }
})

t.test('arguments win over pwquality.conf, which wins over its directory', async t => {
  const files = {
    '/etc/pam.d/system-auth': 'password requisite pam_pwquality.so minlen=10 enforce_for_root\n',
    '/etc/security/pwquality.conf': 'minlen = 12\nminclass = 3\n',
    '/etc/security/pwquality.conf.d/10-a.conf': 'minclass = 1\nmaxrepeat = 2\nmaxsequence = 3\n',
    '/etc/security/pwquality.conf.d/20-b.conf': 'maxsequence = 4\n',
    '/etc/security/pwquality.conf.d/30-c.txt': 'maxsequence = 9\n',
  }
  const [row] = (await scan(t, { files })).passwordQuality
  t.match(row?.settings, { minLength: 10, minClasses: 3, maxRepeat: 2, maxSequence: 4, enforceForRoot: true })
})

t.test('histories and lockouts take arguments, files that those name, and defaults', async t => {
  const files = {
    '/etc/pam.d/system-auth': `auth required pam_faillock.so preauth conf=/etc/own.conf
auth [default=die] pam_faillock.so authfail conf=/etc/own.conf deny=4
password required pam_pwhistory.so use_authtok
password sufficient pam_unix.so remember=5
`,
    '/etc/pam.d/password-auth': 'auth required pam_unix.so\npassword sufficient pam_unix.so remember=5\n',
    '/etc/security/pwhistory.conf': 'remember = 24\nenforce_for_root\n',
    '/etc/own.conf': 'deny = 9\nroot_unlock_time = 60\nunlock_time = never\n',
  }
  const facts = await scan(t, { files })
  t.strictSame(facts.passwordHistory, [
    {
      ...{ service: 'password-auth', module: 'pam_unix', binding: false },
      settings: { remember: 5, enforceForRoot: false, useAuthtok: false },
    },
    {
      ...{ service: 'system-auth', module: 'pam_pwhistory', binding: true },
      settings: { remember: 24, enforceForRoot: true, useAuthtok: true },
    },
  ])
  t.match(facts.accountLockout[1], {
    settings: { deny: 4, intervalSeconds: 900, unlockSeconds: 0, root: true, rootUnlockSeconds: 60 },
  })
})

t.test('cracklib has other defaults, and what passwdqc asks is not known', async t => {
  const facts = await scan(t, {
    files: {
      '/etc/pam.d/common-password': 'password requisite pam_cracklib.so minlen=11 ucredit=-1\n',
      '/etc/pam.d/system-auth': 'password requisite pam_passwdqc.so min=disabled,24,11,8,7\n',
    },
  })
  t.match(facts.passwordQuality[0]?.settings, { minLength: 11, minDifferent: 5, upperCredit: -1, digitCredit: 1 })
  t.strictSame(facts.passwordQuality[1], { service: 'system-auth', module: 'pam_passwdqc', binding: true })
  t.match(gapsOf(facts, 'passwordQuality.settings'), [/^omitted pam_passwdqc unavailable/])
})

t.test('where nothing is shared the services themselves count; leftovers of editors never do', async t => {
  const files = {
    '/etc/pam.d/login': 'auth required pam_unix.so\n',
    '/usr/lib/pam.d/passwd': 'password required pam_unix.so nullok\n',
    '/usr/lib/pam.d/login': 'auth required pam_unix.so nullok\n',
    '/etc/pam.d/sshd.rpmsave': 'auth required pam_unix.so nullok\n',
    '/etc/pam.d/sshd~': 'auth required pam_unix.so nullok\n',
  }
  const facts = await scan(t, { files })
  t.strictSame(
    facts.passwordQuality.map(({ service }) => service),
    ['passwd'],
  )
  t.strictSame(
    facts.accountLockout.map(({ service }) => service),
    ['login'],
  )
  t.strictSame(facts.nullokServices, ['passwd'], 'what is in /etc hides what is in /usr')
})

t.test('pam.conf counts where there is no directory', async t => {
  const facts = await scan(t, { files: { '/etc/pam.conf': 'login auth required pam_unix.so nullok\nbroken\n' } })
  t.equal(facts.pamInstalled, true)
  t.strictSame(facts.nullokServices, ['login'])
  t.match(gapsOf(facts, 'nullokServices'), [/^incomplete \/etc\/pam.conf malformed line 2$/])
  const both = {
    '/etc/pam.conf': 'su auth required pam_unix.so nullok\n',
    '/etc/pam.d/su': 'auth required pam_deny.so\n',
  }
  t.strictSame((await scan(t, { files: both })).nullokServices, [])
})

t.test('who may use su is told by pam_wheel only where its refusal is final', async t => {
  const su = async (line: string) => (await scan(t, { files: { '/etc/pam.d/su': `${line}\n` } })).su
  t.match(await su('auth required pam_wheel.so use_uid'), { restricted: true, useUid: true, group: 'wheel' })
  t.match(await su('auth requisite pam_wheel.so group=adm'), { restricted: true, useUid: false, group: 'adm' })
  t.match(await su('auth sufficient pam_wheel.so trust use_uid'), { restricted: false, group: '' })
  t.match(await su('auth required pam_wheel.so deny group=nosu'), { restricted: false, group: '' })
  t.match(await su('account required pam_wheel.so'), { restricted: false })
})

t.test('stacks that cannot be read are gaps of everything that they may say', async t => {
  const files = {
    '/etc/pam.d/common-auth': 'auth required pam_unix.so nullok\n@include hidden\n',
    '/etc/pam.d/hidden': { directory: true as const },
    '/etc/pam.d/su': '@include common-auth\n',
    '/etc/pam.d/vsftpd': 'auth sometimes pam_unix.so nullok\n',
  }
  const facts = await scan(t, { files })
  const hidden = [/^incomplete \/etc\/pam.d\/hidden notRegular/]
  for (const field of ['pamModules', 'passwordQuality', 'passwordHistory', 'accountLockout']) {
    t.match(gapsOf(facts, field), hidden, field)
  }
  t.match(gapsOf(facts, 'su'), [/^omitted \/etc\/pam.d\/hidden notRegular/])
  t.match(gapsOf(facts, 'nullokServices'), [...hidden, /^incomplete \/etc\/pam.d\/vsftpd malformed line 1$/])
  t.notOk('su' in facts)
  t.strictSame(facts.nullokServices, ['common-auth'])

  const closed = await scan(t, { files, modes: { '/etc/pam.d': { mode: 0 } } })
  if (process.getuid?.() !== 0) t.match(gapsOf(closed, 'pamInstalled'), [/^omitted \/etc\/pam.d unreadable/])
})

t.test('settings that cannot be read or understood are left out', async t => {
  const files = {
    '/etc/pam.d/system-auth': `auth required pam_faillock.so preauth
auth required pam_faillock.so authfail
password requisite pam_pwquality.so
password required pam_pwhistory.so
`,
    '/etc/security/pwquality.conf': 'minlen = many\n',
    '/etc/security/faillock.conf': { directory: true as const },
    '/etc/security/pwhistory.conf': { fifo: true as const },
    '/etc/security/limits.conf': '* hard core\n',
    '/etc/security/access.conf': 'nobody\n',
  }
  const facts = await scan(t, { files })
  t.match(gapsOf(facts, 'passwordQuality.settings'), [/^omitted \/etc\/security\/pwquality.conf malformed line 1$/])
  t.match(gapsOf(facts, 'accountLockout.settings'), [/^omitted \/etc\/security\/faillock.conf notRegular/])
  t.match(gapsOf(facts, 'passwordHistory.settings'), [/^omitted \/etc\/security\/pwhistory.conf notRegular/])
  t.match(gapsOf(facts, 'coreLimits'), [/^omitted \/etc\/security\/limits.conf malformed line 1$/])
  t.match(gapsOf(facts, 'accessRules'), [/^omitted \/etc\/security\/access.conf malformed line 1$/])
  t.notOk('coreLimits' in facts || 'accessRules' in facts)
  const rows = [...facts.passwordQuality, ...facts.passwordHistory, ...facts.accountLockout]
  t.strictSame(
    rows.filter(row => 'settings' in row),
    [],
  )
})

t.test('includes in a circle, thousands of services and long stacks end', async t => {
  const circle = { '/etc/pam.d/common-auth': '@include common-auth\n@include b\nauth required pam_unix.so\n' }
  const facts = await scan(t, { files: { ...circle, '/etc/pam.d/b': '@include common-auth\n@include b\n' } })
  t.ok(facts.pamModules.length <= 500)
  t.match(gapsOf(facts, 'accountLockout'), [/tooLarge over the limit of 500 modules or 200 includes$/])
  const empty = { '/etc/pam.d/common-auth': '@include common-auth\n'.repeat(200) }
  t.match(gapsOf(await scan(t, { files: empty }), 'accountLockout'), [/tooLarge over the limit/])
  const many = Object.fromEntries(Array.from({ length: 450 }, (_, i) => [`/etc/pam.d/s${i}`, '']))
  t.match(gapsOf(await scan(t, { files: many }), 'nullokServices'), [/tooLarge over the limit of 400 services$/])
})

t.test('secrets in arguments, comments and rules stay on the host', async t => {
  const files = {
    '/etc/pam.d/common-auth': 'auth required pam_mysql.so user=u passwd=CANARY # CANARY\nauth [CANARY=ok] x.so\n',
    '/etc/pam.d/su': 'auth required pam_wheel.so group=[CAN ARY]\n',
    '/etc/security/access.conf': '-:CANARY:ALL\nCANARY\n',
    '/etc/security/pwquality.conf': 'badwords = CANARY\n',
  }
  t.notMatch(JSON.stringify(await scan(t, { files })), /CANARY|CAN ARY/)
})
