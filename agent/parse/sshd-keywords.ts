// The keywords of sshd_config(5): which there are, which a Match block may set, and the shape of those that we judge.

/** How the arguments of a keyword are read, and what they become. */
export type KeywordShape =
  /** yes or no */
  | 'flag'
  /** one word out of several, in the form that `sshd -T` prints */
  | Readonly<Record<string, string>>
  | 'number'
  /** seconds, or a time such as 1h30m */
  | 'time'
  /** one list of algorithms between commas, with +, - or ^ before it */
  | 'algorithms'
  /** start, rate and full between colons */
  | 'startups'
  /** the first argument as it stands */
  | 'word'
  /** all arguments */
  | 'words'

export interface JudgedKeyword {
  readonly shape: KeywordShape
  /** lines add up instead of the first one winning */
  readonly adds?: true
}

const yesNo = { yes: 'yes', no: 'no' } as const
const forwarding = { ...yesNo, all: 'yes', local: 'local', remote: 'remote' } as const
const logLevels = ['QUIET', 'FATAL', 'ERROR', 'INFO', 'VERBOSE', 'DEBUG', 'DEBUG2', 'DEBUG3']

/** By name in small letters. Checks ask for the values of these. */
export const judgedKeywords: ReadonlyMap<string, JudgedKeyword> = new Map<string, JudgedKeyword>([
  ['addressfamily', { shape: { any: 'any', inet: 'inet', inet6: 'inet6' } }],
  ['allowagentforwarding', { shape: 'flag' }],
  ['allowgroups', { shape: 'words', adds: true }],
  ['allowstreamlocalforwarding', { shape: forwarding }],
  ['allowtcpforwarding', { shape: forwarding }],
  ['allowusers', { shape: 'words', adds: true }],
  ['authenticationmethods', { shape: 'words' }],
  ['authorizedkeysfile', { shape: 'words' }],
  ['banner', { shape: 'word' }],
  ['casignaturealgorithms', { shape: 'algorithms' }],
  ['ciphers', { shape: 'algorithms' }],
  ['clientalivecountmax', { shape: 'number' }],
  ['clientaliveinterval', { shape: 'time' }],
  ['denygroups', { shape: 'words', adds: true }],
  ['denyusers', { shape: 'words', adds: true }],
  ['disableforwarding', { shape: 'flag' }],
  ['gatewayports', { shape: { ...yesNo, clientspecified: 'clientspecified' } }],
  ['gssapiauthentication', { shape: 'flag' }],
  ['hostbasedacceptedalgorithms', { shape: 'algorithms' }],
  ['hostbasedauthentication', { shape: 'flag' }],
  ['hostkey', { shape: 'word', adds: true }],
  ['hostkeyalgorithms', { shape: 'algorithms' }],
  ['ignorerhosts', { shape: { ...yesNo, 'shosts-only': 'shosts-only' } }],
  ['ignoreuserknownhosts', { shape: 'flag' }],
  ['kbdinteractiveauthentication', { shape: 'flag' }],
  ['kerberosauthentication', { shape: 'flag' }],
  ['kexalgorithms', { shape: 'algorithms' }],
  ['listenaddress', { shape: 'word', adds: true }],
  ['logingracetime', { shape: 'time' }],
  [
    'loglevel',
    {
      shape: {
        ...Object.fromEntries(logLevels.map(level => [level.toLowerCase(), level])),
        silent: 'QUIET',
        debug1: 'DEBUG',
      },
    },
  ],
  ['macs', { shape: 'algorithms' }],
  ['maxauthtries', { shape: 'number' }],
  ['maxsessions', { shape: 'number' }],
  ['maxstartups', { shape: 'startups' }],
  ['passwordauthentication', { shape: 'flag' }],
  ['permitemptypasswords', { shape: 'flag' }],
  [
    'permitrootlogin',
    {
      shape: {
        ...yesNo,
        'prohibit-password': 'prohibit-password',
        'without-password': 'prohibit-password',
        'forced-commands-only': 'forced-commands-only',
      },
    },
  ],
  ['permittunnel', { shape: { ...yesNo, 'point-to-point': 'point-to-point', ethernet: 'ethernet' } }],
  ['permituserenvironment', { shape: 'word' }],
  ['permituserrc', { shape: 'flag' }],
  ['port', { shape: 'number', adds: true }],
  ['pubkeyacceptedalgorithms', { shape: 'algorithms' }],
  ['pubkeyauthentication', { shape: 'flag' }],
  ['strictmodes', { shape: 'flag' }],
  ['usepam', { shape: 'flag' }],
  ['x11forwarding', { shape: 'flag' }],
  ['x11uselocalhost', { shape: 'flag' }],
])

