// Tests of the ssh probe: held against a recorded server's own word, and on hosts with holes.
import t from 'tap'
import { parseSshdTestOutput } from '../../../agent/parse/sshd-test-output.ts'
import { ssh } from '../../../agent/probes/ssh.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { SshFacts, SshSettings } from '../../../proto/facets/ssh.ts'
import { fixtureCommand, openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, type FixtureHost, hostFrom } from '../../host-from.ts'
import { rootedAtSlash } from '../../rooted-at-slash.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const factsOf = (state: FacetState) => presentFacts(state) as unknown as SshFacts
const gapsOf = (facts: SshFacts) =>
  facts.gaps.map(gap => `${gap.field} ${gap.effect} ${gap.source} ${gap.state} ${gap.detail}`)
const main = '/etc/ssh/sshd_config'
const debian = {
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  '/var/lib/dpkg/status':
    'Package: openssh-server\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:9.2p1-2+deb12u10\n',
}

async function scan(t: Parameters<typeof hostFrom>[0], fixture: FixtureHost): Promise<FacetState> {
  return await runProbe(ssh, await hostFrom(t, { ...fixture, files: { ...debian, ...fixture.files } }))
}

async function settingsOf(
  t: Parameters<typeof hostFrom>[0],
  config: string,
  more: Record<string, FixtureFile> = {},
): Promise<SshSettings> {
  const { settings } = factsOf(await scan(t, { files: { [main]: config, ...more } }))
  if (!settings) throw new Error('no settings')
  return settings
}

t.test('every setting of the recorded machine is what its sshd printed', async t => {
  const host = await openFixtureHost('debian12-vm')
  const facts = factsOf(await runProbe(ssh, host))
  t.strictSame(facts.gaps, [])
  t.equal(facts.version, '9.2p1')
  const printed = parseSshdTestOutput(fixtureCommand('debian12-vm', 'sshd-T'))
  const settings = Object.entries(facts.settings ?? {})
  t.equal(settings.length, 45)
  for (const [field, found] of settings.filter(([field]) => field !== 'listenAddresses')) {
    const keyword = field === 'ports' ? 'port' : field.toLowerCase().replace(/seconds$/, '')
    const wanted = printed.get(keyword) ?? []
    t.strictSame(asPrinted(found), counts.has(field) ? [String(wanted.length)] : wanted, field)
  }
  // Asked, the program adds nothing.
  t.strictSame(factsOf(await runProbe(ssh, rootedAtSlash(host))), facts)
})

const counts = new Set(['allowUsers', 'denyUsers', 'allowGroups', 'denyGroups'])

/** A setting of the facet in the words of `sshd -T`. */
function asPrinted(found: object | undefined): readonly string[] {
  const { value, start, rate, full } = (found ?? {}) as Record<string, unknown>
  if (start !== undefined) return [`${start}:${rate}:${full}`]
  if (Array.isArray(value)) return value.map(String)
  return [value === true ? 'yes' : value === false ? 'no' : String(value)]
}

t.test('a host that never booted tells defaults, host keys and modes', async t => {
  const facts = factsOf(await runProbe(ssh, await openFixtureHost('debian12-minimal')))
  t.strictSame(facts.gaps, [])
  t.match(facts.settings, {
    permitRootLogin: { value: 'prohibit-password', source: 'default', origin: 'default of 9.2p1' },
    kbdInteractiveAuthentication: { value: false, source: 'file', origin: `${main}:62` },
  })
  t.strictSame(facts.files, [{ path: main, mode: '0644', uid: 0, gid: 0 }])
  t.strictSame(
    facts.hostKeys?.map(key => `${key.path} ${key.mode} ${key.type} ${key.bits} ${key.publicMode}`),
    [
      '/etc/ssh/ssh_host_ecdsa_key 0600 ecdsa-sha2-nistp256 256 0644',
      '/etc/ssh/ssh_host_ed25519_key 0600 ssh-ed25519 256 0644',
      '/etc/ssh/ssh_host_rsa_key 0600 ssh-rsa 3072 0644',
    ],
  )
})

t.test('the first line wins, also of included files; some add up', async t => {
  const settings = await settingsOf(
    t,
    'PermitRootLogin no\nInclude sshd_config.d/*.conf\nX11Forwarding yes\nAllowUsers carl\nPort 23\nPermitRootLogin yes\n',
    {
      '/etc/ssh/sshd_config.d/10-a.conf': 'PermitRootLogin yes\nX11Forwarding=no\nAllowUsers ann bob\nport 22\n',
      '/etc/ssh/sshd_config.d/20-b.conf': 'x11forwarding YES\nInclude /etc/ssh/more\n',
      '/etc/ssh/more': 'MaxSessions 3\n',
    },
  )
  t.match(settings, {
    permitRootLogin: { value: 'no', source: 'file', origin: `${main}:1` },
    x11Forwarding: { value: false, origin: '/etc/ssh/sshd_config.d/10-a.conf:2' },
    allowUsers: { value: 3, origin: '/etc/ssh/sshd_config.d/10-a.conf:3' },
    ports: { value: [22, 23] },
    maxSessions: { value: 3, origin: '/etc/ssh/more:1' },
  })
})

