// Reduces the password field of passwd or shadow to a state and a method; the hash itself goes no further.

/** How somebody could use the password: see crypt(5), shadow(5). */
export type PasswordState = 'hash' | 'empty' | 'locked' | 'disabled'

export type HashMethod =
  | 'yescrypt'
  | 'gost-yescrypt'
  | 'scrypt'
  | 'bcrypt'
  | 'sha512'
  | 'sha256'
  | 'sunmd5'
  | 'md5'
  | 'des'
  | 'nt'
  | 'unknown'
  | ''

export interface PasswordField {
  readonly state: PasswordState
  /** empty when the field holds no hash; kept for a locked hash, which `passwd -u` makes usable again */
  readonly hash: HashMethod
}

const methods: readonly (readonly [prefix: RegExp, method: HashMethod])[] = [
  [/^\$y\$/, 'yescrypt'],
  [/^\$gy\$/, 'gost-yescrypt'],
  [/^\$7\$/, 'scrypt'],
  [/^\$2[abxy]?\$/, 'bcrypt'],
  [/^\$6\$/, 'sha512'],
  [/^\$5\$/, 'sha256'],
  [/^\$md5[$,]/, 'sunmd5'],
  [/^\$1\$/, 'md5'],
  [/^\$3\$/, 'nt'],
  [/^\$/, 'unknown'],
  // BSDi's extended DES has a count and a longer salt but the same cipher
  [/^_[./0-9A-Za-z]{19}$/, 'des'],
  // 2 characters of salt, then 11 per block: one block is crypt, more are bigcrypt
  [/^[./0-9A-Za-z]{2}(?:[./0-9A-Za-z]{11}){1,16}$/, 'des'],
]

/**
 * @param field second field of a shadow line, or of a passwd line when it is not `x`
 *
 * `!` alone and `!*` are locked, `!!` (Red Hat: never set) and whatever no crypt(3) output can equal are disabled.
 */
export function readPasswordField(field: string): PasswordField {
  if (field === '') return { state: 'empty', hash: '' }
  const bare = field.replace(/^!+/, '')
  const locked = bare.length < field.length
  if (bare === '') return { state: field === '!' ? 'locked' : 'disabled', hash: '' }
  const hash = methods.find(([prefix]) => prefix.test(bare))?.[1] ?? ''
  if (locked) return { state: 'locked', hash }
  return { state: hash === '' ? 'disabled' : 'hash', hash }
}
