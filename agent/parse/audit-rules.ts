// Parses audit rules as auditctl(8) reads them from a file and prints them with -l.

export interface AuditField {
  readonly name: string
  readonly op: string
  readonly value: string
}

export interface AuditRule {
  /** always or never */
  readonly action: string
  /** exit, task, user, exclude, filesystem, io_uring */
  readonly list: string
  /** from -A: goes before the rules that are there */
  readonly first: boolean
  /** sorted, without doubles; none means all */
  readonly syscalls: readonly string[]
  /** of -F, without keys; a watch (`-w`) has `watch` and `perm` */
  readonly fields: readonly AuditField[]
  /** of -C */
  readonly comparisons: readonly AuditField[]
  readonly keys: readonly string[]
}

export type AuditLine =
  | { readonly line: number; readonly kind: 'rule'; readonly rule: AuditRule }
  | { readonly line: number; readonly kind: 'delete'; readonly rule: AuditRule }
  /** -D, with the key of the rules that go, empty for all */
  | { readonly line: number; readonly kind: 'deleteAll'; readonly key: string }
  /** -i or -c: lines that fail do not end the loading */
  | { readonly line: number; readonly kind: 'goOn' }
  /** -e, -f, -b, -r, --backlog_wait_time, … with its value */
  | { readonly line: number; readonly kind: 'control'; readonly option: string; readonly value: string }
  | { readonly line: number; readonly kind: 'malformed' }

const lists = new Set(['task', 'exit', 'user', 'exclude', 'filesystem', 'io_uring'])
const actions = new Set(['always', 'never'])
const fieldNames = new Set(
  `a0 a1 a2 a3 arch auid devmajor devminor dir egid euid exe exit filetype fsgid fstype fsuid gid inode key loginuid
  msgtype obj_gid obj_lev_high obj_lev_low obj_role obj_type obj_uid obj_user path perm pers pid ppid saddr_fam sessionid
  sgid subj_clr subj_role subj_sen subj_type subj_user success suid uid`.split(/\s+/),
)
const controls = new Set(['-e', '-f', '-b', '-r', '--backlog_wait_time'])
const bareControls = new Set(['--loginuid-immutable', '--reset-lost', '--reset_backlog_wait_time_actual', '-t'])

/** Lines in their order; comments (`#` at the begin) and empty lines are left out. */
export function parseAuditRules(text: string): readonly AuditLine[] {
  const lines: AuditLine[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim()
    if (content === '' || content.startsWith('#')) continue
    lines.push(parseLine(index + 1, splitWords(content)))
  }
  return lines
}

/** What `auditctl -l` prints: there a blank inside a path or key stands without a backslash. */
export function parseLoadedRules(text: string): readonly AuditLine[] {
  return text.split('\n').flatMap((raw, index) => {
    // auditctl 3 prints a watch whose permission was set before its path as ` -p x-w /path -k key`.
    const content = raw.trim().replace(/^-p ([rwxa]{1,4})-w ([^\n]*?)( -k [^\n]*)?$/, '-w $2 -p $1$3')
    if (content === '' || content === 'No rules') return []
    const words = content.split(/ (?=-[A-Za-z] )/).flatMap(part => [part.slice(0, 2), part.slice(3)])
    // ` -` that begins no option: a line that was cut off, or a path that nobody can tell from options.
    if (words.some(word => word.includes(' -'))) return [{ line: index + 1, kind: 'malformed' }]
    return [parseLine(index + 1, words)]
  })
}

/** Words are separated by blanks; a backslash takes a blank or a backslash into the word. */
function splitWords(content: string): readonly string[] {
  return (content.match(/(?:\\[ \\]|[^ \t])+/g) ?? []).map(word => word.replace(/\\([ \\])/g, '$1'))
}

function parseLine(line: number, words: readonly string[]): AuditLine {
  const options = splitOptions(words)
  const malformed: AuditLine = { line, kind: 'malformed' }
  const [first] = options ?? []
  if (!options || !first) return malformed
  const { option, value } = first
  if (option === '-i' || option === '-c') return { line, kind: 'goOn' }
  if (option === '-D') return { line, kind: 'deleteAll', key: options.find(one => one.option === '-k')?.value ?? '' }
  if (controls.has(option) || bareControls.has(option)) {
    const number = bareControls.has(option) || /^\d{1,10}$/.test(value)
    return number && options.length === 1 ? { line, kind: 'control', option, value } : malformed
  }
  const verb = options.find(one => /^-[aAdwW]$/.test(one.option))?.option
  const rule = verb === undefined ? undefined : /^-[wW]$/.test(verb) ? watchRule(options) : syscallRule(options)
  if (!rule) return malformed
  return { line, kind: verb === '-d' || verb === '-W' ? 'delete' : 'rule', rule }
}

interface Option {
  readonly option: string
  readonly value: string
}

const withValue = new Set(['-a', '-A', '-d', '-S', '-F', '-C', '-k', '-p', '-w', '-W', '-e', '-f', '-b', '-r'])
const alone = new Set(['-D', '-i', '-c'])

