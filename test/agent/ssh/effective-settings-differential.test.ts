// Holds resolved settings against what the sshd of this machine says of the same random files.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { judgedKeywords } from '../../../agent/parse/sshd-keywords.ts'
import { parseSshdTestOutput } from '../../../agent/parse/sshd-test-output.ts'
import { defaultValues } from '../../../agent/ssh/default-values.ts'
import { effectiveSettings } from '../../../agent/ssh/effective-settings.ts'
import { readBuild } from '../../../agent/ssh/read-build.ts'
import { readConfiguration } from '../../../agent/ssh/read-configuration.ts'

const sshd = '/usr/sbin/sshd'
const skip =
  !existsSync(sshd) || process.getuid?.() !== 0
    ? 'needs root and openssh-server, whose sshd only prints settings here'
    : false

const flags = ['yes', 'no', 'YES', 'No']
const values: Readonly<Record<string, readonly string[]>> = {
  AllowAgentForwarding: flags,
  AllowGroups: ['wheel', 'a b', '"with blank" c'],
  AllowStreamLocalForwarding: [...flags, 'local', 'remote', 'all'],
  AllowTcpForwarding: [...flags, 'local', 'remote'],
  AllowUsers: ['ann', 'bob carl', 'dora@10.0.0.1'],
  AuthenticationMethods: ['publickey', 'publickey,password publickey'],
  AuthorizedKeysFile: ['.ssh/keys', '.ssh/a /etc/ssh/keys/%u', 'none'],
  Banner: ['none', '/etc/issue.net', '"/etc/my banner"'],
  ChallengeResponseAuthentication: flags,
  Ciphers: ['aes256-ctr', '+aes128-cbc', '-aes128*', '^aes256-gcm@openssh.com', 'aes128-ctr,aes256-ctr,aes128-ctr'],
  ClientAliveCountMax: ['0', '3', '07'],
  ClientAliveInterval: ['0', '90', '5m', '1h30m', '2D'],
  Compression: ['yes', 'no', 'delayed'],
  DenyUsers: ['eve', 'eve mallory'],
  DisableForwarding: flags,
  GatewayPorts: [...flags, 'clientspecified'],
  HostbasedAuthentication: flags,
  HostKeyAlgorithms: ['ssh-ed25519', '-ecdsa*', '+ssh-rsa', '^rsa-sha2-512'],
  IgnoreRhosts: [...flags, 'shosts-only'],
  IgnoreUserKnownHosts: flags,
  KbdInteractiveAuthentication: flags,
  KexAlgorithms: ['curve25519-sha256', '+diffie-hellman-group14-sha1', '-diffie*,ecdh*', '^ecdh-sha2-nistp384'],
  LoginGraceTime: ['0', '60', '2m', '1m1s'],
  LogLevel: ['INFO', 'verbose', 'DEBUG', 'debug1', 'Debug3', 'quiet'],
  MACs: ['hmac-sha2-512', '-*sha1*,umac*', '+hmac-md5', '^hmac-sha2-256'],
  MaxAuthTries: ['1', '4', '6'],
  MaxSessions: ['0', '10'],
  MaxStartups: ['10', '10:30:60', '5:100:5'],
  PasswordAuthentication: flags,
  PermitEmptyPasswords: flags,
  PermitRootLogin: [...flags, 'prohibit-password', 'without-password', 'forced-commands-only'],
  PermitTunnel: ['yes', 'no', 'point-to-point', 'ethernet'],
  PermitUserEnvironment: ['yes', 'no', 'LANG,LC_*'],
  PermitUserRC: flags,
  Port: ['22', '2222'],
  PubkeyAcceptedKeyTypes: ['ssh-ed25519', '-rsa*', '+ssh-rsa'],
  PubkeyAuthentication: flags,
  StrictModes: flags,
  SyslogFacility: ['AUTH', 'AUTHPRIV'],
  UsePAM: flags,
  X11Forwarding: flags,
  X11UseLocalhost: flags,
}
const invalid = [
  'UsePAM true',
  'PermitRootLogin maybe',
  'MaxAuthTries many',
  'Nonsense yes',
  'Banner',
  'StrictModes "yes',
  'Port 1 2',
  'LoginGraceTime 1y',
]
const criteria = [
  'all',
  'User somebody',
  'User somebody Address 10.9.8.0/24',
  'Group nobodies',
  'User "x"',
  'Address 192.0.2.1',
]

