// Parses /etc/login.defs (login.defs(5)): the few settings that say how passwords age and where users begin.

export interface LoginDefs {
  /** -1 when unset; the same for the next two */
  readonly passMaxDays: number
  readonly passMinDays: number
  readonly passWarnAge: number
  /** empty when unset */
  readonly encryptMethod: string
  /** octal as written, empty when unset */
  readonly umask: string
  /** 1000 when unset */
  readonly uidMin: number
  /** numbers of the lines that name one of these settings with a value it cannot have, from 1 */
  readonly malformed: readonly number[]
}

const shapes = {
  PASS_MAX_DAYS: /^-?(?:0[0-7]{0,8}|0x[0-9a-f]{1,7}|[1-9][0-9]{0,8})$/i,
  PASS_MIN_DAYS: /^-?(?:0[0-7]{0,8}|0x[0-9a-f]{1,7}|[1-9][0-9]{0,8})$/i,
  PASS_WARN_AGE: /^-?(?:0[0-7]{0,8}|0x[0-9a-f]{1,7}|[1-9][0-9]{0,8})$/i,
  UID_MIN: /^(?:0[0-7]{0,11}|0x[0-9a-f]{1,8}|[1-9][0-9]{0,9})$/i,
  ENCRYPT_METHOD: /^[A-Za-z0-9_-]{1,32}$/,
  UMASK: /^0{0,2}[0-7]{1,4}$/,
} as const
type Setting = keyof typeof shapes
/** The one above is (uid_t)-1, which is nobody's. */
const maxUid = 0xfffffffe

/** The last line that sets a name wins, as in shadow-utils; numbers may be octal or hexadecimal there, too. */
export function parseLoginDefs(text: string): LoginDefs {
  const values = new Map<Setting, string>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const [name = '', value = ''] = splitSetting(raw)
    if (!isSetting(name)) continue
    if (shapes[name].test(value) && (name !== 'UID_MIN' || readNumber(value) <= maxUid)) values.set(name, value)
    else malformed.push(index + 1)
  }
  const days = (name: Setting) => Math.max(-1, readNumber(values.get(name) ?? '-1'))
  return {
    passMaxDays: days('PASS_MAX_DAYS'),
    passMinDays: days('PASS_MIN_DAYS'),
    passWarnAge: days('PASS_WARN_AGE'),
    encryptMethod: values.get('ENCRYPT_METHOD') ?? '',
    umask: values.get('UMASK') ?? '',
    uidMin: readNumber(values.get('UID_MIN') ?? '1000'),
    malformed,
  }
}

const isSetting = (name: string): name is Setting => Object.hasOwn(shapes, name)

/** `NAME value` or `NAME "value"`; a name without a value and a comment are nothing. */
function splitSetting(raw: string): readonly string[] {
  const line = raw.trim()
  if (line === '' || line.startsWith('#')) return []
  const end = line.search(/[ \t]/)
  if (end < 0) return []
  const value = line.slice(end).replace(/^[ \t"]+/, '')
  return [line.slice(0, end), (value.split('"', 1)[0] ?? '').trim()]
}

/** strtol(3) with base 0. */
function readNumber(text: string): number {
  const negative = text.startsWith('-')
  const digits = negative ? text.slice(1) : text
  const octal = /^0[0-7]+$/.test(digits)
  const value = octal ? Number.parseInt(digits, 8) : Number(digits)
  return negative ? 0 - value : value
}
