// What sshd does where its configuration says nothing, by version and by who built it.
import { algorithmKeywords, defaultAlgorithms } from '../parse/sshd-algorithms.ts'

export interface Build {
  /** hundreds of the major and the minor version: 902 for 9.2; undefined when nothing tells it */
  readonly version: number | undefined
  /** os-release's ID and ID_LIKE */
  readonly distribution: readonly string[]
  /** version of the package as its manager writes it */
  readonly packageVersion: string
}

type Values = ReadonlyMap<string, readonly string[]>

/** Distributions that build OpenSSH with the defaults it was published with. */
const unchanged = new Set(['debian', 'ubuntu', 'alpine', 'arch'])
/** Those that change lists of algorithms only, by policies of the whole system. */
const policies = new Set(['rhel', 'fedora', 'centos', 'rocky', 'almalinux', 'ol', 'amzn'])

const always: Readonly<Record<string, readonly string[]>> = {
  addressfamily: ['any'],
  allowagentforwarding: ['yes'],
  allowgroups: [],
  allowstreamlocalforwarding: ['yes'],
  allowtcpforwarding: ['yes'],
  allowusers: [],
  authenticationmethods: ['any'],
  authorizedkeysfile: ['.ssh/authorized_keys', '.ssh/authorized_keys2'],
  banner: ['none'],
  clientalivecountmax: ['3'],
  clientaliveinterval: ['0'],
  denygroups: [],
  denyusers: [],
  disableforwarding: ['no'],
  gatewayports: ['no'],
  gssapiauthentication: ['no'],
  hostbasedauthentication: ['no'],
  hostkey: ['/etc/ssh/ssh_host_rsa_key', '/etc/ssh/ssh_host_ecdsa_key', '/etc/ssh/ssh_host_ed25519_key'],
  ignorerhosts: ['yes'],
  ignoreuserknownhosts: ['no'],
  kbdinteractiveauthentication: ['yes'],
  kerberosauthentication: ['no'],
  listenaddress: [],
  logingracetime: ['120'],
  loglevel: ['INFO'],
  maxauthtries: ['6'],
  maxsessions: ['10'],
  maxstartups: ['10:30:100'],
  passwordauthentication: ['yes'],
  permitemptypasswords: ['no'],
  permittunnel: ['no'],
  permituserenvironment: ['no'],
  permituserrc: ['yes'],
  port: ['22'],
  pubkeyauthentication: ['yes'],
  strictmodes: ['yes'],
  usepam: ['no'],
  x11forwarding: ['no'],
  x11uselocalhost: ['yes'],
}

/**
 * Values by keyword; one that is not in the map is not known. Without a version only what all versions have in common
 * is told, and of a build that nobody here knows nothing is.
 */
export function defaultValues(build: Build): Values {
  const { distribution, version } = build
  const values = new Map<string, readonly string[]>()
  const keepsAlgorithms = isUnchanged(distribution)
  if (!keepsAlgorithms && !distribution.some(id => policies.has(id))) return values
  for (const [name, value] of Object.entries(always)) values.set(name, value)
  if (version === undefined) return values
  values.set('permitrootlogin', [version >= 700 ? 'prohibit-password' : 'yes'])
  const algorithms = keepsAlgorithms ? defaultAlgorithms(version, isNamedTwice(build)) : undefined
  for (const name of algorithmKeywords) {
    const list = algorithms?.[name]
    if (list) values.set(name, list)
  }
  return values
}

/** SUSE calls nobody its kin; a derivative of Red Hat may call itself one of Fedora, never of Debian. */
function isUnchanged(distribution: readonly string[]): boolean {
  return distribution.some(id => unchanged.has(id))
}

/** Debian 12 took the later name of a method over with its fourth update. */
function isNamedTwice({ packageVersion }: Build): boolean {
  const update = /^1:9\.2p1-2\+deb12u(\d{1,3})/.exec(packageVersion)?.[1]
  return update !== undefined && Number(update) >= 4
}
