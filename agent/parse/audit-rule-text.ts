// Writes an audit rule in one form, however it was written, so that rules of files and of the kernel can be compared.
import type { AuditField, AuditRule } from './audit-rules.ts'

export interface AccountIds {
  /** numeric ids by name */
  readonly users: ReadonlyMap<string, number>
  readonly groups: ReadonlyMap<string, number>
}

const errors: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENOTDIR: 20,
  EISDIR: 21,
  EINVAL: 22,
  ETXTBSY: 26,
  EROFS: 30,
}
const fileTypes: Readonly<Record<string, number>> = {
  fifo: 0o10000,
  character: 0o20000,
  dir: 0o40000,
  block: 0o60000,
  file: 0o100000,
  link: 0o120000,
  socket: 0o140000,
}
const fileSystems: Readonly<Record<string, number>> = { debugfs: 0x64626720, tracefs: 0x74726163 }
const messages: Readonly<Record<string, number>> = {
  SYSCALL: 1300,
  PATH: 1302,
  CWD: 1307,
  EXECVE: 1309,
  EOE: 1320,
  PROCTITLE: 1327,
  AVC: 1400,
  APPARMOR: 1500,
  CRYPTO_KEY_USER: 2404,
}
const architectures: Readonly<Record<string, string>> = {
  x86_64: 'b64',
  aarch64: 'b64',
  ppc64le: 'b64',
  s390x: 'b64',
  riscv64: 'b64',
  i386: 'b32',
  i486: 'b32',
  i586: 'b32',
  i686: 'b32',
  arm: 'b32',
}

/**
 * The rule as `auditctl -l` would print it, but with system calls, fields and keys sorted, names of accounts as numbers
 * where they are known, and `unset` for the id of nobody.
 */
export function auditRuleText(rule: AuditRule, ids: AccountIds): string {
  const keys = rule.keys.map(key => ` -k ${key}`).join('')
  const watch = rule.fields.find(({ name }) => name === 'watch')
  if (watch) {
    const perms = rule.fields.filter(({ name }) => name === 'perm').map(({ value }) => ` -p ${value}`)
    return `-w ${watch.value}${perms.sort().join('')}${keys}`
  }
  const fields = rule.fields.map(field => ({ ...field, value: canonicalValue(field, ids) }))
  const texts = fields.map(({ name, op, value }) => `${name}${op}${value}`)
  const arch = texts.filter(text => text.startsWith('arch')).map(text => ` -F ${text}`)
  const others = texts.filter(text => !text.startsWith('arch')).sort()
  const calls = rule.list === 'exit' ? ` -S ${rule.syscalls.length === 0 ? 'all' : rule.syscalls.join(',')}` : ''
  const comparisons = rule.comparisons.map(({ name, op, value }) => ` -C ${name}${op}${value}`).sort()
  const rest = [...comparisons, ...others.map(text => ` -F ${text}`)].join('')
  return `-a ${rule.action},${rule.list}${arch.join('')}${calls}${rest}${keys}`
}

function canonicalValue({ name, value }: AuditField, ids: AccountIds): string {
  if (/^(?:a|e|s|fs|obj_)?uid$/.test(name)) return accountId(value, ids.users)
  if (/^(?:e|s|fs|obj_)?gid$/.test(name)) return accountId(value, ids.groups)
  if (name === 'sessionid') return accountId(value, new Map())
  if (name === 'arch') return architectures[value] ?? value
  if (name === 'exit') return exitCode(value)
  if (name === 'filetype') return numberText(String(fileTypes[value] ?? value))
  if (name === 'fstype') return numberText(String(fileSystems[value] ?? value))
  if (name === 'msgtype') return numberText(String(messages[value] ?? value))
  return /^(?:a[0-3]|dev(?:major|minor)|inode|pers|pid|ppid|success|saddr_fam)$/.test(name) ? numberText(value) : value
}

function accountId(value: string, ids: ReadonlyMap<string, number>): string {
  const number = numberText(value)
  if (value === 'unset' || number === '-1' || number === '4294967295') return 'unset'
  return String(ids.get(value) ?? number)
}

function exitCode(value: string): string {
  const [, sign = '', name = ''] = /^(-?)([A-Z0-9]+)$/.exec(value) ?? []
  return errors[name] === undefined ? numberText(value) : `${sign}${errors[name]}`
}

/** Decimal text of a decimal, hexadecimal or octal number; anything else as it is. */
function numberText(value: string): string {
  const [, sign = '', digits = ''] = /^(-?)(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.exec(value) ?? []
  if (digits === '') return value
  return `${sign}${BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits)}`
}
