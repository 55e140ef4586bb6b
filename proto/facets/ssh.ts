// Facet `ssh`: what the SSH server does, with the place that decides each setting, its Match blocks, files and keys.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, ordered } from '../facet.ts'

const provenance = {
  source: z
    .enum(['option', 'file', 'program', 'default'])
    .describe('what decides: the command line, a line of a file, what `sshd -T` says besides them, or the default'),
  origin: z.string().describe('the unit, file and line, `sshd -T`, or the version whose default it is'),
}
const flag = (about: string) =>
  z
    .object({ value: z.boolean().describe('effective value'), ...provenance })
    .optional()
    .describe(about)
const int = (about: string) =>
  z
    .object({ value: z.int().describe('effective value'), ...provenance })
    .optional()
    .describe(about)
const text = (about: string) =>
  z
    .object({ value: z.string().describe('effective value'), ...provenance })
    .optional()
    .describe(about)
const list = (about: string) =>
  z
    .object({ value: ordered(z.string()).describe('effective value'), ...provenance })
    .optional()
    .describe(about)

/** What holds for everybody: Match blocks for some are rows of their own. */
export const SshSettingsSchema = z.object({
  permitRootLogin: text('yes, no, prohibit-password or forced-commands-only'),
  passwordAuthentication: flag('passwords are accepted'),
  kbdInteractiveAuthentication: flag('keyboard-interactive, which with UsePAM may ask for passwords'),
  pubkeyAuthentication: flag('keys are accepted'),
  hostbasedAuthentication: flag('hosts vouch for their users'),
  gssapiAuthentication: flag('Kerberos tickets are accepted'),
  kerberosAuthentication: flag('passwords are checked with Kerberos'),
  authenticationMethods: list('lists of methods of which one must be gone through, or any'),
  permitEmptyPasswords: flag('accounts without a password may log in'),
  usePAM: flag('PAM is asked'),
  ignoreRhosts: text('yes, no or shosts-only'),
  ignoreUserKnownHosts: flag('known hosts of users do not count for host-based authentication'),
  strictModes: flag('files of users must be theirs alone'),
  permitUserEnvironment: text('no, yes, or a pattern of names'),
  permitUserRC: flag('a file of the user is run at login'),
  x11Forwarding: flag('X11 is forwarded'),
  x11UseLocalhost: flag('forwarded X11 listens on the loopback address'),
  allowTcpForwarding: text('yes, no, local or remote'),
  allowStreamLocalForwarding: text('yes, no, local or remote'),
  allowAgentForwarding: flag('the agent is forwarded'),
  disableForwarding: flag('switches off every forwarding whatever the others say'),
  permitTunnel: text('no, yes, point-to-point or ethernet'),
  gatewayPorts: text('no, yes or clientspecified'),
  clientAliveIntervalSeconds: int('idle seconds after which the client is asked, 0 for never'),
  clientAliveCountMax: int('unanswered questions after which the connection ends, 0 for never'),
  loginGraceTimeSeconds: int('seconds to log in, 0 for ever'),
  maxAuthTries: int('attempts to log in per connection'),
  maxSessions: int('sessions per connection'),
  maxStartups: z
    .object({
      start: z.int().describe('connections that have not logged in, from which on some are refused'),
      rate: z.int().describe('percentage of them'),
      full: z.int().describe('number from which on all are refused'),
      ...provenance,
    })
    .optional()
    .describe('connections that have not logged in yet'),
  logLevel: text('such as INFO'),
  banner: text('file shown before login, or none'),
  allowUsers: int('number of patterns of users who alone may log in'),
  denyUsers: int('number of patterns of users who may not'),
  allowGroups: int('number of patterns of groups'),
  denyGroups: int('number of patterns of groups'),
  authorizedKeysFile: list('files of keys, relative to the home directory'),
  ciphers: list('in order of preference'),
  macs: list('in order of preference'),
  kexAlgorithms: list('in order of preference'),
  hostKeyAlgorithms: list('in order of preference'),
  pubkeyAcceptedAlgorithms: list('signatures accepted of users'),
  caSignatureAlgorithms: list('signatures accepted of certificate authorities'),
  addressFamily: text('any, inet or inet6'),
  ports: z
    .object({ value: ordered(z.int()).describe('effective value'), ...provenance })
    .optional()
    .describe('ports'),
  listenAddresses: list('addresses as configured, empty for all'),
})
export type SshSettings = z.infer<typeof SshSettingsSchema>

export const SshFacet = defineFacet({
  name: 'ssh',
  version: 1,
  title: 'SSH server: effective settings with provenance, Match blocks, host keys and files',
  facts: {
    version: z.string().optional().describe('version of OpenSSH, such as 9.2p1; left out when no package tells it'),
    configurationFile: z.string().describe('file that sshd reads'),
    unit: z.string().describe('systemd unit that starts it, such as sshd.service; empty when none does'),
    settings: SshSettingsSchema.optional().describe(
      'what holds unless a Match block says otherwise; left out when the options of its unit are not known',
    ),
    matches: keyed(
      z.object({
        criteria: z.string().describe('criteria of the block as written; those of nested blocks one after the other'),
        settings: keyed(
          z.object({
            keyword: z.string().describe('in small letters'),
            value: z.string().describe('first value in it, as `sshd -T` would print it; empty for what may be private'),
            origin: z.string().describe('file and line'),
          }),
          ['keyword'],
        ).describe('what the block sets'),
      }),
      ['criteria'],
    ).describe('Match blocks; several with the same criteria are one'),
    rejectedLines: keyed(z.object({ path: z.string().describe('file'), line: z.int().describe('from 1') }), [
      'path',
      'line',
    ]).describe('lines that no version of sshd accepts: it does not start with them'),
    files: keyed(
      z.object({
        path: z.string().describe('file of the configuration'),
        mode: z.string().describe('octal permission bits such as 0600'),
        uid: z.int().describe('owner'),
        gid: z.int().describe('group'),
      }),
      ['path'],
    ).describe('configuration files that are read'),
    hostKeys: keyed(
      z.object({
        path: z.string().describe('private key'),
        state: z.enum(['present', 'absent']).describe('an absent one is named by HostKey, or by the defaults'),
        mode: z.string().describe('octal permission bits, empty when absent'),
        uid: z.int().describe('owner, -1 when absent'),
        gid: z.int().describe('group, -1 when absent'),
        type: z.string().describe('type of the public key beside it, such as ssh-ed25519; empty when there is none'),
        bits: z.int().describe('size of the key, 0 when it cannot be told'),
        publicMode: z.string().describe('octal permission bits of the public key, empty when there is none'),
        publicUid: z.int().describe('owner of the public key, -1 when there is none'),
      }),
      ['path'],
    )
      .optional()
      .describe('host keys; left out when it is not known which are used'),
  },
  observations: {},
})
export type SshFacts = FactsOf<typeof SshFacet>
export type SshObservations = ObservationsOf<typeof SshFacet>
