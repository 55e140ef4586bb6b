// Tests of the keywords of sshd_config(5): which there are, and which a Match block may set.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { isAllowedInMatch, judgedKeywords, keywordName } from '../../../agent/parse/sshd-keywords.ts'
import { fixtureCommand } from '../../fixture-host.ts'

/** "Available keywords are", says the manual page of Match. */
const inMatch = `AcceptEnv AllowAgentForwarding AllowGroups AllowStreamLocalForwarding AllowTcpForwarding AllowUsers
  AuthenticationMethods AuthorizedKeysCommand AuthorizedKeysCommandUser AuthorizedKeysFile AuthorizedPrincipalsCommand
  AuthorizedPrincipalsCommandUser AuthorizedPrincipalsFile Banner CASignatureAlgorithms ChannelTimeout ChrootDirectory
  ClientAliveCountMax ClientAliveInterval DenyGroups DenyUsers DisableForwarding ExposeAuthInfo ForceCommand
  GatewayPorts GSSAPIAuthentication HostbasedAcceptedAlgorithms HostbasedAuthentication HostbasedUsesNameFromPacketOnly
  IgnoreRhosts Include IPQoS KbdInteractiveAuthentication KerberosAuthentication LogLevel MaxAuthTries MaxSessions
  PasswordAuthentication PermitEmptyPasswords PermitListen PermitOpen PermitRootLogin PermitTTY PermitTunnel
  PermitUserRC PubkeyAcceptedAlgorithms PubkeyAuthentication PubkeyAuthOptions RefuseConnection RekeyLimit RevokedKeys
  RDomain SetEnv StreamLocalBindMask StreamLocalBindUnlink TrustedUserCAKeys UnusedConnectionTimeout X11DisplayOffset
  X11Forwarding X11UseLocalhost`.split(/\s+/)

/** In Match blocks too, says servconf.c of some version or distribution. */
const quietlyInMatch =
  `AuthorizedKeysFile2 GSSAPIDelegateCredentials LogVerbose Match RequiredRSASize RhostsRSAAuthentication
  RSAAuthentication Subsystem X11MaxDisplays KerberosUseKuserok GSSAPIEnablek5users UseSession`.split(/\s+/)

/** For the whole server, of this and of former versions. */
const elsewhere = `AddressFamily Ciphers Compression FingerprintHash HostCertificate HostKey HostKeyAgent
  HostKeyAlgorithms IgnoreUserKnownHosts KexAlgorithms ListenAddress LoginGraceTime MACs MaxStartups ModuliFile
  PermitUserEnvironment PerSourceMaxStartups PerSourceNetBlockSize PerSourcePenalties PerSourcePenaltyExemptList PidFile
  Port PrintLastLog PrintMotd SecurityKeyProvider SshdAuthPath SshdSessionPath StrictModes SyslogFacility TCPKeepAlive
  UseDNS UsePAM VersionAddendum XAuthLocation PAMServiceName DebianBanner GSSAPICleanupCredentials GSSAPICleanupCreds
  GSSAPIKexAlgorithms GSSAPIKeyExchange GSSAPIStoreCredentialsOnRekey GSSAPIStrictAcceptorCheck
  GSSAPIUseSessionCredCache GSSUseSessionCCache KerberosGetAFSToken KerberosOrLocalPasswd KerberosTgtPassing
  KerberosTicketCleanup KerberosUniqueCCache AFSTokenPassing CheckMail KeepAlive KeyRegenerationInterval Moduli
  PAMAuthenticationViaKbdInt PermitBlacklistedKeys Protocol ReverseMappingCheck RhostsAuthentication RSAMinSize
  ServerKeyBits ShowPatchLevel UseLogin UsePrivilegeSeparation VerifyReverseMapping`.split(/\s+/)

t.test('keywords are known in any case of letters, others are not', async t => {
  for (const word of [...inMatch, ...quietlyInMatch, ...elsewhere]) {
    t.equal(keywordName(word), word.toLowerCase(), word)
    t.equal(keywordName(word.toUpperCase()), word.toLowerCase(), word)
  }
  for (const word of ['', 'PermitRoot', 'toString', 'constructor', '__proto__'])
    t.equal(keywordName(word), undefined, word)
})

