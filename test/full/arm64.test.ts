// Packages for arm64, run where there is an emulator: the agent finds what the one of this machine finds, the collector serves.
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { manifest } from '../../scripts/packaging/target.ts'
import { runBin } from '../run-bin.ts'
import { skipFull } from '../tools.ts'
import { serveAndEnd } from './serve-and-end.ts'

const root = join(import.meta.dirname, '../..')
const fixture = join(root, 'test/fixtures/hosts/debian12-minimal/root')
const emulator = 'qemu-aarch64-static'
/** What both packages depend on. */
const libraries = ['libc6', 'libstdc++6', 'libgcc-s1']

/** Debian's libraries of arm64 in a directory, by an apt with a state of its own: this machine's is not touched. */
function fetchLibraries(work: string, to: string): void {
  const [state, cache] = [join(work, 'apt/state'), join(work, 'apt/cache')]
  for (const directory of [join(state, 'lists/partial'), join(cache, 'archives/partial')])
    mkdirSync(directory, { recursive: true })
  closeSync(openSync(join(state, 'status'), 'w'))
  const settings = [
    ...[`Dir::State=${state}`, `Dir::State::status=${join(state, 'status')}`, `Dir::Cache=${cache}`],
    ...['APT::Architecture=arm64', 'APT::Architectures=arm64', 'APT::Sandbox::User=root'],
  ].flatMap(setting => ['-o', setting])
  const apt = (...words: readonly string[]) =>
    execFileSync('apt-get', [...settings, ...words], { cwd: cache, stdio: 'pipe', maxBuffer: 1e8 })
  apt('update')
  apt('download', ...libraries)
  for (const name of readdirSync(cache).filter(one => one.endsWith('.deb')))
    execFileSync('dpkg-deb', ['-x', join(cache, name), to])
}

const skip = skipFull(emulator, 'apt-get', 'dpkg-deb')
if (skip !== false) t.plan(0, skip)
else if (process.arch !== 'x64') t.plan(0, 'emulates arm64 on amd64 only')
else {
  t.setTimeout(600_000)
  const work = mkdtempSync(join(tmpdir(), 'gabion-arm64-'))
  t.teardown(() => rmSync(work, { recursive: true, force: true }))
  const [out, place] = [join(work, 'out'), join(work, 'place')]
  const packed = execFileSync(
    process.execPath,
    [join(root, 'scripts/package.ts'), '--arch', 'arm64', '--only', 'deb', '--out', out],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  )
  t.notMatch(packed, 'left out')
  t.match(packed, 'not run on this machine', 'whoever packs is told so')
  fetchLibraries(work, place)
  for (const name of ['gabion-agent', 'gabion-collector'])
    execFileSync('dpkg-deb', ['-x', join(out, `${name}_${manifest.version}_arm64.deb`), place])
  /** Libraries are looked for in the place, everything else is this machine's. */
  const emulated = (...words: readonly string[]): [string, string[]] => [emulator, ['-L', place, ...words]]
  const agent = join(place, 'usr/lib/gabion/agent/gabion-agent')
  const run = (...words: readonly string[]) =>
    execFileSync(...emulated(agent, ...words), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 })

  t.test('the executable is one of arm64 and says its version', async t => {
    const machine = readFileSync(agent).readUInt16LE(18)
    t.equal(machine, 183, 'EM_AARCH64 of elf(5)')
    t.equal(run('--version'), `${manifest.version}\n`)
  })

  t.test('it reads and judges a host as the agent of this machine does', async t => {
    const words = ['scan', '--root', fixture, '-o', 'json']
    const found = JSON.parse(run(...words))
    const here = JSON.parse((await runBin('agent', words)).stdout)
    t.ok(found.results.length > 200)
    t.same(found.facets, here.facets)
    t.same(found.results, here.results)
  })

  t.test('the collector opens its database and serves', async t => {
    const library = join(place, 'usr/lib/gabion/collector')
    const data = join(work, 'data')
    const program = [join(library, 'node'), join(library, 'gabion-collector.mjs')]
    await serveAndEnd(t, {
      command: words => emulated(...program, ...words, '--data-dir', data),
      look: () => void t.ok(readdirSync(data).includes('collector.db')),
    })
  })
}
