// Builds a machine, boots it without any network outside, lets it record itself, and gives back what it recorded.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTool } from '../tools.ts'
import type { Machine } from './machines.ts'

const root = join(import.meta.dirname, '../..')
const guest = join(import.meta.dirname, 'guest')
/** Where machines are kept between runs: a second run downloads nothing and only builds what has changed. */
const folder = process.env['GABION_VM_DIR'] ?? join(tmpdir(), 'gabion-vm')
/** Emulation is slow, and slower where several run. */
const bootMinutes = 30
const mebibyte = 1024 * 1024

const programs = [
  ...[
    { name: 'qemu-system-x86_64', package: 'qemu-system-x86' },
    { name: 'debootstrap', package: 'debootstrap' },
  ],
  ...[
    { name: 'mke2fs', package: 'e2fsprogs' },
    { name: 'unshare', package: 'util-linux' },
  ],
]

/** Why no machine can be built here, or false. */
export function skipMachines(): string | false {
  if (process.env['GABION_VM'] !== '1')
    return 'boots machines for minutes: runs with GABION_VM=1 (npm run test:vm) only'
  if (process.getuid?.() !== 0) return 'needs root to build the disk of a machine'
  if (process.arch !== 'x64') return 'needs an x86-64 machine, since packages are installed without emulation'
  const missing = programs.filter(({ name }) => findTool(name) === undefined).map(program => program.package)
  if (missing.length > 0) return `needs ${missing.join(', ')}`
  return findTool('apt-get') === undefined ? 'needs a Debian machine, whose mirror gives the packages' : false
}

/** Where the recording of a machine's last run is. */
export const recordingFolder = (name: string): string => join(folder, name, 'recorded')

/**
 * The folder of what the machine recorded: root/, cmd/, modes.tsv, agent/, or what its job left.
 * @param name of its settings in guest/
 * @param putInput puts a job.sh and what it wants into a directory; left out, the machine records itself
 * @throws Error with the end of a log
 */
export async function runMachine(name: string, machine: Machine, putInput = putRecorder): Promise<string> {
  const directory = join(folder, name)
  mkdirSync(directory, { recursive: true })
  await logged(join(directory, 'build.log'), 'bash', [
    ...[join(import.meta.dirname, 'build-image.sh'), folder, name],
    ...[join(root, 'node_modules/node/bin/node'), ...machine.packages],
  ])
  packInput(directory, putInput)
  await boot(directory, machine)
  const recorded = recordingFolder(name)
  rmSync(recorded, { recursive: true, force: true })
  mkdirSync(recorded)
  execFileSync('tar', ['-xf', join(directory, 'output.raw'), '-C', recorded])
  const log = readFileSync(join(recorded, 'recorder.txt'), 'utf8')
  if (!log.endsWith('recorder: exit code 0\n')) throw new Error(`${name} did not record itself: ${log.slice(-2000)}`)
  return recorded
}

/** What the machine is handed, as one archive on a disk. */
function packInput(directory: string, putInput: (input: string) => void): void {
  const input = join(directory, 'input')
  rmSync(input, { recursive: true, force: true })
  mkdirSync(input)
  putInput(input)
  execFileSync('tar', ['-cf', join(directory, 'input.raw'), '--owner=0', '--group=0', '-C', input, '.'])
  const { size } = statSync(join(directory, 'input.raw'))
  truncateSync(join(directory, 'input.raw'), Math.max(64, Math.ceil(size / mebibyte)) * mebibyte)
  writeFileSync(join(directory, 'output.raw'), '')
  truncateSync(join(directory, 'output.raw'), 256 * mebibyte)
}

/** The bundled agent and the programs that record. */
function putRecorder(input: string): void {
  execFileSync(process.execPath, [join(root, 'scripts/build.ts'), join(input, 'dist')])
  // The agent alone, and what it loads.
  for (const path of ['gabion-collector.mjs', 'lib/collector.mjs', 'node_modules/better-sqlite3']) {
    rmSync(join(input, 'dist', path), { recursive: true })
  }
  for (const file of readdirSync(guest).filter(one => one.endsWith('.ts'))) cpSync(join(guest, file), join(input, file))
}

async function boot(directory: string, machine: Machine): Promise<void> {
  const more = readdirSync(directory).filter(file => /^disk\d+\.raw$/.test(file))
  const disk = (file: string, serial: string) => [
    ...[
      '-drive',
      `file=${join(directory, file)},if=none,id=${serial},format=raw,cache=unsafe,snapshot=${file.startsWith('disk') ? 'on' : 'off'}`,
    ],
    ...['-device', `virtio-blk-pci,drive=${serial},serial=${serial}`],
  ]
  const accelerator = process.env['GABION_VM_ACCEL'] ?? 'tcg'
  await logged(
    join(directory, 'qemu.log'),
    'qemu-system-x86_64',
    [
      ...['-machine', 'pc', '-smp', '1', '-m', '2048', '-display', 'none'],
      ...['-nodefaults', '-no-user-config', '-no-reboot'],
      ...(accelerator === 'tcg'
        ? // The clock goes by instructions, so that a busy machine does not make probes miss their deadlines.
          [
            ...['-accel', 'tcg,tb-size=512', '-icount', 'shift=0,sleep=off'],
            ...['-cpu', 'qemu64,-svm,+ssse3,+sse4.1,+sse4.2,+popcnt'],
          ]
        : ['-accel', accelerator, '-cpu', 'host']),
      ...['-serial', `file:${join(directory, 'console.log')}`, '-device', 'virtio-rng-pci'],
      ...disk('disk.raw', 'root'),
      ...disk('input.raw', 'input'),
      ...disk('output.raw', 'output'),
      ...more.flatMap((file, index) => disk(file, `more${index}`)),
      // A card with nothing behind it.
      ...['-netdev', 'user,id=card,restrict=on', '-device', 'virtio-net-pci,netdev=card,romfile='],
      ...['-kernel', join(directory, 'vmlinuz'), '-initrd', join(directory, 'initrd.img'), '-append'],
      `root=/dev/vda rw console=ttyS0 net.ifnames=0 quiet ${machine.kernelArguments}`,
    ],
    bootMinutes * 60_000,
  )
}

/** Runs a program with its output in a file. @throws Error with the end of that file */
async function logged(file: string, command: string, args: readonly string[], timeoutMs = 0): Promise<void> {
  const log = openSync(file, 'w')
  const path = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
  const child = spawn(command, args, {
    env: { ...process.env, ...path, LC_ALL: 'C' },
    stdio: ['ignore', log, log],
    ...(timeoutMs > 0 ? { signal: AbortSignal.timeout(timeoutMs), killSignal: 'SIGKILL' } : {}),
  })
  closeSync(log)
  const [code] = await once(child, 'exit').catch((error: Error) => [error.message])
  if (code === 0) return
  const end = existsSync(file) ? readFileSync(file, 'utf8').slice(-2000) : ''
  throw new Error(`${command} ended with ${code}: ${end}`)
}