/** Undefined when a word stands where none may; a short option may have its value attached. */
function splitOptions(words: readonly string[]): readonly Option[] | undefined {
  const options: Option[] = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    const short = word.slice(0, 2)
    if (bareControls.has(word) || alone.has(word)) options.push({ option: word, value: '' })
    else if (word === '--backlog_wait_time' || (withValue.has(short) && word === short)) {
      at++
      const value = words[at]
      if (value === undefined) return undefined
      options.push({ option: word, value })
    } else if (withValue.has(short) && !word.startsWith('--')) options.push({ option: short, value: word.slice(2) })
    else return undefined
  }
  return options
}

function watchRule(options: readonly Option[]): AuditRule | undefined {
  const path = options.find(({ option }) => /^-[wW]$/.test(option))?.value ?? ''
  const perms = options.filter(({ option }) => option === '-p').map(({ value }) => value)
  if (!path.startsWith('/') || perms.some(perm => !/^[rwxa]{1,4}$/.test(perm))) return undefined
  if (options.some(({ option }) => !/^-[wWpk]$/.test(option))) return undefined
  const granted = (perms.length > 0 ? perms : ['rwxa']).map(value => permission(value))
  const fields = [watchField(path), ...granted]
  return { ...baseRule(options), action: 'always', list: 'exit', syscalls: [], fields, comparisons: [] }
}

const watchField = (path: string): AuditField => ({ name: 'watch', op: '=', value: withoutSlash(path) })
const permission = (value: string): AuditField => ({ name: 'perm', op: '=', value: sortedPermissions(value) })
const withoutSlash = (path: string) => (path.length > 1 ? path.replace(/\/+$/, '') || '/' : path)
const sortedPermissions = (perm: string) => [...'rwxa'].filter(letter => perm.includes(letter)).join('')

const baseRule = (options: readonly Option[]) => ({
  first: options.some(({ option }) => option === '-A'),
  keys: [
    ...options.filter(({ option }) => option === '-k').map(({ value }) => value),
    ...options.flatMap(({ option, value }) => (option === '-F' && value.startsWith('key=') ? [value.slice(4)] : [])),
  ].sort(),
})

function syscallRule(options: readonly Option[]): AuditRule | undefined {
  const where = options.filter(({ option }) => /^-[aAd]$/.test(option))
  const parts = where[0]?.value.split(',') ?? []
  const action = parts.find(part => actions.has(part))
  const list = parts.find(part => lists.has(part))
  if (where.length !== 1 || parts.length !== 2 || !action || !list) return undefined
  if (options.some(({ option }) => !/^-[aAdSFCk]$/.test(option))) return undefined
  const fields = everyOne(options, '-F', parseField)
  const comparisons = everyOne(options, '-C', parseComparison)
  if (!fields || !comparisons) return undefined
  const calls = options.filter(({ option }) => option === '-S').flatMap(({ value }) => value.split(','))
  if (calls.some(call => !/^[a-z0-9_]+$/.test(call))) return undefined
  const rule = {
    ...baseRule(options),
    ...{ action, list },
    syscalls: calls.includes('all') ? [] : [...new Set(calls)].sort(),
    fields: fields.filter(({ name }) => name !== 'key'),
    comparisons,
  }
  return asWatch(rule)
}

/** Undefined when one of them is not understood. */
function everyOne<T>(options: readonly Option[], option: string, parse: (text: string) => T | undefined) {
  const parsed: T[] = []
  for (const one of options.filter(one => one.option === option)) {
    const item = parse(one.value)
    if (item === undefined) return undefined
    parsed.push(item)
  }
  return parsed
}

function parseField(text: string): AuditField | undefined {
  const [, name = '', op = '', value = ''] = /^([a-z0-9_]+)(!=|>=|<=|&=|=|>|<|&)(.*)$/s.exec(text) ?? []
  if (!fieldNames.has(name) || value === '') return undefined
  if (name === 'perm' && !/^[rwxa]{1,4}$/.test(value)) return undefined
  if ((name === 'path' || name === 'dir' || name === 'exe') && !value.startsWith('/')) return undefined
  const plain = name === 'path' || name === 'dir' ? withoutSlash(value) : value
  return { name: name === 'loginuid' ? 'auid' : name, op, value: name === 'perm' ? sortedPermissions(value) : plain }
}

/** The smaller name first: for the kernel `uid!=euid` and `euid!=uid` are one. */
function parseComparison(text: string): AuditField | undefined {
  const [, left, op, right] = /^([a-z_]+)(!=|=)([a-z_]+)$/.exec(text) ?? []
  if (!left || !op || !right) return undefined
  return left < right ? { name: left, op, value: right } : { name: right, op, value: left }
}

/** A rule that is nothing but a watch, in whichever form it was written: the kernel does not know the difference. */
function asWatch(rule: AuditRule): AuditRule {
  const { action, list, syscalls, fields, comparisons } = rule
  const path = fields.find(({ name, op }) => (name === 'path' || name === 'dir') && op === '=')
  const plain = action === 'always' && list === 'exit' && syscalls.length === 0 && comparisons.length === 0
  const perms = fields.filter(({ name }) => name === 'perm')
  if (!plain || !path || perms.length === 0 || fields.length !== perms.length + 1) return rule
  return { ...rule, fields: [watchField(path.value), ...perms] }
}
