// Opens a recorded host of test/fixtures/hosts as the agent would open the machine itself.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeHostBytes } from '../agent/host/decode.ts'
import type { CommandResult, Hardware, Host, HttpAnswer, TlsAnswer } from '../agent/host/host.ts'
import { openHost } from '../agent/host/open-host.ts'
import type { Ownership } from '../agent/host/rooted-files.ts'

const hosts = join(import.meta.dirname, 'fixtures', 'hosts')

/**
 * A fixture with owners and modes of its modes.tsv. It counts as running when it has /proc/1; then recorded commands
 * (cmd/) and answers of ports (http/answers.json, http/tls.json) are replayed.
 */
export async function openFixtureHost(name: string, options: { readonly live?: boolean } = {}): Promise<Host> {
  const root = fixtureRoot(name)
  return await openHost({
    root,
    live: options.live ?? existsSync(join(root, 'proc', '1')),
    overlay: readModes(name),
    commands: readCommands(name),
    http: readAnswers(name),
    tls: readOffers(name),
    cri: new Map(),
    hardware: readHardware(name),
  })
}

export function fixtureRoot(name: string): string {
  return join(hosts, name, 'root')
}

/** What a recorded command printed, such as `fixtureCommand('debian12-vm', 'lsmod')`. */
export function fixtureCommand(name: string, command: string): string {
  return decodeHostBytes(readFileSync(join(hosts, name, 'cmd', `${command}.out`)))
}

/** Mode and owner by path: `PATH<tab>OCTAL MODE<tab>UID<tab>GID` per line, for everything below root/. */
export function readModes(name: string): Map<string, Ownership> {
  const rows = readFileSync(join(hosts, name, 'modes.tsv'), 'utf8')
    .split('\n')
    .filter(Boolean)
  return new Map(rows.map(modeRow))
}

function modeRow(row: string): [string, Ownership] {
  const [path, mode, uid, gid] = row.split('\t')
  if (!path?.startsWith('/') || !mode || !uid || !gid) throw new Error(`modes.tsv: not a row: ${row}`)
  return [path, { mode: Number.parseInt(mode, 8), uid: Number(uid), gid: Number(gid) }]
}

/** Recorded outputs by argument vector. Recordings of several commands in one shell line are only for fixtureCommand. */
export function readCommands(name: string): Map<string, CommandResult> {
  const directory = join(hosts, name, 'cmd')
  const commands = new Map<string, CommandResult>()
  if (!existsSync(directory)) return commands
  for (const file of readdirSync(directory).filter(file => file.endsWith('.cmdline'))) {
    const base = join(directory, file.slice(0, -'.cmdline'.length))
    const argv = shellWords(readFileSync(`${base}.cmdline`, 'utf8').trim())
    if (!argv) continue
    commands.set(argv.join(' '), {
      exitCode: Number(readFileSync(`${base}.rc`, 'utf8')),
      stdout: decodeHostBytes(readFileSync(`${base}.out`)),
      stderr: existsSync(`${base}.err`) ? decodeHostBytes(readFileSync(`${base}.err`)) : '',
    })
  }
  return commands
}

/** Words of one plain command with double quotes; undefined for anything that needed a shell. */
function shellWords(line: string): string[] | undefined {
  if (/(^|\s)(for|cd)\s|[;|&<>`]|\$\(/.test(line)) return undefined
  const words = line.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? []
  return words.map(word =>
    word.replace(/"((?:\\.|[^"\\])*)"/g, (_, quoted: string) => quoted.replace(/\\([$"\\])/g, '$1')),
  )
}

export function readAnswers(name: string): Map<string, HttpAnswer> {
  const file = join(hosts, name, 'http', 'answers.json')
  if (!existsSync(file)) return new Map()
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, HttpAnswer>))
}

/** What ports accept of TLS, by `tls://ADDRESS:PORT`. */
export function readOffers(name: string): Map<string, TlsAnswer> {
  const file = join(hosts, name, 'http', 'tls.json')
  if (!existsSync(file)) return new Map()
  return new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, TlsAnswer>))
}

function readHardware(name: string): Hardware {
  const file = join(hosts, name, 'hardware.json')
  if (!existsSync(file)) return { cpuModel: 'Test CPU', cpuCores: 2, memoryMiB: 2048, virtualization: 'kvm' }
  return JSON.parse(readFileSync(file, 'utf8')) as Hardware
}
