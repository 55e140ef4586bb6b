// Builds a little host in a temporary directory for one test.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { encodeHostText } from '../agent/host/decode.ts'
import type {
  CommandResult,
  ConfigzAnswer,
  CriAnswer,
  Hardware,
  Host,
  HttpAnswer,
  TlsAnswer,
} from '../agent/host/host.ts'
import { openHost } from '../agent/host/open-host.ts'
import type { Ownership } from '../agent/host/rooted-files.ts'

export type FixtureFile =
  | string
  | Uint8Array
  | { readonly symlink: string }
  | { readonly fifo: true }
  | { readonly directory: true }

export interface FixtureCommand {
  readonly exitCode?: number
  readonly stdout: string
  readonly stderr?: string
}

export interface FixtureHost {
  /** by absolute path inside the root; text is written as host bytes (lone surrogates U+DC80… are bytes) */
  readonly files: Readonly<Record<string, FixtureFile>>
  /** mode and owner by absolute path; the default owner is 0:0 with modes 0644 and 0755 */
  readonly modes?: Readonly<Record<string, Partial<Ownership>>>
  /** by argument vector joined by spaces; a program not named here is not installed */
  readonly commands?: Readonly<Record<string, FixtureCommand>>
  /** by URL, such as `https://127.0.0.1:10250/pods`; other ports are closed */
  readonly http?: Readonly<Record<string, HttpAnswer>>
  /** by URL, such as `tls://127.0.0.1:10250`; other ports are closed */
  readonly tls?: Readonly<Record<string, TlsAnswer>>
  /** by URL, such as `https://127.0.0.1:10250/configz`; elsewhere there is no token to ask with */
  readonly configz?: Readonly<Record<string, ConfigzAnswer>>
  /** by path of the socket; elsewhere nothing listens */
  readonly cri?: Readonly<Record<string, CriAnswer>>
  readonly hardware?: Hardware
  /** whether the host counts as the running one; default true */
  readonly live?: boolean
}

interface TearDown {
  teardown(handler: () => void): unknown
}

const noHardware: Hardware = { cpuModel: 'Test CPU', cpuCores: 2, memoryMiB: 2048, virtualization: 'none' }

/** Opens a Host over the given files. The directory is removed when the test ends. */
export async function hostFrom(t: TearDown, fixture: FixtureHost): Promise<Host> {
  const root = rootFrom(t, fixture.files)
  return await openHost({
    root,
    live: fixture.live ?? true,
    overlay: overlayOf(fixture),
    commands: new Map(Object.entries(fixture.commands ?? {}).map(([line, one]) => [line, commandResult(one)])),
    http: new Map(Object.entries(fixture.http ?? {})),
    tls: new Map(Object.entries(fixture.tls ?? {})),
    configz: new Map(Object.entries(fixture.configz ?? {})),
    cri: new Map(Object.entries(fixture.cri ?? {})),
    hardware: fixture.hardware ?? noHardware,
  })
}

/** Only the root directory, for tests of the agent as a program. */
export function rootFrom(t: TearDown, files: FixtureHost['files']): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-host-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const [path, file] of Object.entries(files)) write(encodeHostText(root + path), file)
  return root
}

function write(path: Buffer, file: FixtureFile): void {
  mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true })
  if (typeof file === 'string') writeFileSync(path, encodeHostText(file))
  else if (file instanceof Uint8Array) writeFileSync(path, file)
  else if ('symlink' in file) symlinkSync(encodeHostText(file.symlink), path)
  else if ('fifo' in file) execFileSync('mkfifo', [path.toString('utf8')])
  else mkdirSync(path, { recursive: true })
}

function overlayOf(fixture: FixtureHost): Map<string, Ownership> {
  const overlay = new Map<string, Ownership>()
  for (const [path, file] of Object.entries(fixture.files)) {
    const isDirectory = typeof file === 'object' && 'directory' in file
    overlay.set(path, { mode: isDirectory ? 0o755 : 0o644, uid: 0, gid: 0 })
    for (let parent = dirname(path); parent !== '/'; parent = dirname(parent)) {
      overlay.set(parent, { mode: 0o755, uid: 0, gid: 0 })
    }
  }
  for (const [path, ownership] of Object.entries(fixture.modes ?? {})) {
    overlay.set(path, { ...(overlay.get(path) ?? { mode: 0o644, uid: 0, gid: 0 }), ...ownership })
  }
  return overlay
}

function commandResult(command: FixtureCommand): CommandResult {
  return { exitCode: command.exitCode ?? 0, stdout: command.stdout, stderr: command.stderr ?? '' }
}
