// Facet `accounts`: who is on the host, how they may log in, and who may become root.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf, sortedSet } from '../facet.ts'

const PasswordSchema = z.object({
  state: z
    .enum(['hash', 'empty', 'locked', 'disabled', 'none'])
    .describe('hash: usable; locked: `!` before it; disabled: `*` or `!!`, never a match; none: no shadow entry'),
  hash: z
    .enum([
      'yescrypt',
      'gost-yescrypt',
      'scrypt',
      'bcrypt',
      'sha512',
      'sha256',
      'sunmd5',
      'md5',
      'des',
      'nt',
      'unknown',
      '',
    ])
    .describe('method of the hash, empty when there is none; never the hash'),
  changedOn: z.string().describe('day of the last change as YYYY-MM-DD, empty when never or unknown, `forced` when 0'),
  minDays: z.int().describe('days before it may change, -1 when unset'),
  maxDays: z.int().describe('days until it must change, -1 when unset'),
  warnDays: z.int().describe('days of warning, -1 when unset'),
  inactiveDays: z.int().describe('days after expiry until the account is locked, -1 when unset'),
  accountExpiresOn: z.string().describe('YYYY-MM-DD, empty when never'),
})
export type Password = z.infer<typeof PasswordSchema>

export const UserSchema = z.object({
  name: z.string().describe('login name'),
  uid: z.int().describe('user id'),
  gid: z.int().describe('primary group id'),
  entries: z.int().describe('how often this name and uid stand in /etc/passwd'),
  home: z.string().describe('home directory'),
  shell: z.string().describe('login shell, empty means /bin/sh'),
  system: z.boolean().describe('uid below UID_MIN of login.defs and not 0, or that of nobody'),
  interactive: z.boolean().describe('the shell lets somebody in (not nologin, false, sync, …)'),
  password: PasswordSchema.optional().describe('/etc/shadow, or the second field of passwd; left out when unreadable'),
  homeState: z.enum(['present', 'absent', 'notDirectory']).optional().describe('what the home path is'),
  homeMode: z.string().optional().describe('octal permission bits such as 0750, empty when there is no directory'),
  homeUid: z.int().optional().describe('owner of the home directory, -1 when there is none'),
  authorizedKeys: keyed(z.object({ type: z.string().describe('key type'), keys: z.int().describe('number of keys') }), [
    'type',
  ])
    .optional()
    .describe('keys of ~/.ssh/authorized_keys{,2} counted by type; bodies and comments stay on the host'),
})
export type User = z.infer<typeof UserSchema>

export const AccountsFacet = defineFacet({
  name: 'accounts',
  version: 1,
  title: 'Users, groups, password states, authorized key counts and sudo rules',
  facts: {
    users: keyed(UserSchema, ['name', 'uid', 'gid', 'home', 'shell']).describe('/etc/passwd joined with /etc/shadow'),
    groups: keyed(
      z.object({
        name: z.string().describe('group name'),
        gid: z.int().describe('group id'),
        entries: z.int().describe('how often this name and gid stand in /etc/group'),
        members: sortedSet(z.string()).describe('supplementary members'),
        primaryMembers: sortedSet(z.string()).describe('users whose primary group it is'),
      }),
      ['name', 'gid'],
    ).describe('/etc/group'),
    privilegedMembers: keyed(
      z.object({
        group: z
          .string()
          .describe(
            'sudo, wheel, docker, lxd, disk, libvirt, shadow, kvm, …, or a group that sudo lets run ALL as root',
          ),
        user: z.string().describe('member'),
        via: z.enum(['primary', 'supplementary']).describe('how'),
        rootEquivalent: z.boolean().describe('the group alone is enough to become root'),
      }),
      ['group', 'user', 'via'],
    ).describe('members of groups that lead to root or to other people’s data, without those of uid 0'),
    legacyEntries: keyed(
      z.object({ path: z.string().describe('file'), entry: z.string().describe('the `+` or `-` name as written') }),
      ['path', 'entry'],
    ).describe('NIS compatibility lines of passwd, shadow and group'),
    sudo: z
      .object({
        installed: z.boolean().describe('/etc/sudoers exists'),
        usePty: z.boolean().describe('Defaults use_pty'),
        logfile: z.string().describe('Defaults logfile, empty when unset'),
        timestampMinutes: z.int().describe('Defaults timestamp_timeout in whole minutes, 15 when unset, -1 for never'),
        authenticate: z.boolean().describe('false when Defaults !authenticate is set for all'),
      })
      .optional()
      .describe('/etc/sudoers Defaults'),
    sudoRules: keyed(
      z.object({
        path: z.string().describe('file'),
        position: z.int().describe('rank of the rule in its file, from 1'),
        who: z
          .string()
          .describe('user, %group, #uid or alias as written; behind it those that the rule excludes: `ALL, !dave`'),
        hosts: sortedSet(z.string()).describe('hosts'),
        runAs: z.string().describe('run-as part, root when left out'),
        commands: sortedSet(z.string()).describe('command paths without their arguments, aliases resolved'),
        nopasswd: z.boolean().describe('NOPASSWD tag, or Defaults !authenticate for this very user'),
        all: z.boolean().describe('the commands include ALL'),
      }),
      ['path', 'position'],
    ).describe('user specifications of sudoers and the files it includes'),
    loginDefs: z
      .object({
        passMaxDays: z.int().describe('PASS_MAX_DAYS, -1 when unset'),
        passMinDays: z.int().describe('PASS_MIN_DAYS, -1 when unset'),
        passWarnAge: z.int().describe('PASS_WARN_AGE, -1 when unset'),
        encryptMethod: z.string().describe('ENCRYPT_METHOD, empty when unset'),
        umask: z.string().describe('UMASK, empty when unset'),
        uidMin: z.int().describe('UID_MIN, 1000 when unset'),
      })
      .optional()
      .describe('/etc/login.defs'),
  },
  observations: {
    sessions: keyed(
      z.object({
        user: z.string().describe('user'),
        line: z.string().describe('terminal'),
        from: z.string().describe('remote host, empty when local'),
        since: z.string().describe('ISO 8601 time'),
      }),
      ['user', 'line', 'since'],
    ).describe('utmp'),
    lastLogins: keyed(
      z.object({
        user: z.string().describe('user'),
        at: z.string().describe('ISO 8601 time'),
        line: z.string().describe('terminal'),
        from: z.string().describe('remote host, empty when local'),
      }),
      ['user'],
    ).describe('/var/log/lastlog'),
  },
})
export type AccountsFacts = FactsOf<typeof AccountsFacet>
export type AccountsObservations = ObservationsOf<typeof AccountsFacet>
