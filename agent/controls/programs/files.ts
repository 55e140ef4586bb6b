// The programs of audits that look at files: cat, ls, stat, readlink, realpath.
import type { FileStat } from '../../host/host.ts'
import {
  type AuditWorld,
  absolute,
  failed,
  joined,
  known,
  type Output,
  type Program,
  printed,
  readOptions,
  refuse,
  spend,
} from '../program.ts'

const maxTextBytes = 4 * 1024 * 1024

/** The text of files one behind the other, or standard input when none is named. */
export async function readInput(
  program: string,
  files: readonly string[],
  stdin: string,
  world: AuditWorld,
): Promise<Output> {
  if (files.length === 0) return printed(stdin)
  let stdout = ''
  let stderr = ''
  for (const file of files) {
    spend(world, 10)
    const text = file === '-' ? stdin : await readText(file, world)
    if (text === 'directory') stderr += `${program}: ${file}: Is a directory\n`
    else if (text === undefined) stderr += `${program}: ${file}: No such file or directory\n`
    else stdout += text
    if (stdout.length > 2 * maxTextBytes) refuse('files that are too long')
  }
  return { stdout, stderr, code: stderr === '' ? 0 : 1 }
}

async function readText(file: string, { host }: AuditWorld): Promise<string | 'directory' | undefined> {
  const path = absolute(file)
  const stat = known(await host.stat(path))
  if (!stat) return undefined
  if (stat.kind === 'directory') return 'directory'
  return known(await host.readText(path, { maxBytes: maxTextBytes }))
}

export const cat: Program = async (args, stdin, world) => {
  const { rest } = readOptions('cat', args, ['u'])
  return await readInput('cat', rest, stdin, world)
}

const kinds: Readonly<Record<FileStat['kind'], string>> = {
  ...{ file: 'regular file', directory: 'directory', symlink: 'symbolic link', fifo: 'fifo', socket: 'socket' },
  ...{ block: 'block special file', character: 'character special file' },
}

export const stat: Program = async (args, _, world) => {
  const { flags, values, rest } = readOptions('stat', args, ['L', 'dereference'], ['c', 'format'])
  const format = values.get('c') ?? values.get('format') ?? refuse('stat without a format')
  if (rest.length === 0) return failed('stat: missing operand')
  const follow = flags.has('L') || flags.has('dereference')
  let stdout = ''
  let stderr = ''
  for (const file of rest) {
    spend(world, 10)
    const found = known(await world.host.stat(absolute(file), { follow: follow || /.\/$/.test(file) }))
    if (found) stdout += `${await formatted(format, file, found, world)}\n`
    else stderr += `stat: cannot statx '${file}': No such file or directory\n`
  }
  return { stdout, stderr, code: stderr === '' ? 0 : 1 }
}

async function formatted(format: string, file: string, found: FileStat, world: AuditWorld): Promise<string> {
  const { users, groups } = await world.accounts()
  const values: Readonly<Record<string, string>> = {
    a: found.mode.toString(8),
    U: users.get(found.uid) ?? 'UNKNOWN',
    G: groups.get(found.gid) ?? 'UNKNOWN',
    u: String(found.uid),
    g: String(found.gid),
    n: file,
    s: String(found.sizeBytes),
    F: found.kind === 'file' && found.sizeBytes === 0 ? 'regular empty file' : kinds[found.kind],
    '%': '%',
  }
  return format.replace(/%(.?)/gs, (_, letter: string) => values[letter] ?? refuse(`stat %${letter}`))
}

export const ls: Program = async (args, _, world) => {
  const { flags, rest } = readOptions('ls', args, ['1', 'a', 'A', 'd'])
  if (flags.has('a')) refuse('ls -a')
  if (rest.length === 0) refuse('ls of no path')
  const lists: { readonly path: string; readonly names: readonly string[] }[] = []
  const files: string[] = []
  let stderr = ''
  for (const path of [...rest].sort()) {
    spend(world, 10)
    const found = known(await world.host.stat(absolute(path)))
    const link = found ?? known(await world.host.stat(absolute(path), { follow: false }))
    if (!link) stderr += `ls: cannot access '${path}': No such file or directory\n`
    else if (found?.kind !== 'directory' || flags.has('d')) files.push(path)
    else {
      const names = (known(await world.host.list(absolute(path))) ?? []).map(({ name }) => name)
      lists.push({ path, names: flags.has('A') ? names : names.filter(name => !name.startsWith('.')) })
    }
  }
  const isTitled = rest.length > 1
  const parts = lists.map(({ path, names }) => `${isTitled ? `${path}:\n` : ''}${joined(names)}`)
  return { stdout: [...(files.length > 0 ? [joined(files)] : []), ...parts].join('\n'), stderr, code: stderr ? 2 : 0 }
}

export const readlink: Program = async (args, _, world) => {
  const { flags, rest } = readOptions('readlink', args, ['f', 'e', 'n'])
  const [path, ...more] = rest
  if (path === undefined || more.length > 0 || flags.has('n')) return refuse('readlink so used')
  if (flags.has('f') || flags.has('e')) return await realPath(path, world)
  const found = known(await world.host.stat(absolute(path), { follow: false }))
  if (found?.kind !== 'symlink') return { stdout: '', stderr: '', code: 1 }
  return printed(`${known(await world.host.readLink(absolute(path))) ?? ''}\n`)
}

export const realpath: Program = async (args, _, world) => {
  const { rest } = readOptions('realpath', args, ['e'])
  const [path, ...more] = rest
  if (path === undefined || more.length > 0) return refuse('realpath so used')
  return await realPath(path, world)
}

async function realPath(path: string, { host }: AuditWorld): Promise<Output> {
  const real = known(await host.realPath(absolute(path)))
  return real === undefined ? failed(`realpath: ${path}: No such file or directory`) : printed(`${real}\n`)
}
