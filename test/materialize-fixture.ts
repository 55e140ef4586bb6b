// Copies a fixture host into a directory with its real modes and owners, for the agent as a program (`--root`).
import { chmodSync, cpSync, lchownSync, lstatSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixtureRoot, readModes } from './fixture-host.ts'

interface TearDown {
  teardown(handler: () => void): unknown
}

/**
 * The path of the copy, which is removed when the test ends. Owners are set only when the tests run as root; modes
 * are set always, so that without root some files cannot be read, as on the real host.
 */
export function materializeFixture(t: TearDown, name: string): string {
  const directory = mkdtempSync(join(tmpdir(), `gabion-${name}-`))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  cpSync(fixtureRoot(name), directory, { recursive: true, verbatimSymlinks: true })
  // The root of a host is open to all; mkdtemp's directory is its maker's alone, and nobody would get at anything.
  chmodSync(directory, 0o755)
  const rows = [...readModes(name)]
  // Deepest first: a directory may close itself to us.
  for (const [path, { mode, uid, gid }] of rows.sort(([a], [b]) => b.length - a.length)) {
    const target = join(directory, path)
    if (process.getuid?.() === 0) lchownSync(target, uid, gid)
    if (!lstatSync(target).isSymbolicLink()) chmodSync(target, mode)
  }
  return directory
}
