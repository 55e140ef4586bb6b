// Tests of the accounts probe on hosts with holes, hostile files and many users.
import { randomBytes } from 'node:crypto'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { accounts } from '../../../agent/probes/accounts.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { AccountsFacts } from '../../../proto/facets/accounts.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { lastlogRecord, utmpRecord } from '../../login-records.ts'
import { runProbe } from '../../run-probe.ts'
import { factsOf, userOf } from './accounts-facts.ts'

async function scan(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost): Promise<FacetState> {
  return await runProbe(accounts, await hostFrom(t, fixture))
}
const gapsOf = (facts: AccountsFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)

t.test('homes, their modes and their keys are looked at for every user', async t => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 x\n'
  const facts = factsOf(
    await scan(t, {
      files: {
        '/etc/passwd':
          'alice:x:1000:1000::/home/alice:/bin/bash\nbob:x:1001:1001::/home/bob:\nsvc:x:990:990::/srv/svc:/usr/sbin/nologin\n' +
          'gone:x:1002:1002::/home/gone:/bin/sh\nodd:x:1003:1003::relative:/bin/sh\n',
        '/home/alice/.ssh/authorized_keys': key + key,
        '/home/alice/.ssh/authorized_keys2': `${key}ssh-rsa AAAAB3NzaC1yc2E y\n`,
        '/home/bob': 'not a directory',
        '/srv/svc/.ssh/authorized_keys': key,
      },
      modes: { '/home/alice': { mode: 0o2750, uid: 1000 }, '/srv/svc': { mode: 0o777, uid: 0 } },
    }),
  )
  t.match(userOf(facts, 'alice'), {
    homeState: 'present',
    homeMode: '2750',
    homeUid: 1000,
    authorizedKeys: [
      { type: 'ssh-ed25519', keys: 3 },
      { type: 'ssh-rsa', keys: 1 },
    ],
  })
  t.match(userOf(facts, 'bob'), {
    homeState: 'notDirectory',
    homeMode: '',
    homeUid: -1,
    authorizedKeys: [],
    interactive: true,
  })
  t.match(userOf(facts, 'svc'), { homeMode: '0777', interactive: false, authorizedKeys: [{ keys: 1 }] })
  t.match(userOf(facts, 'gone'), { homeState: 'absent' })
  t.match(userOf(facts, 'odd'), { homeState: 'absent' })
  t.strictSame(facts.gaps, [])
})

