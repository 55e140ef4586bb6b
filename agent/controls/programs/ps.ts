// The program ps of audits: the processes of the host, in the columns that audits ask for.
import type { AuditProcess } from '../processes.ts'
import { type AuditWorld, joined, type Program, refuse } from '../program.ts'

interface Wanted {
  readonly isAll: boolean
  readonly names: readonly string[]
  readonly pids: readonly number[]
  readonly format: 'full' | 'user' | 'short' | readonly Column[]
  readonly hasHeader: boolean
}

interface Column {
  readonly name: string
  readonly title: string
}

/** What is not known here, such as times, is a dash. */
export const ps: Program = async (args, _, world) => {
  const wanted = wantedOf(args)
  const all = await world.processes()
  const found = all.filter(
    process => wanted.isAll || wanted.pids.includes(process.pid) || wanted.names.some(name => isNamed(process, name)),
  )
  const { users } = await world.accounts()
  const rows = found.map(process => rowOf(process, wanted, users))
  const header = wanted.hasHeader ? [headerOf(wanted)] : []
  return { stdout: joined([...header, ...rows]), stderr: '', code: found.length > 0 ? 0 : 1 }
}

/** The kernel keeps 15 characters of a name. */
function isNamed({ name, executable }: AuditProcess, wanted: string): boolean {
  if (name === wanted) return true
  if (executable.slice(executable.lastIndexOf('/') + 1) === wanted) return true
  return name.length === 15 && wanted.startsWith(name)
}

function wantedOf(args: readonly string[]): Wanted {
  let [isAll, hasHeader] = [false, true]
  let format: Wanted['format'] = 'short'
  const names: string[] = []
  const pids: number[] = []
  const next = [...args]
  const value = (glued: string, option: string) =>
    glued !== '' ? glued : (next.shift() ?? refuse(`ps ${option} without a value`))
  for (let arg = next.shift(); arg !== undefined; arg = next.shift()) {
    if (/^-?(aux|axu|auxww|auxw)$/.test(arg)) [isAll, format] = [true, 'user']
    else if (arg === 'ax') isAll = true
    else if (/^w+$/.test(arg)) continue
    else if (/^--no-head(ing|ings|er|ers)$/.test(arg)) hasHeader = false
    else if (!/^-[A-Za-z]/.test(arg)) refuse(`ps ${arg}`)
    else {
      for (let at = 1; at < arg.length; at++) {
        const letter = arg[at] ?? ''
        const glued = arg.slice(at + 1)
        if (letter === 'e' || letter === 'A') isAll = true
        else if (letter === 'f' || letter === 'F') format = format === 'short' ? 'full' : format
        else if (letter === 'w') continue
        else if (letter === 'C') names.push(...value(glued, arg).split(/[ ,]+/))
        else if (letter === 'p') pids.push(...value(glued, arg).split(/[ ,]+/).map(Number))
        else if (letter === 'o') {
          const columns = columnsOf(value(glued, arg))
          format = typeof format === 'string' ? columns : [...format, ...columns]
        } else refuse(`ps ${arg}`)
        if ('Cpo'.includes(letter)) break
      }
    }
  }
  if (!isAll && names.length === 0 && pids.length === 0) refuse('ps of its own terminal')
  if (typeof format !== 'string' && format.every(({ title }) => title === '')) hasHeader = false
  return { isAll, names, pids, format, hasHeader }
}

const titles: Readonly<Record<string, string>> = {
  ...{ cmd: 'CMD', args: 'COMMAND', command: 'COMMAND', comm: 'COMMAND', ucmd: 'CMD', pid: 'PID', ppid: 'PPID' },
  ...{ user: 'USER', uid: 'UID' },
}

/** `pid,cmd`, `pid=`, `user= cmd`. */
function columnsOf(format: string): readonly Column[] {
  return format
    .split(/[ ,]+/)
    .filter(name => name !== '')
    .map(text => {
      const [, name = '', equals, title = ''] = /^([a-z]+)(=?)(.*)$/.exec(text) ?? []
      const known = titles[name] ?? refuse(`ps -o ${text}`)
      return { name, title: equals === '=' ? title : known }
    })
}

function headerOf({ format }: Wanted): string {
  if (format === 'full') return 'UID          PID    PPID  C STIME TTY          TIME CMD'
  if (format === 'user') return 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND'
  if (format === 'short') return '    PID TTY          TIME CMD'
  return format.map(({ title }) => title).join(' ')
}

function rowOf(process: AuditProcess, { format }: Wanted, users: ReadonlyMap<number, string>): string {
  const { pid, parentPid, uid, name, command } = process
  const user = users.get(uid) ?? String(uid)
  if (format === 'full') return `${user.padEnd(8)} ${pid} ${parentPid} - - - - ${command}`
  if (format === 'user') return `${user.padEnd(8)} ${pid} - - - - - - - - ${command}`
  if (format === 'short') return `${pid} - - ${name}`
  const values: Readonly<Record<string, string>> = {
    ...{ cmd: command, args: command, command, comm: name, ucmd: name },
    ...{ pid: String(pid), ppid: String(parentPid), user, uid: String(uid) },
  }
  return format.map(column => values[column.name] ?? '').join(' ')
}

/** Such as `pgrep -x kubelet`, without further options. */
export const pgrep: Program = async (args, _, world: AuditWorld) => {
  const [option = '', name, ...more] = args
  if (option !== '-x' || name === undefined || more.length > 0) return refuse('pgrep other than -x NAME')
  const found = (await world.processes()).filter(process => process.name === name.slice(0, 15))
  return { stdout: joined(found.map(({ pid }) => String(pid))), stderr: '', code: found.length > 0 ? 0 : 1 }
}
