// What is given out, as it is used: the executable on a Debian without Node.js, .deb, .rpm, tarball and the npm package.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { probes } from '../../agent/probes.generated.ts'
import { manifest } from '../../scripts/packaging/target.ts'
import { unpackDebian } from '../debian-base.ts'
import { documentedLine } from '../documented-line.ts'
import { outsideOfTap } from '../outside-of-tap.ts'
import { skipFull } from '../tools.ts'
import { checkRpms } from './rpm-in-chroot.ts'
import { serveAndEnd } from './serve-and-end.ts'

const root = join(import.meta.dirname, '../..')
const skip = skipFull('debootstrap', 'rpmbuild', 'rpm', 'setcap', 'man')
if (skip !== false) t.plan(0, skip)
else if (process.arch !== 'x64') t.plan(0, 'packages of amd64 run on amd64 only')
else {
  t.setTimeout(900_000)
  const work = mkdtempSync(join(tmpdir(), 'gabion-packages-'))
  t.teardown(() => rmSync(work, { recursive: true, force: true }))
  const out = join(work, 'out')
  const debian = join(work, 'debian')
  const { version } = manifest
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { encoding: 'utf8', cwd: work, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1e8 })
  // A fixed time: sources of the same tree make the same packages.
  process.env['SOURCE_DATE_EPOCH'] = '1750000000'
  const pack = (to: string, only: string) =>
    run(process.execPath, join(root, 'scripts/package.ts'), '--arch', 'amd64', '--only', only, '--out', to)
  /** In the Debian, with a /proc that nobody else sees. */
  const inDebian = (...args: readonly string[]) =>
    run('unshare', '-m', 'sh', '-c', 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', debian, ...args)
  /** A line of a page, where the packages are. */
  const typed = (page: string, beginning: string) =>
    inDebian('sh', '-ec', `cd /packages && ${documentedLine(page, beginning)}`)
  const isIn = (path: string) => lstatSync(join(debian, path), { throwIfNoEntry: false }) !== undefined

  pack(out, 'deb,rpm,tarball,npm')
  unpackDebian(debian)
  mkdirSync(join(debian, 'packages'))
  const deb = (name: string, of = version) => `/packages/${name}_${of}_amd64.deb`
  for (const name of ['gabion-agent', 'gabion-collector'])
    renameSync(join(out, `${name}_${version}_amd64.deb`), join(debian, deb(name)))
  const oldVersion = '0.0.1'
  const before = treeOf(debian)

  t.test('a .deb installs where there is no Node.js, and starts nothing', async t => {
    t.throws(() => inDebian('sh', '-c', 'command -v node'), 'there is none')
    repack(deb('gabion-agent'), deb('gabion-agent', oldVersion), oldVersion)
    inDebian('dpkg', '-i', deb('gabion-agent', oldVersion))
    t.equal(inDebian('gabion-agent', '--version'), `${version}\n`)
    t.ok(isIn('/etc/systemd/system/multi-user.target.wants/gabion-agent.service'), 'enabled, as its preset says')
    t.equal(statSync(join(debian, 'var/lib/gabion/agent')).mode & 0o777, 0o700)
    t.notOk(isIn('/var/lib/gabion/agent/credential.json'), 'the unit waits for this file')
  })

  t.test('the executable scans there, and judges own checks in a process of its own', async t => {
    const report = JSON.parse(inDebian('gabion-agent', 'scan', '-o', 'json'))
    t.equal(report.facets.length, probes.length, 'reads every facet')
    t.same(
      report.facets.filter((facet: { state: string }) => facet.state === 'error'),
      [],
      'no probe fails',
    )
    t.ok(report.results.length > 200, `judges ${report.results.length} checks`)
    mkdirSync(join(debian, 'packages/policy'))
    writeFileSync(join(debian, 'packages/policy/own.yaml'), ownPolicy)
    const own = JSON.parse(inDebian(...words('gabion-agent scan -o json --policy /packages/policy --profile own')))
    t.match(own.results, [{ check: 'own-host-has-a-name', state: 'pass' }])
    t.match(inDebian('gabion-agent', 'policy', 'test', '--builtin'), /rows/, 'the rows of checks stand beside it')
  })

  t.test('its healthcheck says whether one stays there', async t => {
    const ask = 'gabion-agent healthcheck 2>&1 || echo "exit $?"'
    t.match(inDebian('sh', '-c', ask), /no agent says that it lives: .*\nexit 1\n$/)
    const state = 'GABION_STATE_DIR=/tmp/state'
    const until = 'until [ -e /tmp/state/alive.json ]; do sleep 0.1; done'
    const script = `export ${state}; gabion-agent run >/dev/null 2>&1 & ${until}; gabion-agent healthcheck; kill $!; wait; rm -r /tmp/state`
    t.match(inDebian('sh', '-c', script), /^lives: process \d+, version .*, has no collector\n$/)
  })

  t.test('file capabilities: by its own module, else by getcap, else they are unknown', async t => {
    const program = join(debian, 'usr/local/bin/capable')
    writeFileSync(program, '')
    chmodSync(program, 0o755)
    run('setcap', 'cap_net_raw=ep', program)
    const files = () => JSON.parse(inDebian('gabion-agent', 'facts', 'files')).facets.files
    const expected = { path: '/usr/local/bin/capable', permitted: ['cap_net_raw'], effective: true }
    t.match(files().facts.capabilityFiles, [expected])
    const native = join(debian, 'var/lib/gabion/agent/native')
    const [module = ''] = readdirSync(native)
    t.match(module, /^[0-9a-f]{64}\.node$/)
    t.equal(statSync(join(native, module)).mode & 0o777, 0o600)
    rmSync(native, { recursive: true })
    chmodSync(dirname(native), 0o755)
    t.match(files().facts.capabilityFiles, [expected], 'a directory that is open to others is not used: getcap')
    t.notOk(existsSync(native))
    renameSync(join(debian, 'usr/sbin/getcap'), join(debian, 'packages/getcap'))
    const without = files()
    t.notOk('capabilityFiles' in without.facts)
    t.match(without.facts.gaps, [{ field: 'capabilityFiles', effect: 'omitted', detail: /nor getcap/ }])
    renameSync(join(debian, 'packages/getcap'), join(debian, 'usr/sbin/getcap'))
    chmodSync(dirname(native), 0o700)
    rmSync(program)
  })

  t.test('an upgrade keeps state and configuration, a removal keeps them, too, a purge takes all', async t => {
    writeFileSync(join(debian, 'var/lib/gabion/agent/host-key'), 'kept\n')
    appendFileSync(join(debian, 'etc/gabion/agent.yaml'), 'logLevel: debug\n')
    inDebian('dpkg', '--force-confold', '-i', deb('gabion-agent'))
    t.match(inDebian('dpkg-query', '-W', 'gabion-agent'), version)
    t.match(readFileSync(join(debian, 'etc/gabion/agent.yaml'), 'utf8'), /logLevel: debug/)
    t.match(inDebian('gabion-agent', 'config'), /logLevel: "?debug/, 'it is what the new one reads')
    inDebian('dpkg', '-r', 'gabion-agent')
    t.notOk(isIn('/usr/bin/gabion-agent'))
    t.equal(readFileSync(join(debian, 'var/lib/gabion/agent/host-key'), 'utf8'), 'kept\n')
    t.ok(isIn('/etc/gabion/agent.yaml'))
    typed('docs/packages.md', 'dpkg -i gabion-agent')
    t.match(inDebian('dpkg-query', '-W', 'gabion-agent'), version)
    t.equal(readFileSync(join(debian, 'var/lib/gabion/agent/host-key'), 'utf8'), 'kept\n')
    typed('docs/operating.md', 'dpkg -P gabion-agent')
    rmSync(join(debian, 'packages/policy'), { recursive: true })
    t.same(leftIn(debian, before), [], 'nothing of it is left')
  })

  t.test('the collector’s .deb makes a user that serves, and goes as cleanly', async t => {
    typed('docs/operating.md', 'dpkg -i gabion-collector')
    t.match(inDebian('getent', 'passwd', 'gabion-collector'), /:\/var\/lib\/gabion\/collector:\/usr\/sbin\/nologin$/m)
    const asUser = ['--userspec=gabion-collector:gabion-collector', debian, '/usr/bin/gabion-collector']
    await serveAndEnd(t, {
      command: words => outsideOfTap('chroot', [...asUser, ...words]),
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', GABION_DATA_DIR: '/var/lib/gabion/collector' },
      look: () => void t.ok(isIn('/var/lib/gabion/collector/collector.db')),
    })
    typed('docs/operating.md', 'dpkg -P gabion-collector')
    t.same(leftIn(debian, before), [], 'nothing but the user is left')
    typed('docs/operating.md', 'userdel gabion-collector')
    t.throws(() => inDebian('getent', 'passwd', 'gabion-collector'), 'and neither is that')
  })

  t.test('an .rpm holds the same files as the .deb', async t => {
    for (const [name, short] of [
      ['gabion-agent', 'agent'],
      ['gabion-collector', 'collector'],
    ] as const) {
      const file = join(out, `${name}-${version}-1.x86_64.rpm`)
      const listed = run('rpm', '-qpl', file)
        .trim()
        .split('\n')
        .map(path => path.replace('site-functions', 'vendor-completions'))
      const inDeb = run('dpkg-deb', '-c', join(debian, deb(name))).matchAll(/ \.(\/[^ \n]*[^/ \n])(?: -> .*)?$/gm)
      t.same(
        [...inDeb].map(match => match[1]).filter(path => !listed.includes(path ?? '')),
        [],
        'what the .deb has',
      )
      t.match(run('rpm', '-K', '--nosignature', file), /digests OK/)
      t.equal(run('rpm', '-qpc', file), `/etc/gabion/${short}.yaml\n`)
    }
  })

  t.test('rpm installs, upgrades and erases them with their scriptlets', async t => {
    const place = join(work, 'rpm')
    mkdirSync(place)
    checkRpms(t, { work: place, out, version })
  })

  t.test('the checksums are right, the tarball runs, its manual is well formed', async t => {
    const sums = readFileSync(join(out, 'SHA256SUMS'), 'utf8')
      .trim()
      .split('\n')
      .filter(line => !line.endsWith('.deb'))
    writeFileSync(join(out, 'SUMS'), `${sums.join('\n')}\n`)
    t.match(run('sh', '-c', `cd '${out}' && sha256sum -c SUMS`), /tar\.gz: OK/)
    const folder = `gabion-agent-${version}-linux-amd64`
    run('cp', join(out, `${folder}.tar.gz`), join(debian, 'packages'))
    typed('docs/packages.md', 'tar -xzf gabion-agent')
    t.match(typed('docs/packages.md', './gabion-agent-'), /linux-hardening/, 'also where nothing was installed')
    run('tar', '-xzf', join(out, `${folder}.tar.gz`))
    t.equal(run(join(work, folder, 'gabion-agent'), '--version'), `${version}\n`)
    const page = join(work, folder, 'man/gabion-agent.1.gz')
    const { stderr } = spawnText('man', '--warnings', '-E', 'UTF-8', '-l', page)
    t.equal(await stderr, '')
  })

  t.test('the npm package installs into an empty folder, and both programs run', async t => {
    const place = join(work, 'installed')
    mkdirSync(place)
    const bin = join(place, 'node_modules/.bin')
    const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, NO_COLOR: '1' }
    const here = (command: string, ...args: readonly string[]) =>
      execFileSync(command, args, { cwd: place, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
    here(
      'npm',
      'i',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--prefix',
      place,
      join(out, `gabion-${version}.tgz`),
    )
    t.equal(here(join(bin, 'gabion-agent'), '--version'), `${version}\n`)
    const scan = JSON.parse(here(join(bin, 'gabion-agent'), 'scan', '--root', debian, '-o', 'json'))
    t.ok(scan.results.length > 200)
    await serveAndEnd(t, {
      command: args => [join(bin, 'gabion-collector'), [...args, '--data-dir', join(place, 'data')]],
      env,
      look: () => undefined,
    })
  })

  t.test('packages made anew are the same', async t => {
    const again = join(work, 'again')
    pack(again, 'deb')
    for (const name of ['gabion-agent', 'gabion-collector']) {
      const made = readFileSync(join(again, `${name}_${version}_amd64.deb`))
      t.ok(made.equals(readFileSync(join(debian, deb(name)))), name)
    }
  })

  /** The same package by another version, without compression. */
  function repack(from: string, to: string, of: string): void {
    const folder = join(work, 'repacked')
    run('dpkg-deb', '-R', join(debian, from), folder)
    const control = join(folder, 'DEBIAN/control')
    writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${of}`))
    run('dpkg-deb', '--root-owner-group', '-Znone', '-b', folder, join(debian, to))
    rmSync(folder, { recursive: true })
  }
}

const ownPolicy = `checks:
  - id: own-host-has-a-name
    title: The host has a name
    severity: low
    pass: host.hostname != ''
    evidence: "[host.hostname]"
    rationale: Nobody finds a host without one.
    remediation: Give it a name.
profiles:
  - id: own
    title: Own
    appliesTo: host.hostname != ''
    checks: [own-host-has-a-name]
`

const words = (text: string) => text.split(' ')

/** What packages do not leave to others: not the databases of dpkg and of users. */
function treeOf(directory: string): ReadonlySet<string> {
  const args = ['-C', directory, '-xdev', '-path', './proc', '-prune']
  const found = execFileSync('find', ['.', ...args.slice(2), '-o', '-print'], { cwd: directory, encoding: 'utf8' })
  return new Set(found.split('\n'))
}

const leftIn = (directory: string, before: ReadonlySet<string>): readonly string[] =>
  [...treeOf(directory)].filter(
    path =>
      !before.has(path) &&
      !/^\.\/(?:packages\/|var\/lib\/dpkg|var\/log|var\/cache|etc\/(?:passwd|group|g?shadow|sub[ug]id))/.test(path),
  )

function spawnText(command: string, ...args: readonly string[]): { readonly stderr: Promise<string> } {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, MANWIDTH: '100' } })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  return { stderr: once(child, 'close').then(() => text) }
}