t.test('without shadow nobody has a password, without sudoers nobody is granted anything', async t => {
  const facts = factsOf(await scan(t, { files: { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nold:$1$a$b:5:5::/:\n' } }))
  t.match(userOf(facts, 'root')?.password, { state: 'none', hash: '', maxDays: -1 })
  t.match(userOf(facts, 'old')?.password, { state: 'hash', hash: 'md5', changedOn: '' })
  t.match(facts.sudo, { installed: false })
  t.match(facts.loginDefs, { uidMin: 1000, passMaxDays: -1 })
  t.strictSame([facts.sudoRules, facts.groups, facts.gaps], [[], [], []])
})

t.test('what cannot be read is left out and noted', async t => {
  const facts = factsOf(
    await scan(t, {
      files: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nold:*:5:5::/:\n',
        '/etc/group': 'sudo:x:27:old\n',
        '/etc/shadow': { fifo: true },
        '/etc/login.defs': { directory: true },
        '/etc/sudoers': 'Defaults use_pty\n%sudo ALL=ALL\n@includedir /etc/sudoers.d\n',
        '/etc/sudoers.d/blocked': { symlink: 'blocked' },
        '/etc/sudoers.d/pipe': { fifo: true },
        '/etc/sudoers.d/up': { symlink: '..' },
        '/etc/sudoers.d/ignored.bak': { fifo: true },
        '/etc/sudoers.d/ignored~': { fifo: true },
        '/root/.ssh/authorized_keys': { symlink: '/root/loop' },
        '/root/loop': { symlink: '/root/loop' },
      },
    }),
  )
  t.strictSame(
    gapsOf(facts).map(gap => gap.split(' ').slice(0, 4).join(' ')),
    [
      'loginDefs omitted /etc/login.defs notRegular',
      'legacyEntries incomplete /etc/shadow notRegular',
      'privilegedMembers incomplete /etc/sudoers.d/blocked unreadable',
      'sudo omitted /etc/sudoers.d/blocked unreadable',
      'sudoRules incomplete /etc/sudoers.d/blocked unreadable',
      'users.authorizedKeys omitted /root/.ssh/authorized_keys unreadable',
      'users.password omitted /etc/shadow notRegular',
    ].sort(),
  )
  t.notOk('password' in (userOf(facts, 'root') ?? {}))
  t.match(userOf(facts, 'old')?.password, { state: 'disabled' }, 'what passwd itself says is known')
  t.notOk('authorizedKeys' in (userOf(facts, 'root') ?? {}))
  t.notOk('sudo' in facts || 'loginDefs' in facts)
  t.equal(facts.sudoRules.length, 1)
})

t.test('an agent without rights knows users, and says whose passwords and rules it may not see', async t => {
  const host = await hostFrom(t, { files: { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/root/x': '' } })
  const secret = ['/etc/shadow', '/etc/sudoers', '/root/.ssh/authorized_keys']
  const denied: Host = {
    ...host,
    readText: async (path, options) =>
      secret.includes(path) ? { state: 'unreadable', path, detail: 'EACCES' } : await host.readText(path, options),
  }
  const facts = factsOf(await runProbe(accounts, denied))
  t.strictSame(gapsOf(facts), [
    'legacyEntries incomplete /etc/shadow unreadable EACCES',
    'privilegedMembers incomplete /etc/sudoers unreadable EACCES',
    'sudo omitted /etc/sudoers unreadable EACCES',
    'sudoRules incomplete /etc/sudoers unreadable EACCES',
    'users.authorizedKeys omitted /root/.ssh/authorized_keys unreadable EACCES',
    'users.password omitted /etc/shadow unreadable EACCES',
  ])
  t.match(facts.users, [{ name: 'root', homeState: 'present', homeMode: '0755' }])
  t.notOk('password' in (facts.users[0] ?? {}))
})

t.test('malformed lines are gaps that name them, and the others still count', async t => {
  const facts = factsOf(
    await scan(t, {
      files: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nbroken canary\n+\nzoe:x:1:1::/:\n',
        '/etc/group': 'broken canary\n+:::\nzoe:x:1:\n',
        '/etc/shadow': 'root:!:1::::::\nbroken canary\n-x:::::::\n',
        '/etc/login.defs': 'UMASK canary\nPASS_MAX_DAYS 90\n',
        '/etc/sudoers': 'broken canary\nzoe ALL=ALL\n@include missing\n',
      },
    }),
  )
  t.strictSame(gapsOf(facts), [
    'groups incomplete /etc/group malformed line 1',
    'loginDefs incomplete /etc/login.defs malformed line 1',
    'privilegedMembers incomplete /etc/group malformed line 1',
    'privilegedMembers incomplete /etc/passwd malformed line 2',
    'sudoRules incomplete /etc/sudoers malformed line 1',
    'users incomplete /etc/passwd malformed line 2',
    'users.password omitted /etc/shadow malformed line 2',
  ])
  t.match(userOf(facts, 'root')?.password, { state: 'locked' })
  t.notOk('password' in (userOf(facts, 'zoe') ?? {}), 'her line may be the broken one')
  t.strictSame(
    facts.legacyEntries.map(({ path, entry }) => `${path} ${entry}`),
    ['/etc/group +', '/etc/passwd +', '/etc/shadow -x'],
  )
  t.equal(facts.loginDefs?.passMaxDays, 90)
  t.equal(facts.sudoRules.length, 1)
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('duplicates are counted, names of any bytes have one form', async t => {
  const facts = factsOf(
    await scan(t, {
      files: {
        '/etc/passwd':
          'twin:x:7:7::/a:/bin/sh\ntwin:x:7:7::/a:/bin/sh\ntwin:x:7:7::/b:/bin/sh\nroot:x:0:0::/root:/bin/sh\ncaf\udce9:x:4294967295:5::/:\n',
        '/etc/group': 'disk:x:6:twin,twin\ndisk:x:6:root,ca\udce9\ndisk:x:8:\nwheel:x:10:root\nkvm:x:7:\n',
        '/etc/shadow': 'twin:!:1::::::\ntwin::1::::::\n',
      },
    }),
  )
  t.strictSame(
    facts.users.map(({ name, home, entries }) => `${name} ${home} ${entries}`),
    ['caf\\xe9 / 1', 'root /root 1', 'twin /a 3', 'twin /b 3'],
  )
  t.match(userOf(facts, 'twin')?.password, { state: 'locked' }, 'the first line of shadow counts')
  t.strictSame(facts.groups.find(({ gid }) => gid === 6)?.members, ['ca\\xe9', 'root', 'twin'])
  t.strictSame(
    facts.privilegedMembers.map(row => `${row.group} ${row.user} ${row.via} ${row.rootEquivalent}`),
    ['disk ca\\xe9 supplementary true', 'disk twin supplementary true', 'kvm twin primary false'],
  )
})

t.test('includes are followed as sudo does, circles and depth end', async t => {
  const facts = factsOf(
    await scan(t, {
      files: {
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
        '/etc/hostname': 'web-1.example.com\n',
        '/proc/sys/kernel/hostname': 'web-1.example.com\n',
        '/etc/sudoers': '#include local\n@include "/etc/sudo %h"\n#includedir /etc/sudoers.d\n@include sudoers.loop\n',
        '/etc/local': 'User_Alias OPS = a, b\nlate ALL = PROGRAMS\n',
        '/etc/sudo web-1': 'OPS ALL=(root) NOPASSWD: /bin/host\n',
        '/etc/sudoers.d/b': 'b ALL=ALL\n',
        '/etc/sudoers.d/a': 'Cmnd_Alias PROGRAMS = /bin/one, /bin/two\na ALL=ALL\n',
        '/etc/sudoers.d/c.conf': 'c ALL=ALL\n',
        '/etc/sudoers.d/d~': 'd ALL=ALL\n',
        '/etc/sudoers.d/link': { symlink: '../elsewhere' },
        '/etc/sudoers.d/directory': { directory: true },
        '/etc/elsewhere': 'linked ALL=ALL\n',
        '/etc/sudoers.loop': '@include sudoers.loop\n@include sudoers.loop\n',
      },
    }),
  )
  t.strictSame(
    facts.sudoRules.map(({ path, position, who, commands }) => `${path} ${position} ${who} ${commands}`),
    [
      '/etc/local 1 late /bin/one,/bin/two',
      '/etc/sudo web-1 1 OPS /bin/host',
      '/etc/sudoers.d/a 1 a ALL',
      '/etc/sudoers.d/b 1 b ALL',
      '/etc/sudoers.d/link 1 linked ALL',
    ],
  )
  t.match(
    gapsOf(facts).find(gap => gap.startsWith('sudoRules')),
    /tooLarge over the limit of (16 nested includes|500 files)/,
  )
})

t.test('a group is close to root when sudo lets it run everything as root', async t => {
  const rules = [
    '%a ALL=(ALL) ALL',
    '%b ALL=(postgres) ALL',
    '%c ALL=/bin/x',
    'TEAM ALL=(POWER) X',
    '%#14 ALL=ALL',
    '%f ALL=(ALL,!root) ALL',
    '%g ALL=(:g) ALL',
    'User_Alias TEAM = %d : OTHER = %e',
    'Runas_Alias POWER = #0',
    'Cmnd_Alias X = ALL',
  ]
  const facts = factsOf(
    await scan(t, {
      files: {
        '/etc/passwd': 'u:x:5:5::/:\n',
        '/etc/group': ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'wheel']
          .map((name, at) => `${name}:x:${at + 10}:u`)
          .join('\n'),
        '/etc/sudoers': rules.join('\n'),
      },
    }),
  )
  t.strictSame(
    facts.privilegedMembers.map(row => `${row.group} ${row.rootEquivalent}`),
    ['a true', 'd true', 'e true', 'wheel false'],
  )
})

t.test('sessions without a process are not sessions, and an offline root has none', async t => {
  const session = (user: string, pid: number) =>
    utmpRecord({ type: 7, pid, line: `pts/${pid}`, user, host: '', seconds: 1_795_304_131 }, 384)
  const files = {
    '/etc/passwd': 'alice:x:2:2::/:\nroot:x:0:0::/:\ntoor:x:0:0::/:\n',
    '/run/utmp': Buffer.concat([session('alice', 1), session('ghost', 77)]),
    '/var/log/lastlog': lastlogRecord({ line: 'tty1', host: '', seconds: 1_795_304_131 }, 292),
    '/proc/1/stat': `1 (init) S 0 1 1 0 -1 4194560 ${'0 '.repeat(40)}\n`,
    '/proc/1/status': 'Name:\tinit\nUid:\t0\t0\t0\t0\n',
    '/proc/1/cgroup': '0::/init.scope\n',
    '/proc/1/exe': { symlink: '/sbin/init' },
  }
  const live = await scan(t, { files })
  const offline = await scan(t, { files, live: false })
  t.match(live.state === 'present' && live.observations['sessions'], [{ user: 'alice', since: '2026-11-21T23:35:31Z' }])
  t.strictSame(offline.state === 'present' && offline.observations['sessions'], [])
  t.match(offline.state === 'present' && offline.observations['lastLogins'], [
    { user: 'root', line: 'tty1' },
    { user: 'toor' },
  ])
  const torn = factsOf(await scan(t, { files: { ...files, '/run/utmp': 'torn', '/var/log/lastlog': 'torn' } }))
  t.strictSame(gapsOf(torn), [
    'lastLogins incomplete /var/log/lastlog malformed records of no known layout',
    'sessions incomplete /run/utmp malformed records of no known layout',
  ])
})

t.test('a host without /etc/passwd has no accounts, one that cannot be read is not known', async t => {
  t.match(await scan(t, { files: { '/etc/os-release': '' } }), {
    state: 'absent',
    reason: { code: 'notThisKindOfHost' },
  })
  t.match(await scan(t, { files: { '/etc/passwd': { fifo: true } } }), {
    state: 'unreadable',
    reason: { code: 'notRegular' },
  })
})

t.test('five thousand users are read within a second or two, and say which homes were not looked at', async t => {
  const passwd = Array.from({ length: 5_000 }, (_, at) => `user${at}:x:${at + 1000}:100::/home/user${at}:/bin/sh`)
  const facts = factsOf(
    await scan(t, {
      files: {
        '/etc/passwd': passwd.join('\n'),
        '/etc/group': `users:x:100:${passwd.map(line => line.split(':', 1)[0])}`,
      },
    }),
  )
  t.equal(facts.users.length, 5_000)
  t.equal(facts.users.filter(user => 'homeState' in user).length, 1_000)
  t.equal(facts.groups[0]?.primaryMembers.length, 5_000)
  t.match(
    gapsOf(facts)[0],
    /users\.authorizedKeys omitted \/etc\/passwd tooLarge over the limit of 1000 home directories/,
  )
})

t.test('secrets never come out, whatever shape they have', async t => {
  const canary = () => `cnry${randomBytes(9).toString('hex')}`
  const planted = Array.from({ length: 14 }, canary)
  const [a, b, c, d, e, f, g, h, i, j, k, l, m, n] = planted
  const state = await scan(t, {
    files: {
      '/etc/passwd': `root:x:0:0:${a}:/root:/bin/sh\nold:$6$${b}$${b}:5:5::/:\nplain:${c}:6:6::/:\nbad ${d}\n`,
      '/etc/group': `g:${e}:1:\nbad ${f}\n`,
      '/etc/shadow': `root:$y$j9T$${g}$${g}:1::::::\nbad ${h}\nold:!${i}:x::::::\n`,
      '/etc/login.defs': `UMASK ${j}\nENCRYPT_METHOD $6$${j}\n`,
      '/etc/sudoers': `# ${k}\nroot ALL=ALL # ${k}\na ALL=/bin/x -p${l} ${l}, /bin/y "${l}", sha256:${l} /bin/z\nDefaults passprompt="${m}"\nbad ${m}\n`,
      '/root/.ssh/authorized_keys': `command="${n}" ssh-ed25519 AAAA${n} ${n}\n${n} AAAA${n}\n`,
    },
  })
  t.equal(state.state, 'present')
  const text = JSON.stringify(state)
  for (const secret of planted) t.notOk(text.includes(secret ?? 'cnry'), 'a planted secret stays on the host')
  t.match(text, /"type":"ssh-ed25519","keys":1|"keys":1,"type":"ssh-ed25519"/)
})
