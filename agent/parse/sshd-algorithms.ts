// The algorithms that OpenSSH offers unasked, by version, and what +, - and ^ before a list make of them.
import { matchesGlob } from './glob.ts'

export const algorithmKeywords = [
  'ciphers',
  'macs',
  'kexalgorithms',
  'hostkeyalgorithms',
  'hostbasedacceptedalgorithms',
  'pubkeyacceptedalgorithms',
  'casignaturealgorithms',
] as const
export type AlgorithmKeyword = (typeof algorithmKeywords)[number]

const elliptic = [
  ...['curve25519-sha256', 'curve25519-sha256@libssh.org'],
  ...['ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521'],
]
const finite = [
  ...['diffie-hellman-group-exchange-sha256', 'diffie-hellman-group16-sha512'],
  ...['diffie-hellman-group18-sha512', 'diffie-hellman-group14-sha256'],
]
const prime = 'sntrup761x25519-sha512@openssh.com'
const primePair = ['sntrup761x25519-sha512', prime]
const lattice = 'mlkem768x25519-sha256'

const counterModes = ['aes128-ctr', 'aes192-ctr', 'aes256-ctr']
const galoisModes = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com']
const chacha = 'chacha20-poly1305@openssh.com'

const macs = [
  ...['umac-64-etm@openssh.com', 'umac-128-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com'],
  ...['hmac-sha2-512-etm@openssh.com', 'hmac-sha1-etm@openssh.com', 'umac-64@openssh.com', 'umac-128@openssh.com'],
  ...['hmac-sha2-256', 'hmac-sha2-512', 'hmac-sha1'],
]

const curves = ['ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521']
const certificateOf = (name: string) => `${name.replace('@openssh.com', '')}-cert-v01@openssh.com`
const rsa = ['rsa-sha2-512', 'rsa-sha2-256']
const securityKeys = ['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com']

/**
 * Lists that OpenSSH as published has compiled in, from version 7.8 on.
 * @param version hundreds of the major and the minor: 902 for 9.2
 * @param isNamedTwice Debian's 9.2 knows the first hybrid method by the name it got later, too
 * @returns undefined for older versions
 */
export function defaultAlgorithms(
  version: number,
  isNamedTwice: boolean,
): Readonly<Record<AlgorithmKeyword, readonly string[]>> | undefined {
  if (version < 708) return undefined
  const keys = publicKeys(version)
  const known = keys.filter(name => !name.includes('-cert-'))
  return {
    ciphers: version >= 1000 ? [chacha, ...galoisModes, ...counterModes] : [chacha, ...counterModes, ...galoisModes],
    macs,
    kexalgorithms: keyExchanges(version, isNamedTwice),
    hostkeyalgorithms: keys,
    hostbasedacceptedalgorithms: keys,
    pubkeyacceptedalgorithms: keys,
    casignaturealgorithms: known.filter(name => version < 802 || name !== 'ssh-rsa'),
  }
}

function keyExchanges(version: number, isNamedTwice: boolean): readonly string[] {
  if (version >= 1000) return [lattice, ...primePair, ...elliptic]
  if (version >= 909) return [...primePair, lattice, ...elliptic, ...finite]
  if (version >= 900) return [...(isNamedTwice ? primePair : [prime]), ...elliptic, ...finite]
  if (version >= 809) return [...elliptic, prime, ...finite]
  return version >= 802 ? [...elliptic, ...finite] : [...elliptic, ...finite, 'diffie-hellman-group14-sha1']
}

function publicKeys(version: number): readonly string[] {
  if (version >= 805) {
    const names = ['ssh-ed25519', ...curves, ...securityKeys, ...rsa, ...(version >= 808 ? [] : ['ssh-rsa'])]
    return [...names.map(certificateOf), ...names]
  }
  const [ed25519Key = '', ecdsaKey = ''] = version >= 802 ? securityKeys : []
  const names = [...curves, ecdsaKey, 'ssh-ed25519', ed25519Key, ...rsa, 'ssh-rsa'].filter(Boolean)
  return [...names.map(certificateOf), ...names]
}

/**
 * What a configured list comes to.
 * @param defaults undefined when they are not known
 * @returns undefined when that cannot be told: defaults that are not known, or patterns of names that are added
 */
export function resolveAlgorithms(
  written: string,
  defaults: readonly string[] | undefined,
): readonly string[] | undefined {
  const mark = /^[+^-]/.exec(written)?.[0] ?? ''
  const items = written.slice(mark.length).split(',').filter(Boolean)
  if (mark === '-') {
    return defaults?.filter(name => !items.some(item => matchesGlob(item, name)))
  }
  if (items.some(item => /[*?!]/.test(item))) return undefined
  if (mark === '') return unique(items)
  if (!defaults) return undefined
  return unique(mark === '+' ? [...defaults, ...items] : [...items, ...defaults])
}

const unique = (items: readonly string[]): readonly string[] => [...new Set(items)]
