// The programs of audits that find files and hand them on: find, xargs.

import type { FileKind } from '../../host/host.ts'
import { matchesGlob } from '../../parse/glob.ts'
import { type AuditWorld, absolute, known, type Output, type Program, refuse, spend } from '../program.ts'

interface Entry {
  readonly path: string
  readonly kind: FileKind
}

type Condition = (entry: Entry) => boolean

interface Search {
  readonly roots: readonly string[]
  readonly conditions: readonly Condition[]
  readonly minDepth: number
  readonly maxDepth: number
  readonly follow: boolean
  readonly exec: { readonly argv: readonly string[]; readonly each: boolean } | undefined
  /** between paths, NUL for -print0 */
  readonly end: string
}

export const find: Program = async (args, _, world) => {
  const search = searchOf(args)
  const entries: Entry[] = []
  let stderr = ''
  for (const root of search.roots) {
    const stat = known(await world.host.stat(absolute(root), { follow: search.follow || /.\/$/.test(root) }))
    if (stat) await walk({ path: root, kind: stat.kind }, 0, search, entries, world)
    else stderr += `find: '${root}': No such file or directory\n`
  }
  const paths = entries.map(({ path }) => path)
  const code = stderr === '' ? 0 : 1
  if (!search.exec) return { stdout: paths.map(path => `${path}${search.end}`).join(''), stderr, code }
  const output = await execute(search.exec, paths, world)
  return { stdout: output.stdout, stderr: stderr + output.stderr, code: search.exec.each ? code : code || output.code }
}

async function execute(
  { argv, each }: NonNullable<Search['exec']>,
  paths: readonly string[],
  world: AuditWorld,
): Promise<Output> {
  const put = (list: readonly string[]) => argv.flatMap(arg => (arg === '{}' ? list : [arg]))
  return await runAll(each ? paths.map(path => put([path])) : paths.length > 0 ? [put(paths)] : [], world, code => code)
}

async function runAll(
  commands: readonly (readonly string[])[],
  world: AuditWorld,
  codeOf: (code: number) => number,
): Promise<Output> {
  let stdout = ''
  let stderr = ''
  let code = 0
  for (const argv of commands) {
    const output = await world.run(argv, '')
    stdout += output.stdout
    stderr += output.stderr
    if (output.code !== 0) code = codeOf(output.code)
  }
  return { stdout, stderr, code }
}