const aliases: Readonly<Record<string, string>> = {
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  skeyauthentication: 'kbdinteractiveauthentication',
  dsaauthentication: 'pubkeyauthentication',
  hostbasedacceptedkeytypes: 'hostbasedacceptedalgorithms',
  hostdsakey: 'hostkey',
  pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms',
}

/** Judged or not, these may stand in a Match block. */
const inMatch = new Set([
  ...['acceptenv', 'allowagentforwarding', 'allowgroups', 'allowstreamlocalforwarding', 'allowtcpforwarding'],
  ...['allowusers', 'authenticationmethods', 'authorizedkeyscommand', 'authorizedkeyscommanduser'],
  ...['authorizedkeysfile', 'authorizedkeysfile2', 'authorizedprincipalscommand', 'authorizedprincipalscommanduser'],
  ...['authorizedprincipalsfile', 'banner', 'casignaturealgorithms', 'channeltimeout', 'chrootdirectory'],
  ...['clientalivecountmax', 'clientaliveinterval', 'denygroups', 'denyusers', 'disableforwarding', 'exposeauthinfo'],
  ...['forcecommand', 'gatewayports', 'gssapiauthentication', 'gssapidelegatecredentials'],
  ...['hostbasedacceptedalgorithms', 'hostbasedauthentication', 'hostbasedusesnamefrompacketonly', 'ignorerhosts'],
  ...['include', 'ipqos', 'kbdinteractiveauthentication', 'kerberosauthentication', 'loglevel', 'logverbose', 'match'],
  ...['maxauthtries', 'maxsessions', 'passwordauthentication', 'permitemptypasswords', 'permitlisten', 'permitopen'],
  ...['permitrootlogin', 'permittty', 'permittunnel', 'permituserrc', 'pubkeyacceptedalgorithms'],
  ...['pubkeyauthentication', 'pubkeyauthoptions', 'rdomain', 'refuseconnection', 'rekeylimit', 'requiredrsasize'],
  ...['revokedkeys', 'rhostsrsaauthentication', 'rsaauthentication', 'setenv', 'streamlocalbindmask'],
  ...['streamlocalbindunlink', 'subsystem', 'trustedusercakeys', 'unusedconnectiontimeout', 'x11displayoffset'],
  ...['x11forwarding', 'x11maxdisplays', 'x11uselocalhost', 'usesession', 'kerberosusekuserok', 'gssapienablek5users'],
])

/** Known to some version, or to a distribution's patches, and not judged: outside of Match blocks only. */
const elsewhere = new Set([
  ...['afstokenpassing', 'checkmail', 'compression', 'debianbanner', 'fingerprinthash', 'gssapicleanupcredentials'],
  ...['gssapicleanupcreds', 'gssapikexalgorithms', 'gssapikeyexchange', 'gssapistorecredentialsonrekey'],
  ...['gssapistrictacceptorcheck', 'gssapiusesessioncredcache', 'gssusesessionccache', 'hostcertificate'],
  ...['hostkeyagent', 'keepalive', 'kerberosgetafstoken', 'kerberosorlocalpasswd', 'kerberostgtpassing'],
  ...['kerberosticketcleanup', 'kerberosuniqueccache', 'keyregenerationinterval', 'moduli', 'modulifile'],
  ...['pamauthenticationviakbdint', 'pamservicename', 'permitblacklistedkeys', 'persourcemaxstartups'],
  ...['persourcenetblocksize', 'persourcepenalties', 'persourcepenaltyexemptlist', 'pidfile', 'printlastlog'],
  ...['printmotd', 'protocol', 'reversemappingcheck', 'rhostsauthentication', 'rsaminsize', 'securitykeyprovider'],
  ...['serverkeybits', 'showpatchlevel', 'sshdauthpath', 'sshdsessionpath', 'syslogfacility', 'tcpkeepalive'],
  ...['usedns', 'uselogin', 'useprivilegeseparation', 'verifyreversemapping', 'versionaddendum', 'xauthlocation'],
])

/** The name that a keyword goes by today, in small letters; undefined for one that no version knows. */
export function keywordName(written: string): string | undefined {
  const name = written.toLowerCase()
  const today = Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name
  return judgedKeywords.has(today) || inMatch.has(today) || elsewhere.has(today) ? today : undefined
}

export const isAllowedInMatch = (name: string): boolean => inMatch.has(name)
