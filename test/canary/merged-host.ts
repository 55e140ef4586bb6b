// One host tree made of every recorded host, in which a test may change any file and any answer.
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { decodeHostBytes, encodeHostText } from '../../agent/host/decode.ts'
import type { CommandResult, Host, HttpAnswer } from '../../agent/host/host.ts'
import { openHost } from '../../agent/host/open-host.ts'
import type { Ownership } from '../../agent/host/rooted-files.ts'
import { fixtureRoot, readAnswers, readCommands, readModes } from '../fixture-host.ts'

export interface MergedHost {
  readonly root: string
  /** recorded outputs; what is set here is what the next sweep gets */
  readonly commands: Map<string, CommandResult>
  readonly http: Map<string, HttpAnswer>
  /** live: with the commands and answers of the recordings */
  open(how: { readonly live: boolean }): Promise<Host>
  /** Changes the text of a file inside the root, '' where there was none. Answers false for what is no file. */
  edit(path: string, change: (text: string) => string): Promise<boolean>
  /** undoes every edit since the last call */
  restore(): void
}

interface TearDown {
  teardown(handler: () => void): unknown
}

/** A tree of the first host with what the others have besides. Modes are those of the recordings, for `open` only. */
export async function mergeHosts(t: TearDown, names: readonly string[]): Promise<MergedHost> {
  const root = mkdtempSync(join(tmpdir(), 'gabion-merged-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const name of names) copyMissing(fixtureRoot(name), root)
  const commands = new Map(names.toReversed().flatMap(name => [...readCommands(name)]))
  const http = new Map(names.toReversed().flatMap(name => [...readAnswers(name)]))
  const overlay = new Map<string, Ownership>(names.toReversed().flatMap(name => [...readModes(name)]))
  const open = ({ live }: { readonly live: boolean }) =>
    openHost({ root, live, ...(live && { overlay, commands, http, cri: new Map(), hardware }) })
  const inside = await open({ live: false })
  const before = new Map<string, Uint8Array | undefined>()
  return {
    ...{ root, commands, http, open },
    async edit(path, change) {
      const file = await placeOf(inside, path)
      if (file === undefined) return false
      const old = existsSync(file) ? readFileSync(file) : undefined
      if (!before.has(file)) before.set(file, old)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, encodeHostText(change(old ? decodeHostBytes(old) : '')))
      return true
    },
    restore() {
      for (const [file, old] of before) {
        if (old === undefined) rmSync(file, { force: true })
        else writeFileSync(file, old)
      }
      before.clear()
    },
  }
}

const hardware = { cpuModel: 'Test CPU', cpuCores: 2, memoryMiB: 2048, virtualization: 'kvm' }

/** Where a path of the host really lies, links followed inside the root; undefined for what is no regular file. */
async function placeOf(host: Host, path: string): Promise<string | undefined> {
  const found = await host.realPath(path)
  if (found.state === 'present') {
    const file = host.root + found.value
    return lstatSync(file).isFile() ? file : undefined
  }
  if (path === '/') return undefined
  const parent = await directoryOf(host, dirname(path))
  return parent === undefined ? undefined : join(parent, basename(path))
}

async function directoryOf(host: Host, path: string): Promise<string | undefined> {
  const found = await host.realPath(path)
  if (found.state === 'present') return host.root + found.value
  if (found.state !== 'absent') return undefined
  const parent = await directoryOf(host, dirname(path))
  return parent === undefined ? undefined : join(parent, basename(path))
}

/** Copies what is not there yet; a link of the first host is never walked through. */
function copyMissing(from: string, to: string): void {
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    const there = lstatSync(target, { throwIfNoEntry: false })
    if (!there && entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target)
    else if (!there) cpSync(source, target, { recursive: true, verbatimSymlinks: true })
    else if (entry.isDirectory() && there.isDirectory()) copyMissing(source, target)
  }
}
