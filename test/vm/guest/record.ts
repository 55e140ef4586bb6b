// Runs inside a machine of these tests: records what the agent says, what tools say, and the files that probes read.
import { spawnSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  type Stats,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { commands, settlingCommands } from './commands.ts'
import { programDirectories, reduced, trees } from './record-paths.ts'

const out = process.argv[2] ?? '/opt/recorder/out'
const release = readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim()
const modes: string[] = []
const seen = new Set<string>()

for (const directory of ['root', 'cmd', 'agent']) mkdirSync(join(out, directory), { recursive: true })
for (const name of settlingCommands) run(commands[name] ?? '')
for (const [name, line] of Object.entries({
  facts: 'facts --all',
  files: 'facts files',
  scan: 'scan -o json',
  'files-scan': 'scan -o json --probe files',
})) {
  const answer = ask(line)
  writeFileSync(join(out, 'agent', `${name}.json`), answer.stdout)
  writeFileSync(join(out, 'agent', `${name}.err`), `${answer.stderr}exit code ${answer.status}\n`)
}
for (const [name, line] of Object.entries(commands)) {
  const answer = run(line)
  if (answer.status === 127) continue
  writeFileSync(join(out, 'cmd', `${name}.cmdline`), `${line}\n`)
  writeFileSync(join(out, 'cmd', `${name}.out`), answer.stdout)
  writeFileSync(join(out, 'cmd', `${name}.rc`), `${answer.status}\n`)
  if (answer.stderr.length > 0) writeFileSync(join(out, 'cmd', `${name}.err`), answer.stderr)
}
for (const { path, skip } of trees(release)) copyTree(path, skip)
for (const path of programDirectories) copyTree(path, /never/, () => '')
copyModuleNames()
for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) copyProcess(pid)
writeFileSync(join(out, 'modes.tsv'), `${modes.sort().join('\n')}\n`)

/** The agent's answer. Emulated on a busy machine a probe may be too slow for its deadline: then it is asked again. */
function ask(line: string) {
  const attempt = () => run(`/opt/recorder/node /opt/recorder/dist/gabion-agent.mjs ${line}`)
  let answer = attempt()
  for (let attempts = 1; attempts < 8 && answer.stdout.includes('gave no answer within'); attempts += 1) {
    answer = attempt()
  }
  return answer
}

function run(line: string) {
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', HOME: '/root' }
  return spawnSync('/bin/sh', ['-c', line], { env, maxBuffer: 64 * 1024 * 1024, timeout: 900_000, cwd: '/' })
}

/** Copies what is below a path and notes mode and owner of each entry and of the directories that lead to it. */
function copyTree(path: string, skip: RegExp, content = (file: string) => readText(file)): void {
  const stat = statOf(path)
  if (!stat || skip.test(path)) return
  if (stat.isDirectory()) {
    note(path, stat)
    for (const name of namesIn(path)) copyTree(`${path}/${name}`, skip, content)
  } else if (stat.isSymbolicLink()) copyLink(path)
  else if (stat.isFile()) write(path, stat, content(path))
}

/** Git keeps no empty directories: a module has one file in its own, which tells that it is there. */
function copyModuleNames(): void {
  for (const name of namesIn('/sys/module')) {
    const directory = `/sys/module/${name}`
    const parameters = namesIn(`${directory}/parameters`).map(parameter => `parameters/${parameter}`)
    const readable = [...namesIn(directory), ...parameters].find(
      file => statOf(`${directory}/${file}`)?.isFile() && readText(`${directory}/${file}`) !== undefined,
    )
    if (readable) copyTree(`${directory}/${readable}`, /never/)
  }
}

/** Processes of users, and the first kernel thread for all of its kind; not the recorder itself. */
function copyProcess(pid: string): void {
  const directory = `/proc/${pid}`
  const isKernelThread = linkOf(`${directory}/exe`) === undefined
  if (isKernelThread && pid !== '2') return
  if (readText(`${directory}/cgroup`)?.includes('/recorder.service')) return
  const files = ['stat', 'status', 'comm', 'cmdline', 'cgroup', 'uid_map', 'attr/current', 'attr/apparmor/current']
  const ownMounts = linkOf(`${directory}/ns/mnt`) !== linkOf('/proc/1/ns/mnt')
  if (pid === '1' || ownMounts) files.push('mountinfo')
  for (const file of files) copyTree(`${directory}/${file}`, /never/)
  for (const name of namesIn(`${directory}/ns`)) copyLink(`${directory}/ns/${name}`)
  if (!isKernelThread) copyLink(`${directory}/exe`)
  for (const name of namesIn(`${directory}/fd`)) {
    if (linkOf(`${directory}/fd/${name}`)?.startsWith('socket:')) copyLink(`${directory}/fd/${name}`)
  }
  const deleted = readText(`${directory}/maps`)
    ?.split('\n')
    .filter(line => line.endsWith('(deleted)'))
  const stat = statOf(`${directory}/maps`)
  if (stat && deleted && deleted.length > 0) write(`${directory}/maps`, stat, `${deleted.join('\n')}\n`)
}

function copyLink(path: string): void {
  const target = linkOf(path)
  const stat = statOf(path)
  if (target === undefined || !stat || seen.has(path)) return
  note(path, stat)
  symlinkSync(target, join(out, 'root', path))
}

function write(path: string, stat: Stats, text: string | undefined): void {
  const kept = text === undefined ? undefined : reduced(path, text)
  if (kept === undefined || seen.has(path)) return
  note(path, stat)
  writeFileSync(join(out, 'root', path), kept, 'latin1')
}

function note(path: string, stat: Stats): void {
  if (seen.has(path) || path === '') return
  const parent = dirname(path)
  const above = parent === '/' ? undefined : statOf(parent)
  if (above) note(parent, above)
  seen.add(path)
  modes.push([path, (stat.mode & 0o7777).toString(8).padStart(4, '0'), stat.uid, stat.gid].join('\t'))
  if (stat.isDirectory()) mkdirSync(join(out, 'root', path), { recursive: true })
}

/** Every byte one character; undefined for what cannot be read, as the write-only files of /proc/sys. */
function readText(path: string): string | undefined {
  return unlessGone(() => readFileSync(path, 'latin1'))
}

function namesIn(path: string): readonly string[] {
  return unlessGone(() => readdirSync(path)) ?? []
}

function linkOf(path: string): string | undefined {
  return unlessGone(() => readlinkSync(path))
}

function statOf(path: string): Stats | undefined {
  return unlessGone(() => lstatSync(path))
}

/** A process may end meanwhile, and the kernel gives some files to nobody. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