function searchOf(args: readonly string[]): Search {
  const next = [...args]
  const roots: string[] = []
  const conditions: Condition[] = []
  let [minDepth, maxDepth, follow, end] = [0, 64, false, '\n']
  let exec: Search['exec']
  while (['-L', '-H', '-P'].includes(next[0] ?? '')) {
    const option = next.shift()
    if (option === '-H') refuse('find -H')
    follow = option === '-L'
  }
  while (next[0] !== undefined && !/^[-!(]/.test(next[0])) roots.push(next.shift() ?? '')
  if (roots.length === 0) refuse('find without a path')
  const value = (option: string) => next.shift() ?? refuse(`find ${option} without a value`)
  for (let arg = next.shift(); arg !== undefined; arg = next.shift()) {
    if (exec) refuse(`find ${arg} behind -exec`)
    if (arg === '-maxdepth' || arg === '-mindepth') {
      const depth = value(arg)
      if (!/^\d{1,2}$/.test(depth)) refuse(`find ${arg} ${depth}`)
      if (arg === '-maxdepth') maxDepth = Number(depth)
      else minDepth = Number(depth)
    } else if (arg === '-print') continue
    else if (arg === '-print0') end = '\0'
    else if (arg === '-exec') exec = execOf(next)
    else {
      const isNegated = arg === '!' || arg === '-not'
      const name = isNegated ? value(arg) : arg
      const condition = conditionOf(name, value)
      conditions.push(isNegated ? entry => !condition(entry) : condition)
    }
  }
  if (follow) refuse('find -L')
  return { roots, conditions, minDepth, maxDepth, follow, exec, end }
}

function execOf(next: string[]): NonNullable<Search['exec']> {
  const argv: string[] = []
  for (let arg = next.shift(); arg !== undefined; arg = next.shift()) {
    const isAll = arg === '+' && argv.at(-1) === '{}'
    if (arg === ';' || isAll) {
      if (argv.some(word => word.includes('{}') && word !== '{}') || argv.length === 0) refuse('find -exec so used')
      return { argv, each: !isAll }
    }
    argv.push(arg)
  }
  return refuse('find -exec without an end')
}

const typeLetters: Readonly<Record<string, FileKind>> = {
  ...{ f: 'file', d: 'directory', l: 'symlink', p: 'fifo', s: 'socket', b: 'block', c: 'character' },
}

function conditionOf(name: string, value: (option: string) => string): Condition {
  switch (name) {
    case '-name':
    case '-iname': {
      const isFolding = name === '-iname'
      const pattern = value(name)
      const fold = (text: string) => (isFolding ? text.toLowerCase() : text)
      return ({ path }) =>
        matchesGlob(
          fold(pattern),
          fold(
            path
              .replace(/(.)\/+$/, '$1')
              .split('/')
              .at(-1) || '/',
          ),
        )
    }
    case '-path':
    case '-wholename': {
      const pattern = value(name)
      return ({ path }) => matchesGlob(pattern, path)
    }
    case '-type': {
      const kind = typeLetters[value(name)] ?? refuse('find -type so used')
      return entry => entry.kind === kind
    }
    default:
      return refuse(`find ${name}`)
  }
}

async function walk(entry: Entry, depth: number, search: Search, into: Entry[], world: AuditWorld): Promise<void> {
  spend(world)
  if (depth >= search.minDepth && search.conditions.every(condition => condition(entry))) into.push(entry)
  if (entry.kind !== 'directory' || depth >= search.maxDepth) return
  if (depth > 60) refuse('directories that lie too deep')
  const list = known(await world.host.list(absolute(entry.path), { maxEntries: 20_000 })) ?? []
  const base = entry.path.endsWith('/') ? entry.path : `${entry.path}/`
  for (const { name, kind } of list) await walk({ path: `${base}${name}`, kind }, depth + 1, search, into, world)
}

/** Without -r a program runs once even if there is nothing to hand on, as GNU has it. */
export const xargs: Program = async (args, stdin, world) => {
  const next = [...args]
  let [place, isNulEnded, isQuiet, perRun] = ['', false, false, Number.POSITIVE_INFINITY]
  const value = (option: string, glued: string) => (glued !== '' ? glued : (next.shift() ?? refuse(`xargs ${option}`)))
  while (next[0]?.startsWith('-')) {
    const arg = next.shift() ?? ''
    const [, letter = '', glued = ''] = /^-([A-Za-z0-9])([\s\S]*)$/.exec(arg) ?? []
    if (letter === 'I' || letter === 'i') place = letter === 'i' && glued === '' ? '{}' : value(arg, glued)
    else if (letter === 'n' || letter === 'L') perRun = Number(value(arg, glued))
    else if (arg === '-0' || arg === '--null') isNulEnded = true
    else if (arg === '-r' || arg === '--no-run-if-empty') isQuiet = true
    else refuse(`xargs ${arg}`)
  }
  if (!(perRun >= 1)) refuse('xargs -n so used')
  const argv = next.length > 0 ? next : ['echo']
  const items = isNulEnded
    ? stdin.split('\0').filter((item, index, all) => item !== '' || index < all.length - 1)
    : place === ''
      ? itemsOf(stdin)
      : stdin.split('\n').flatMap(line => (line.trim() === '' ? [] : [line.trimStart()]))
  if (items.length === 0 && (isQuiet || place !== '')) return { stdout: '', stderr: '', code: 0 }
  if (place !== '') {
    if (items.some(item => /['"\\]/.test(item))) refuse('xargs with quotes')
    const commands = items.map(item => argv.map(word => word.replaceAll(place, () => item)))
    return await runAll(commands, world, childCode)
  }
  const commands: (readonly string[])[] = []
  for (let at = 0; at === 0 || at < items.length; at += perRun)
    commands.push([...argv, ...items.slice(at, at + perRun)])
  return await runAll(commands, world, childCode)
}

const childCode = (code: number) => (code > 125 ? code : 123)

function itemsOf(text: string): readonly string[] {
  if (/['"\\]/.test(text)) refuse('xargs with quotes')
  return text.split(/[ \t\n]+/).filter(item => item !== '')
}