t.test('former names lead to those of today', async t => {
  t.equal(keywordName('ChallengeResponseAuthentication'), 'kbdinteractiveauthentication')
  t.equal(keywordName('SkeyAuthentication'), 'kbdinteractiveauthentication')
  t.equal(keywordName('DSAAuthentication'), 'pubkeyauthentication')
  t.equal(keywordName('HostbasedAcceptedKeyTypes'), 'hostbasedacceptedalgorithms')
  t.equal(keywordName('HostDSAKey'), 'hostkey')
  t.equal(keywordName('PubkeyAcceptedKeyTypes'), 'pubkeyacceptedalgorithms')
})

t.test('a Match block may set what its manual says, and nothing of the whole server', async t => {
  for (const word of [...inMatch, ...quietlyInMatch]) t.equal(isAllowedInMatch(word.toLowerCase()), true, word)
  for (const word of elsewhere) t.equal(isAllowedInMatch(word.toLowerCase()), false, word)
})

t.test('every line of the recorded sshd -T has a known keyword', async t => {
  const words = fixtureCommand('debian12-vm', 'sshd-T')
    .trim()
    .split('\n')
    .map(line => line.split(' ')[0] ?? '')
  t.ok(words.length > 60)
  t.strictSame(
    words.filter(word => keywordName(word) !== word),
    [],
  )
})

t.test('the words that a keyword takes become those that sshd -T prints', async t => {
  const wordsOf = (name: string) => judgedKeywords.get(name)?.shape
  t.strictSame(wordsOf('addressfamily'), { any: 'any', inet: 'inet', inet6: 'inet6' })
  t.strictSame(wordsOf('gatewayports'), { yes: 'yes', no: 'no', clientspecified: 'clientspecified' })
  t.strictSame(wordsOf('ignorerhosts'), { yes: 'yes', no: 'no', 'shosts-only': 'shosts-only' })
  t.match(wordsOf('permittunnel'), { 'point-to-point': 'point-to-point', ethernet: 'ethernet' })
  t.match(wordsOf('permitrootlogin'), {
    'without-password': 'prohibit-password',
    'forced-commands-only': 'forced-commands-only',
  })
  t.strictSame(wordsOf('loglevel'), {
    ...{ silent: 'QUIET', quiet: 'QUIET', fatal: 'FATAL', error: 'ERROR', info: 'INFO', verbose: 'VERBOSE' },
    ...{ debug: 'DEBUG', debug1: 'DEBUG', debug2: 'DEBUG2', debug3: 'DEBUG3' },
  })
})

t.test('lines of lists add up, of the others the first one counts', async t => {
  const adding = [...judgedKeywords].filter(([, { adds }]) => adds).map(([name]) => name)
  t.strictSame(adding.sort(), [
    'allowgroups',
    'allowusers',
    'denygroups',
    'denyusers',
    'hostkey',
    'listenaddress',
    'port',
  ])
})

t.test('a keyword is one in any mixture of letters, and its name of today stays what it is', async () => {
  const known = [
    ...inMatch,
    ...quietlyInMatch,
    ...elsewhere,
    'SkeyAuthentication',
    'HostDSAKey',
    'PubkeyAcceptedKeyTypes',
  ]
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (word, upper) => {
      const mixed = [...word].map((char, at) => (upper[at] ? char.toUpperCase() : char.toLowerCase())).join('')
      const name = keywordName(mixed)
      equal(name, keywordName(word))
      equal(name !== undefined && keywordName(name) === name, true, word)
    }),
  )
})

t.test('no other text is a keyword', async () => {
  const known = new Set([...inMatch, ...quietlyInMatch, ...elsewhere].map(word => word.toLowerCase()))
  const near = fc
    .tuple(fc.constantFrom(...known), fc.nat({ max: 30 }), fc.constantFrom('', 'x', ' ', '\0', '_', 'ſ', 'K'))
    .map(([word, at, piece]) => word.slice(0, at) + piece + word.slice(at + (piece === '' ? 1 : 0)))
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ maxLength: 20 })), text => {
      const name = keywordName(text)
      if (known.has(text.toLowerCase())) equal(name, text.toLowerCase())
      else if (name !== undefined)
        equal(known.has(name) && !known.has(text), true, `${text} is an older name of ${name}`)
      equal(isAllowedInMatch(text) && name === undefined, false)
    }),
    { numRuns: 500 },
  )
})