t.test('an Include that leads to itself ends', async t => {
  const facts = factsOf(await scan(t, { files: { [main]: 'UsePAM yes\nInclude sshd_config\n' } }))
  t.match(facts.settings, { usePAM: { value: true } })
  t.match(gapsOf(facts)[0], /tooLarge over the limit of 500 files, 16 deep/)
})

t.test('Match blocks are rows, and one for everybody decides', async t => {
  const text = `PermitRootLogin no
X11Forwarding no
Match User backup Address 10.0.0.0/8
  PermitRootLogin forced-commands-only
  ForceCommand /bin/backup canary
  Include block.conf
Match Group "sftp only"
  ChrootDirectory /srv
  PasswordAuthentication yes
Match all
  X11Forwarding yes
Match User backup Address 10.0.0.0/8
  PermitRootLogin yes
  AllowUsers canary
`
  const facts = factsOf(
    await scan(t, {
      files: { [main]: text, '/etc/ssh/block.conf': 'PermitTunnel yes\nMatch LocalPort 2222\nMaxSessions 1\n' },
    }),
  )
  t.strictSame(
    facts.matches.map(({ criteria, settings }) => [criteria, ...settings.map(row => `${row.keyword}=${row.value}`)]),
    [
      ['Group sftp only', 'chrootdirectory=', 'passwordauthentication=yes'],
      [
        'User backup Address 10.0.0.0/8',
        'allowusers=',
        'forcecommand=',
        'permitrootlogin=forced-commands-only',
        'permittunnel=yes',
      ],
      ['User backup Address 10.0.0.0/8 LocalPort 2222', 'maxsessions=1'],
      ['all', 'x11forwarding=yes'],
    ],
  )
  t.match(facts.settings, {
    permitRootLogin: { value: 'no' },
    x11Forwarding: { value: true, origin: `${main}:11` },
    permitTunnel: { value: 'no', source: 'default' },
    maxSessions: { value: 10 },
  })
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('a bad value makes its setting unknown, a bad line is named; neither is quoted', async t => {
  const facts = factsOf(
    await scan(t, {
      files: { [main]: 'PermitRootLogin canary\nUsePAM yes\nCanary yes\nBanner "open\nMatch User x\nPort 3\n' },
    }),
  )
  t.notOk('permitRootLogin' in (facts.settings ?? {}))
  t.strictSame(gapsOf(facts), [`settings.permitRootLogin omitted ${main} malformed line 1`])
  t.strictSame(facts.rejectedLines, [
    { path: main, line: 3 },
    { path: main, line: 4 },
    { path: main, line: 6 },
  ])
  t.match(facts.settings, { usePAM: { value: true }, ports: { value: [22] } })
  t.notMatch(JSON.stringify(facts), /canary/i)
})

t.test('where it is not known which of several lines counts, the value is not either', async t => {
  const facts = factsOf(await scan(t, { files: { [main]: 'MaxStartups 10\nMaxStartups 5:30:60\nMaxSessions 1\n' } }))
  t.strictSame(gapsOf(facts), [
    `settings.maxStartups omitted ${main}:1 unavailable which of several lines counts only sshd knows`,
  ])
  const same = await settingsOf(t, 'MaxStartups 10:30:10\nMaxStartups 10\n')
  t.match(same.maxStartups, { start: 10, rate: 30, full: 10 })
})

t.test('a file that cannot be read hides what it may set', async t => {
  const facts = factsOf(
    await scan(t, {
      files: {
        [main]: 'PermitRootLogin no\nPort 22\nInclude one.conf\nX11Forwarding no\n',
        '/etc/ssh/one.conf': { fifo: true },
      },
    }),
  )
  t.match(facts.settings, { permitRootLogin: { value: 'no' } })
  t.notOk('x11Forwarding' in (facts.settings ?? {}))
  t.notOk('ports' in (facts.settings ?? {}), 'ports add up')
  t.notOk('usePAM' in (facts.settings ?? {}))
  t.ok(gapsOf(facts).every(gap => gap.includes('/etc/ssh/one.conf notRegular')))
  t.ok(facts.gaps.some(({ field, effect }) => field === 'matches' && effect === 'incomplete'))
  t.ok(facts.gaps.some(({ field, effect }) => field === 'hostKeys' && effect === 'omitted'))
})

t.test('options of the unit go before the files', async t => {
  const unit = '[Service]\nEnvironmentFile=-/etc/default/ssh\nExecStart=/usr/sbin/sshd -D $SSHD_OPTS\n'
  const settings = await settingsOf(t, 'PermitRootLogin yes\nPort 22\n', {
    '/usr/lib/systemd/system/ssh.service': unit,
    '/etc/default/ssh': 'SSHD_OPTS="-oPermitRootLogin=no -p 2222"\n',
  })
  t.match(settings, {
    permitRootLogin: { value: 'no', source: 'option', origin: 'ssh.service' },
    ports: { value: [2222], source: 'option' },
  })
  const other = factsOf(
    await scan(t, {
      files: {
        '/usr/lib/systemd/system/sshd.service': '[Service]\nExecStart=/usr/sbin/sshd -D -f /etc/other\n',
        [main]: 'PermitRootLogin yes\n',
        '/etc/other': 'PermitRootLogin no\n',
      },
    }),
  )
  t.equal(other.configurationFile, '/etc/other')
  t.equal(other.settings?.permitRootLogin?.origin, '/etc/other:1')
  const hidden = factsOf(
    await scan(t, {
      files: { [main]: '', '/usr/lib/systemd/system/ssh.service': unit, '/etc/default/ssh': { fifo: true } },
    }),
  )
  t.notOk('settings' in hidden || 'hostKeys' in hidden)
  t.match(gapsOf(hidden), [/^hostKeys omitted \/etc\/default\/ssh/, /^settings omitted \/etc\/default\/ssh notRegular/])
  const script = await settingsOf(t, '', { '/etc/conf.d/sshd': 'SSHD_OPTS="-o MaxAuthTries=2"\n' })
  t.match(script.maxAuthTries, { value: 2, source: 'option', origin: '/etc/conf.d/sshd' })
})

t.test('what the program says goes before what the files say, where it may be asked', async t => {
  const host = await hostFrom(t, {
    files: { ...debian, [main]: 'Ciphers aes256-ctr,*-gcm*\nPermitRootLogin no\n' },
    commands: {
      'sshd -T': {
        stdout: 'port 22\nciphers aes256-ctr,aes128-gcm@openssh.com\npermitrootlogin no\nx11forwarding yes\n',
      },
    },
  })
  const asked = factsOf(await runProbe(ssh, rootedAtSlash(host)))
  t.match(asked.settings, {
    ciphers: { value: ['aes256-ctr', 'aes128-gcm@openssh.com'], source: 'program', origin: 'sshd -T' },
    permitRootLogin: { value: 'no', source: 'file' },
    x11Forwarding: { value: true, source: 'program' },
  })
  const alone = factsOf(await runProbe(ssh, host))
  t.strictSame(gapsOf(alone), [
    `settings.ciphers omitted ${main}:1 unavailable the list builds on names that only sshd knows`,
  ])
  const failing = await hostFrom(t, {
    files: { ...debian, [main]: 'PermitRootLogin no\n' },
    commands: { 'sshd -T': { exitCode: 1, stdout: '', stderr: 'sshd: no hostkeys available -- exiting.' } },
  })
  t.strictSame(factsOf(await runProbe(ssh, rootedAtSlash(failing))).gaps, [])
})

t.test('an older server has two keywords where newer ones have one', async t => {
  const status = debian['/var/lib/dpkg/status'].replace('9.2p1-2+deb12u10', '8.4p1-5+deb11u3')
  const text = 'ChallengeResponseAuthentication no\nKbdInteractiveAuthentication yes\n'
  const old = await settingsOf(t, text, { '/var/lib/dpkg/status': status })
  t.match(old.kbdInteractiveAuthentication, { value: true, origin: `${main}:2` })
  const today = await settingsOf(t, text)
  t.match(today.kbdInteractiveAuthentication, { value: false, origin: `${main}:1` })
})

t.test('a server whose version nobody tells, of a builder that nobody knows', async t => {
  const unknown = factsOf(
    await scan(t, {
      files: {
        [main]: 'UsePAM yes\n',
        '/usr/sbin/sshd': '',
        '/var/lib/dpkg/status': { fifo: true },
        '/etc/os-release': 'ID=sles\n',
      },
    }),
  )
  t.notOk('version' in unknown)
  t.strictSame(Object.keys(unknown.settings ?? {}), ['usePAM'])
  t.ok(unknown.gaps.some(({ field, source }) => field === 'version' && source === '/var/lib/dpkg/status'))
  const alpine = factsOf(
    await scan(t, {
      files: {
        [main]: '',
        '/var/lib/dpkg/status': { symlink: 'none' },
        '/lib/apk/db/installed': 'P:openssh-server\nV:9.6_p1-r0\nA:x86_64\n',
        '/etc/os-release': 'ID=alpine\n',
      },
    }),
  )
  t.equal(alpine.version, '9.6p1')
  t.match(alpine.settings?.permitRootLogin, { value: 'prohibit-password', origin: 'default of 9.6p1' })
})

t.test('no server, a removed one, and a configuration that cannot be read', async t => {
  const absent = { state: 'absent', reason: { code: 'notInstalled' } }
  t.match(await scan(t, { files: {} }), absent)
  const removed = debian['/var/lib/dpkg/status'].replace('install ok installed', 'deinstall ok config-files')
  t.match(await scan(t, { files: { [main]: '', '/var/lib/dpkg/status': removed } }), absent)
  t.match(await scan(t, { files: { [main]: { fifo: true } } }), { state: 'unreadable', reason: { code: 'notRegular' } })
})
