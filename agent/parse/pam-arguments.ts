// Which arguments of PAM modules are told, and in which form: flags, whole numbers and names of a few kinds.

type Shape = 'flag' | 'number' | 'name'

const flag = (...names: readonly string[]) => Object.fromEntries(names.map(name => [name, 'flag' as const]))
const number = (...names: readonly string[]) => Object.fromEntries(names.map(name => [name, 'number' as const]))

const authtok = flag('use_authtok', 'try_first_pass', 'use_first_pass')
const quality = {
  ...flag('enforce_for_root', 'local_users_only'),
  ...number('retry', 'minlen', 'minclass', 'difok', 'dcredit', 'ucredit', 'lcredit', 'ocredit'),
  ...number('maxrepeat', 'maxsequence', 'maxclassrepeat', 'dictcheck', 'usercheck', 'gecoscheck', 'enforcing'),
  ...authtok,
}
const lockout = {
  ...flag('preauth', 'authfail', 'authsucc', 'even_deny_root', 'silent', 'local_users_only'),
  ...number('deny', 'fail_interval', 'unlock_time', 'root_unlock_time'),
}

const known: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  pam_unix: {
    ...flag('nullok', 'nullok_secure', 'obscure', 'broken_shadow', 'shadow'),
    ...flag('md5', 'bigcrypt', 'sha256', 'sha512', 'blowfish', 'gost_yescrypt', 'yescrypt'),
    ...number('remember', 'rounds', 'minlen'),
    ...authtok,
  },
  pam_pwquality: quality,
  pam_cracklib: { ...quality, ...flag('reject_username', 'gecoscheck') },
  pam_pwhistory: { ...flag('enforce_for_root'), ...number('remember', 'retry'), ...authtok },
  pam_faillock: lockout,
  pam_wheel: { ...flag('use_uid', 'deny', 'trust', 'root_only'), group: 'name' },
}

/** What a module is given that is known and harmless to tell, such as `retry=3` or `nullok`. All else is left out. */
export function toldArguments(module: string, args: readonly string[]): readonly string[] {
  const shapes = known[module]
  if (!shapes) return []
  return [...new Set(args.filter(arg => isTold(shapes, arg)))]
}

function isTold(shapes: Readonly<Record<string, Shape>>, arg: string): boolean {
  const [name = '', value] = splitArgument(arg)
  const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined
  if (value === undefined) return shape === 'flag'
  if (shape === 'number') return /^-?\d{1,9}$/.test(value) || (name.endsWith('unlock_time') && value === 'never')
  return shape === 'name' && /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,31}$/.test(value)
}

/** `name=value` in two; one part when there is no `=`. */
export function splitArgument(arg: string): readonly [string, string?] {
  const at = arg.indexOf('=')
  return at < 0 ? [arg] : [arg.slice(0, at), arg.slice(at + 1)]
}
