// Makes fixture hosts of what real machines record of themselves, --kept of what they last recorded: [--kept] [machine…].
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type MachineName, machines } from './machines.ts'
import { recordingFolder, runMachine, skipMachines } from './run-machine.ts'

/** Git keeps no empty directory: in these the file .keep stands for what is not there, the others are left out. */
const keptEmpty = new Set([
  ...['/tmp', '/var/tmp', '/dev/shm', '/opt', '/srv', '/home', '/usr/local/bin', '/usr/local/sbin'],
  ...['/var/spool/cron/crontabs', '/etc/network', '/etc/security/limits.d', '/var/log/journal', '/etc/profile.d'],
  ...['/etc/apt/sources.list.d', '/var/lib/docker', '/var/lib/containerd', '/root/.ssh', '/usr/local/lib'],
])

const skip = skipMachines()
if (skip) throw new Error(skip)
const { values, positionals } = parseArgs({ options: { kept: { type: 'boolean' } }, allowPositionals: true })
const asked = positionals as MachineName[]
for (const name of asked.length > 0 ? asked : (Object.keys(machines) as MachineName[])) {
  const recorded = values.kept ? recordingFolder(name) : await runMachine(name, machines[name])
  const fixture = join(import.meta.dirname, '../fixtures/hosts', `debian12-${name}`)
  for (const part of ['root', 'cmd']) {
    rmSync(join(fixture, part), { recursive: true, force: true })
    mkdirSync(join(fixture, part), { recursive: true })
  }
  copy(join(recorded, 'root'), join(fixture, 'root'), '')
  cpSync(join(recorded, 'cmd'), join(fixture, 'cmd'), { recursive: true })
  const rows = readFileSync(join(recorded, 'modes.tsv'), 'utf8').split('\n').filter(Boolean)
  const stand = [...keptEmpty].map(path => `${path}/.keep\t0644\t0\t0`)
  const kept = [...rows, ...stand].filter(row => exists(join(fixture, 'root', row.split('\t')[0] ?? ''))).sort()
  writeFileSync(join(fixture, 'modes.tsv'), `${kept.join('\n')}\n`)
  writeFileSync(join(fixture, 'hardware.json'), `${JSON.stringify(hardwareOf(recorded), null, 2)}\n`)
  process.stdout.write(`${fixture}: ${kept.length} files\n`)
}

/** Modes are in modes.tsv: here everything is to be readable. */
function copy(from: string, to: string, path: string): void {
  for (const name of readdirSync(from)) {
    const [source, target] = [join(from, name), join(to, name)]
    const stat = lstatSync(source)
    if (stat.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (stat.isDirectory()) {
      mkdirSync(target)
      copy(source, target, `${path}/${name}`)
    } else {
      cpSync(source, target)
      chmodSync(target, 0o644)
    }
  }
  if (path === '' || readdirSync(to).length > 0) return
  if (keptEmpty.has(path)) writeFileSync(join(to, '.keep'), '')
  else rmdirSync(to)
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** What is asked of no file: the answer of the agent on the machine. */
function hardwareOf(recorded: string): unknown {
  const { facets } = JSON.parse(readFileSync(join(recorded, 'agent', 'facts.json'), 'utf8'))
  const { cpuModel, cpuCores, memoryMiB, virtualization } = facets.host.facts.hardware ?? facets.host.facts
  return { cpuModel, cpuCores, memoryMiB, virtualization }
}