const separator = fc.constantFrom(' ', '\t', '=', ' = ', '  ', ' =')
const keyword = fc.constantFrom(...Object.keys(values))
const cased = (text: string) => fc.constantFrom(text, text.toLowerCase(), text.toUpperCase())
const setting = keyword.chain(name =>
  fc
    .tuple(
      cased(name),
      separator,
      fc.constantFrom(...(values[name] ?? [])),
      fc.constantFrom('', ' ', '\t', ' # why', '\r'),
    )
    .map(([written, blank, value, end]) => `${written}${blank}${value}${end}`),
)
const comment = fc.constantFrom('', '# PermitRootLogin yes', '   #x', '\t')
const match = fc.constantFrom(...criteria).map(text => `Match ${text}`)
const inMatch = fc.constantFrom(
  'PermitRootLogin yes',
  'X11Forwarding no',
  'AllowUsers zoe',
  'PasswordAuthentication=no',
  'MaxSessions 3',
)
const lines = fc.array(fc.oneof({ weight: 6, arbitrary: setting }, { weight: 1, arbitrary: comment }), {
  maxLength: 12,
})
const block = fc.tuple(match, fc.array(inMatch, { maxLength: 4 })).map(([head, body]) => [head, ...body])
const bad = fc.oneof(
  { weight: 40, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom(...invalid) },
)
const file = fc
  .tuple(lines, fc.array(block, { maxLength: 3 }), bad)
  .map(([head, blocks, bad]) => [...head, ...(bad === undefined ? [] : [bad]), ...blocks.flat()].join('\n'))
const place = fc.constantFrom('first', 'last', 'first', 'last', 'block')

t.test('settings resolved from files are those that sshd prints', { skip }, async t => {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-sshd-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  mkdirSync('/run/sshd', { recursive: true })
  mkdirSync(join(directory, 'conf.d'))
  const key = join(directory, 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const host = await openHost({ root: '/', live: false })
  const server = await readBuild(host, new Map())
  if (!server?.build.version) throw new Error('sshd is there, and no package of it')
  const defaults = defaultValues(server.build)
  let accepted = 0

  const property = fc.asyncProperty(file, file, file, place, async (main, one, two, where) => {
    const path = join(directory, 'sshd_config')
    const include = `Include ${directory}/conf.d/[0-9]*.conf ${directory}/none/*`
    const parts =
      where === 'first' ? [include, main] : where === 'last' ? [main, include] : [main, 'Match User x', include]
    writeFileSync(path, `HostKey ${key}\n${parts.join('\n')}\n`)
    writeFileSync(join(directory, 'conf.d', '10-one.conf'), one)
    writeFileSync(join(directory, 'conf.d', '20-two.conf'), two)
    const said = spawnSync(sshd, ['-T', '-f', path], { encoding: 'utf8' })
    const configuration = await readConfiguration(host, path)
    const { settings, obstacles } = effectiveSettings({
      ...{ configuration, options: [], defaults, defaultOrigin: 'default', defaultObstacle: undefined },
      ...{ program: undefined, isChallengeResponseApart: (server.build.version ?? 0) <= 806 },
    })
    if (said.status !== 0) {
      // Methods that are switched off elsewhere: no line by itself is wrong.
      if (said.stderr.includes('AuthenticationMethods cannot be satisfied')) return true
      const refused = configuration.directives.some(({ values }) => values === undefined)
      return refused || configuration.rejected.length > 0
    }
    accepted += 1
    const printed = parseSshdTestOutput(said.stdout)
    for (const name of judgedKeywords.keys()) {
      if (name === 'listenaddress') continue
      // Which of several different lines counts is not known here, and said so.
      if (/^(maxstartups|permituserenvironment)$/.test(name) && obstacles.has(name)) continue
      const found = settings.get(name)?.values ?? [`unknown: ${JSON.stringify(obstacles.get(name))}`]
      const wanted = printed.get(name) ?? []
      if (JSON.stringify(found) !== JSON.stringify(wanted)) {
        throw new Error(`${name}: resolved ${JSON.stringify(found)}, sshd says ${JSON.stringify(wanted)}`)
      }
    }
    return configuration.rejected.length === 0
  })
  await fc.assert(property, { numRuns: 200 })
  t.ok(accepted > 20, `sshd accepted ${accepted} of the files`)
})
