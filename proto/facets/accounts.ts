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

const settingsOmitted = 'left out when a file of them is unreadable'
const service = z.string().describe('stack that services share, such as common-password, or a service')
const binding = z.boolean().describe('required, requisite, or with default=bad or default=die: its refusal is final')

/** What the stacks of PAM ask for: /etc/pam.d after includes, joined with the files of /etc/security. */
const pamFacts = {
  pamInstalled: z.boolean().optional().describe('there are services of PAM'),
  pamModules: keyed(
    z.object({
      service,
      type: z.enum(['auth', 'account', 'password', 'session']).describe('what the module is asked for'),
      position: z.int().describe('rank among the modules of this type, from 1'),
      module: z.string().describe('name of the module, such as pam_unix'),
      control: z.string().describe('required, requisite, sufficient, optional, or [value=action …] in lower case'),
      arguments: sortedSet(z.string()).describe('those that are known and harmless to tell, as written'),
    }),
    ['service', 'type', 'position'],
  ).describe('modules of the stacks that services share, else of login, passwd and sshd; and of su'),
  passwordQuality: keyed(
    z.object({
      service,
      module: z
        .enum(['pam_pwquality', 'pam_cracklib', 'pam_passwdqc', 'none'])
        .describe('last module that looks at new passwords'),
      binding,
      settings: z
        .object({
          minLength: z.int().describe('minlen, 0 without a module'),
          minClasses: z.int().describe('minclass: kinds of characters'),
          digitCredit: z.int().describe('dcredit: below 0 that many digits are needed, above 0 they count more'),
          upperCredit: z.int().describe('ucredit, for upper case'),
          lowerCredit: z.int().describe('lcredit, for lower case'),
          otherCredit: z.int().describe('ocredit, for other characters'),
          minDifferent: z.int().describe('difok: characters that the old password lacks'),
          maxRepeat: z.int().describe('maxrepeat: equal characters in a row, 0 for any number'),
          maxSequence: z.int().describe('maxsequence: characters such as 12345, 0 for any number'),
          dictionary: z.boolean().describe('dictcheck: words of the dictionary are refused'),
          enforcing: z.boolean().describe('bad passwords are refused, not only warned of'),
          enforceForRoot: z.boolean().describe('enforce_for_root: also when root sets them'),
          retries: z.int().describe('how often one may try'),
        })
        .optional()
        .describe(`arguments of the module over pwquality.conf over defaults; ${settingsOmitted}`),
    }),
    ['service'],
  ).describe('what each stack asks of new passwords'),
  passwordHistory: keyed(
    z.object({
      service,
      module: z.enum(['pam_pwhistory', 'pam_unix', 'none']).describe('what remembers old passwords'),
      binding,
      settings: z
        .object({
          remember: z.int().describe('old passwords that are refused, 0 for none'),
          enforceForRoot: z.boolean().describe('enforce_for_root: also when root sets them'),
          useAuthtok: z.boolean().describe('use_authtok: takes the password that the modules before it checked'),
        })
        .optional()
        .describe(`arguments of the module over pwhistory.conf over defaults; ${settingsOmitted}`),
    }),
    ['service'],
  ).describe('whether each stack refuses passwords that one had before'),
  accountLockout: keyed(
    z.object({
      service,
      module: z.enum(['pam_faillock', 'none']).describe('what counts failures'),
      refuses: z.boolean().describe('a line with preauth or authsucc refuses those who are locked'),
      counts: z.boolean().describe('a line with authfail counts failures'),
      settings: z
        .object({
          deny: z.int().describe('failures until one is locked, 0 for never'),
          intervalSeconds: z.int().describe('within which the failures are to be'),
          unlockSeconds: z.int().describe('until one may try again, 0 for never'),
          root: z.boolean().describe('even_deny_root, or a root_unlock_time: root is locked, too'),
          rootUnlockSeconds: z.int().describe('the same for root'),
        })
        .optional()
        .describe(`arguments of the module over faillock.conf over defaults; ${settingsOmitted}`),
    }),
    ['service'],
  ).describe('whether each stack locks accounts after failures'),
  nullokServices: sortedSet(z.string()).describe('services whose own lines let pam_unix take empty passwords'),
  su: z
    .object({
      configured: z.boolean().describe('PAM has a service su'),
      restricted: z.boolean().describe('pam_wheel admits members of one group only'),
      useUid: z.boolean().describe('use_uid: the real user counts, not who logged in'),
      group: z.string().describe('that group, wheel when none is named, empty when not restricted'),
    })
    .optional()
    .describe('who may use su'),
  accessRules: z.int().optional().describe('rules of access.conf and its directory'),
  coreLimits: z
    .object({
      hardKib: z.int().describe('hard limit of memory dumps for `*`, -1 when unset or unlimited'),
      looser: sortedSet(z.string()).describe('users and groups with a hard limit of their own that is not 0'),
    })
    .optional()
    .describe('limits.conf and limits.d'),
}

export const AccountsFacet = defineFacet({
  name: 'accounts',
  version: 2,
  title: 'Users, groups, password states, authorized key counts, sudo rules and what PAM asks for',
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
    ...pamFacts,
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
    ).describe('utmp, or /run/systemd/sessions where there is none'),
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
