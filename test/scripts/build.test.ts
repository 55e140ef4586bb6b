// The bundle on its own, away from sources and packages: it reads a host, and walks by starting itself once more.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { version } from '../../runtime/version.ts'
import { rootFrom } from '../host-from.ts'

t.setTimeout(120_000)

const dist = mkdtempSync(join(tmpdir(), 'gabion-dist-'))
t.teardown(() => rmSync(dist, { recursive: true, force: true }))
const node = (...args: readonly string[]) =>
  execFileSync(process.execPath, args, { encoding: 'utf8', cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] })
node(join(import.meta.dirname, '../../scripts/build.ts'), dist)
const agent = (...args: readonly string[]) => node(join(dist, 'gabion-agent.mjs'), ...args)

t.test('it tells its version', async t => {
  t.equal(agent('--version'), `${version}\n`)
})

t.test('its healthcheck loads little: not what reads and judges hosts', async t => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(dist, 'gabion-agent.mjs'), 'healthcheck', '--state-dir', t.testdir({})],
    { encoding: 'utf8', cwd: '/' },
  )
  t.equal(status, 1)
  t.match(stderr, /no agent says that it lives/)
  const loaded = (name: string, seen = new Set<string>()): Set<string> => {
    if (seen.has(name)) return seen
    seen.add(name)
    const text = readFileSync(join(dist, 'lib', name), 'utf8')
    for (const [, next = ''] of text.matchAll(/(?:from|import) ?"\.\/([^"]+)"/g)) loaded(next, seen)
    return seen
  }
  const bytes = [...loaded('agent-healthcheck.mjs')].reduce(
    (sum, name) => sum + statSync(join(dist, 'lib', name)).size,
    0,
  )
  t.ok(bytes < 100 * 1024, `${bytes} bytes`)
})

t.test('it scans a root', async t => {
  const root = rootFrom(t, { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\ntoor:x:0:0::/:/bin/sh\n' })
  const { results } = JSON.parse(agent('scan', '--root', root, '-o', 'json', '--check', 'only-root-has-uid-0'))
  t.match(results, [{ check: 'only-root-has-uid-0', state: 'fail' }])
})

t.test('every part is written in ASCII, which V8 keeps in half the memory', async t => {
  const parts = readdirSync(join(dist, 'lib')).filter(name => name.endsWith('.mjs'))
  t.ok(parts.length > 20, `${parts.length} parts`)
  for (const part of parts) t.notMatch(readFileSync(join(dist, 'lib', part), 'utf8'), /[^\0-\x7f]/, part)
})

t.test('it walks', async t => {
  const root = rootFrom(t, { '/etc/passwd': '', '/usr/bin/su': 'x' })
  chmodSync(join(root, 'usr/bin/su'), 0o4755)
  const { facts } = JSON.parse(agent('facts', 'files', '--root', root)).facets.files
  t.match(facts, { walk: 'complete', setIdFiles: [{ path: '/usr/bin/su', mode: '4755' }] })
})
