// Tells what of the well-known groups a set of audit rules records.
import type { AuditField, AuditRule } from '../parse/audit-rules.ts'
import type { Need } from './rule-groups.ts'

/** `/etc/passwd`, `/usr/bin/sudo (execution)`, `b64 chmod`, `b32 open failing with EACCES`. */
export function needText(need: Need): string {
  if (need.kind === 'watch') return need.perm === 'x' ? `${need.path} (execution)` : need.path
  const errno = need.errno === undefined ? '' : ` failing with ${need.errno === 13 ? 'EACCES' : 'EPERM'}`
  return `${need.arch} ${need.call}${errno}${need.otherUser ? ' as another user' : ''}`
}

/**
 * Whether some rule records it. A rule may leave out what no login user did (`auid`), since that is how the benchmarks
 * write them; any other condition means that not all of it is recorded. `-a never,task` records nothing at all.
 */
export function meets(rules: readonly AuditRule[], need: Need): boolean {
  if (rules.some(isNothingRecorded)) return false
  const recording = rules.filter(({ action, list }) => action === 'always' && list === 'exit')
  return recording.some(rule => (need.kind === 'watch' ? meetsWatch(rule, need) : meetsCall(rule, need)))
}

export function isNothingRecorded({ action, list, fields }: AuditRule): boolean {
  return action === 'never' && list === 'task' && fields.length === 0
}

type Watch = Need & { readonly kind: 'watch' }
type Call = Need & { readonly kind: 'call' }

const watched = new Set(['watch', 'path', 'dir'])

function meetsWatch({ fields, syscalls, comparisons }: AuditRule, { path, perm }: Watch): boolean {
  if (syscalls.length > 0 || comparisons.length > 0) return false
  const place = fields.find(({ name, op }) => watched.has(name) && op === '=')
  if (!place || !isWithin(place, path)) return false
  const rest = fields.filter(field => field !== place)
  const granted = rest.filter(({ name }) => name === 'perm')
  const others = rest.filter(({ name }) => name !== 'perm' && name !== 'arch')
  return granted.every(({ value }) => [...perm].every(one => value.includes(one))) && others.every(isLoginUser)
}

/** A watch on a directory covers what is below it; /var/run is /run. */
function isWithin({ name, value }: AuditField, path: string): boolean {
  const [have, want] = [plainRun(value), plainRun(path)]
  return have === want || (name !== 'path' && want.startsWith(have === '/' ? '/' : `${have}/`))
}

const plainRun = (path: string) => path.replace(/^\/var\/run(?=\/|$)/, '/run').replace(/^\/(s?bin|lib)\//, '/usr/$1/')

function meetsCall({ fields, syscalls, comparisons }: AuditRule, need: Call): boolean {
  const arch = fields.find(({ name, op }) => name === 'arch' && op === '=')
  if ((arch ? architecture(arch.value) : 'b64') !== need.arch) return false
  if (syscalls.length > 0 && !syscalls.includes(need.call)) return false
  if (!comparisons.every(one => need.otherUser && isOtherUser(one))) return false
  return fields.filter(field => field !== arch).every(field => isLoginUser(field) || isWanted(field, need))
}

const architecture = (value: string) => (/^(?:b32|i.86|arm)$/.test(value) ? 'b32' : 'b64')

const isOtherUser = ({ name, op, value }: AuditField) =>
  op === '!=' && ['auid', 'euid', 'uid'].includes(name) && ['auid', 'euid', 'uid'].includes(value)

/** auid!=unset and auid>=N: what a person who logged in did. */
function isLoginUser({ name, op, value }: AuditField): boolean {
  if (name !== 'auid') return false
  return op === '!=' ? /^(?:unset|-1|4294967295)$/.test(value) : op === '>=' && Number(value) <= 1000
}

/** A condition under which the need still is met: the clock that is set, the error that is asked for. */
function isWanted({ name, op, value }: AuditField, { call, errno }: Call): boolean {
  if (call === 'clock_settime' && name === 'a0' && op === '=') return Number(value) === 0
  if (errno === undefined) return false
  if (name === 'success' && op === '=') return value === '0'
  return name === 'exit' && op === '=' && (value === `-${errno}` || value === (errno === 13 ? '-EACCES' : '-EPERM'))
}
