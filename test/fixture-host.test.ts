// Tests that the fixture hosts are whole: rows of modes for every entry, commands that replay, nothing private.
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fixtureCommand, fixtureRoot, openFixtureHost, readModes } from './fixture-host.ts'
import { materializeFixture } from './materialize-fixture.ts'

const hosts = readdirSync(join(import.meta.dirname, 'fixtures', 'hosts'))

for (const name of hosts) {
  t.test(`${name} has a mode for every entry and an entry for every mode`, async t => {
    const root = fixtureRoot(name)
    const entries = walk(root, '')
    const modes = readModes(name)
    const missing = entries.filter(path => !modes.has(path))
    t.same(missing, [])
    t.same(
      [...modes.keys()].filter(path => !entries.includes(path)),
      [],
    )
    const kept = entries.filter(path => {
      const stats = lstatSync(join(root, path))
      return stats.isFile() || stats.isSymbolicLink() || readdirSync(join(root, path)).length > 0
    })
    t.same(kept, entries, 'git can keep every entry')
  })

  t.test(`${name} says where it comes from and holds no private key`, async t => {
    t.match(readFileSync(join(fixtureRoot(name), '..', 'about.md'), 'utf8'), new RegExp(`^# ${name}\n`))
    for (const path of walk(fixtureRoot(name), '')) {
      const file = join(fixtureRoot(name), path)
      if (lstatSync(file).isFile() && /BEGIN [A-Z ]*PRIVATE KEY/.test(readFileSync(file, 'latin1'))) t.fail(path)
    }
  })
}

t.test('debian12-vm replays what was recorded', async t => {
  const host = await openFixtureHost('debian12-vm')
  t.equal(host.live, true)
  t.match(await host.stat('/etc/shadow'), { value: { mode: 0o640, uid: 0, gid: 42 } })
  t.match(await host.readText('/lib/modules/6.1.0-56-cloud-amd64/modules.dep'), { state: 'present' })
  const ruleset = await host.run({ command: 'nft', args: ['-j', 'list', 'ruleset'] })
  t.match(ruleset, { state: 'present', value: { exitCode: 0, stdout: fixtureCommand('debian12-vm', 'nft-j') } })
  t.match(await host.run({ command: 'aa-status', args: ['--pretty-json'] }), { value: { exitCode: 42 } })
  t.match(await host.run({ command: 'iptables-legacy-save', args: [] }), { state: 'absent' })
  t.match(await host.run({ command: 'nft', args: ['list', 'sets'] }), { state: 'unavailable' })
  t.match(await host.readLink('/proc/404/fd/3'), { value: 'socket:[12165]' })
  t.equal((await openFixtureHost('debian12-vm', { live: false })).live, false)
})

t.test('debian12-minimal is an offline root', async t => {
  const host = await openFixtureHost('debian12-minimal')
  t.equal(host.live, false)
  t.match(await host.readText('/etc/os-release'), { value: /bookworm/ })
})

t.test('a materialized fixture has its modes', async t => {
  const root = materializeFixture(t, 'debian12-minimal')
  t.equal(lstatSync(join(root, 'etc/shadow')).mode & 0o7777, 0o640)
  t.equal(lstatSync(join(root, 'etc/sudoers')).mode & 0o7777, 0o440)
  if (process.getuid?.() === 0) t.equal(lstatSync(join(root, 'etc/shadow')).gid, 42)
})

/** Every entry below a directory, without following links. */
function walk(root: string, below: string): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap(entry => {
    const path = `${below}/${entry.name}`
    return entry.isDirectory() ? [path, ...walk(root, path)] : [path]
  })
}
