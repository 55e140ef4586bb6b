// Tests of the module configuration of a host, also against modprobe on the same directories and command line.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { openHost } from '../../../agent/host/open-host.ts'
import { readConfiguration } from '../../../agent/kernel-modules/read-configuration.ts'
import { collectRules } from '../../../agent/kernel-modules/rules.ts'
import { isDisablingCommand } from '../../../agent/parse/install-command.ts'
import { Gaps } from '../../../agent/probe.ts'
import { type FixtureHost, hostFrom, rootFrom } from '../../host-from.ts'
import { findTool } from '../../tools.ts'

async function configurationOf(host: Host) {
  const gaps = new Gaps()
  return { ...(await readConfiguration(host, gaps)), gaps: gaps.rows }
}

const brief = (lines: Awaited<ReturnType<typeof configurationOf>>['lines']) =>
  lines.map(({ path, line, module }) => `${path}:${line} ${module}`)

const at = (files: FixtureHost['files'], live = true) => ({ files: { '/proc/cmdline': 'quiet\n', ...files }, live })

t.test(
  'a file hides those of the same name in later directories, and all are read in the order of their names',
  async t => {
    const host = await hostFrom(
      t,
      at({
        '/etc/modprobe.d/20-b.conf': 'blacklist etc\n',
        '/run/modprobe.d/20-b.conf': 'blacklist run\n',
        '/run/modprobe.d/10-a.conf': 'blacklist first\n',
        '/usr/local/lib/modprobe.d/30-c.conf': 'blacklist local\n',
        '/usr/lib/modprobe.d/30-c.conf': 'blacklist vendor\n',
        '/usr/lib/modprobe.d/old.alias': 'alias x y\n',
        '/usr/lib/modprobe.d/notes.txt': 'blacklist no\n',
        '/usr/lib/modprobe.d/.hidden.conf': 'blacklist no\n',
        '/usr/lib/modprobe.d/dir.conf/x.conf': 'blacklist no\n',
        '/etc/modprobe.conf': 'blacklist no\n',
      }),
    )
    const { lines, hiddenFiles, linesComplete, gaps } = await configurationOf(host)
    t.strictSame(brief(lines), [
      '/run/modprobe.d/10-a.conf:1 first',
      '/etc/modprobe.d/20-b.conf:1 etc',
      '/usr/local/lib/modprobe.d/30-c.conf:1 local',
      '/usr/lib/modprobe.d/old.alias:1 y',
    ])
    t.strictSame([...hiddenFiles].sort(), ['/run/modprobe.d/20-b.conf', '/usr/lib/modprobe.d/30-c.conf'])
    t.ok(linesComplete)
    t.strictSame(gaps, [])
  },
)

t.test('with /lib a link to /usr/lib no file is read or hidden twice', async t => {
  const host = await hostFrom(t, at({ '/lib': { symlink: 'usr/lib' }, '/usr/lib/modprobe.d/a.conf': 'blacklist a\n' }))
  const { lines, hiddenFiles } = await configurationOf(host)
  t.strictSame(brief(lines), ['/usr/lib/modprobe.d/a.conf:1 a'])
  t.strictSame(hiddenFiles, [])
})

t.test('a link to /dev/null, or to nothing, hides a shipped file without a trace of its own', async t => {
  for (const symlink of ['/dev/null', '/nowhere']) {
    const host = await hostFrom(
      t,
      at({ '/etc/modprobe.d/v.conf': { symlink }, '/usr/lib/modprobe.d/v.conf': 'blacklist vendor\n' }),
    )
    const { lines, hiddenFiles, gaps } = await configurationOf(host)
    t.strictSame([lines, hiddenFiles, gaps], [[], ['/usr/lib/modprobe.d/v.conf'], []])
  }
})

t.test('what cannot be read leaves gaps and is not taken for empty', async t => {
  const host = await hostFrom(
    t,
    at({
      '/etc/modprobe.d/big.conf': '#'.repeat(2 << 20),
      '/etc/modprobe.d/pipe.conf': { fifo: true },
      '/etc/modprobe.d/out.conf': { symlink: '../../../../../../../../etc/passwd' },
      '/etc/modules': { directory: true },
    }),
  )
  const { linesComplete, autoloadComplete, gaps } = await configurationOf(host)
  t.notOk(linesComplete)
  t.notOk(autoloadComplete)
  const seen = gaps.map(({ field, source, state }) => `${field} ${source} ${state}`)
  for (const expected of [
    'modules /etc/modprobe.d/big.conf tooLarge',
    'modules.blacklisted /etc/modprobe.d/big.conf tooLarge',
    'modules.loadable /etc/modprobe.d/pipe.conf notRegular',
    'modules.autoload /etc/modules notRegular',
  ]) {
    t.ok(seen.includes(expected), expected)
  }
  t.notOk(JSON.stringify(gaps).includes('out.conf'), 'a link out of the root leads to a file inside, which is absent')
})

t.test('lines that have no effect are told by number, never by content', async t => {
  const host = await hostFrom(
    t,
    at({
      '/etc/modprobe.d/a.conf': 'blacklist ok\nblacklist crlf\r\nsecret-word here\n',
      '/etc/modules-load.d/b.conf': '/secret/path\n',
    }),
  )
  const { gaps, linesComplete } = await configurationOf(host)
  t.strictSame(
    gaps.map(({ field, effect, source, state, detail }) => [field, effect, source, state, detail]),
    [
      ['modules.sources', 'incomplete', '/etc/modprobe.d/a.conf', 'malformed', 'line 2 is the first of 2'],
      ['modules.autoload', 'incomplete', '/etc/modules-load.d/b.conf', 'malformed', 'line 1'],
    ],
  )
  t.ok(linesComplete, 'programs ignore these lines, so that nothing is unknown')
  t.notMatch(JSON.stringify(gaps), /secret/)
})

t.test('modules of modules-load.d, /etc/modules and modules_load= load at boot', async t => {
  const host = await hostFrom(
    t,
    at({
      '/proc/cmdline': 'modules_load=loop\n',
      '/etc/modules': 'nbd\n',
      '/etc/modules-load.d/modules.conf': { symlink: '../modules' },
      '/etc/modules-load.d/k8s.conf': 'overlay\nbr_netfilter\n',
      '/usr/lib/modules-load.d/k8s.conf': 'never\n',
    }),
  )
  const { autoload, hiddenFiles } = await configurationOf(host)
  t.strictSame([...autoload].sort(), ['br_netfilter', 'loop', 'nbd', 'overlay'])
  t.strictSame(hiddenFiles, ['/usr/lib/modules-load.d/k8s.conf'])
})

t.test('on an offline root the command line is not known', async t => {
  const { parametersKnown, gaps } = await configurationOf(await hostFrom(t, at({}, false)))
  t.notOk(parametersKnown)
  t.strictSame(
    gaps.map(({ field, detail }) => [field, detail]),
    [['modules.denied', 'offline root']],
  )
})

const moduleName = fc.constantFrom('sctp', 'rds', 'usb-storage', 'usb_storage', 'a-b', 'udf')
const line = fc.oneof(
  moduleName.map(name => `blacklist ${name}`),
  fc
    .tuple(moduleName, fc.constantFrom('/bin/true', '/bin/false', '/sbin/modprobe -i x'))
    .map(pair => `install ${pair.join(' ')}`),
  fc.tuple(moduleName, moduleName).map(pair => `alias ${pair.join(' ')}`),
  fc.constantFrom('# comment', 'broken', ''),
)
const file = fc.array(line, { maxLength: 4 }).map(lines => `${lines.join('\n')}\n`)
const directory = fc.dictionary(fc.constantFrom('a.conf', 'b.conf', 'c.alias', 'd.txt', '.e.conf', 'f.conf'), file)
const machine = fc.record({
  etc: directory,
  run: directory,
  lib: directory,
  boot: fc.constantFrom('', 'modprobe.blacklist=a-b,udf', 'modprobe.blacklist=rds modprobe.blacklist=sctp -- quiet'),
})

/** Runs modprobe in a mount namespace of its own, where the generated directories stand in for the machine's. */
function showConfiguration(root: string): string | undefined {
  const script = `set -e
mount --make-rprivate /
mount --bind ${root}/etc/modprobe.d /etc/modprobe.d
mount --bind ${root}/lib/modprobe.d /lib/modprobe.d
mount -t tmpfs none /run && mkdir /run/modprobe.d && mount --bind ${root}/run/modprobe.d /run/modprobe.d
mount --bind ${root}/proc/cmdline /proc/cmdline
exec modprobe --showconfig`
  const { status, stdout } = spawnSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8' })
  return status === 0 ? stdout.split('# End of configuration files')[0] : undefined
}

t.test('over generated machines the rules in force are those that modprobe shows', async t => {
  const ready =
    findTool('modprobe') &&
    findTool('unshare') &&
    ['/etc/modprobe.d', '/lib/modprobe.d'].every(path => existsSync(path))
  if (!ready || process.getuid?.() !== 0) {
    t.comment('skipped: needs root, modprobe (package kmod), unshare and the directories of modprobe.d')
    return
  }
  let compared = 0
  for (const { etc, run, lib, boot } of fc.sample(machine, 60)) {
    const root = rootFrom(t, { '/proc/cmdline': `quiet ${boot}\n`, '/etc/modprobe.conf': 'blacklist no\n' })
    for (const [path, files] of Object.entries({
      'etc/modprobe.d': etc,
      'run/modprobe.d': run,
      'lib/modprobe.d': lib,
    })) {
      mkdirSync(join(root, path), { recursive: true })
      for (const [name, text] of Object.entries(files)) writeFileSync(join(root, path, name), text)
    }
    const shown = showConfiguration(root)
    if (shown === undefined) {
      t.comment('skipped: no right to mount')
      return
    }
    const { lines, parameters } = await configurationOf(await openHost({ root, live: true }))
    const rules = collectRules(lines, parameters)
    const theirs = shown.split('\n').map(text => text.split(' '))
    for (const name of ['sctp', 'rds', 'usb_storage', 'a_b', 'udf']) {
      const rule = rules.of(name)
      const spelled = (word: string | undefined) => word?.replaceAll('-', '_') === name
      t.equal(
        rule.blacklisted,
        theirs.some(([word, module]) => word === 'blacklist' && spelled(module)),
        `${name} blacklisted`,
      )
      const install = theirs.find(([word, module]) => word === 'install' && module === name)
      t.equal(
        rule.installDisabled,
        install !== undefined && isDisablingCommand(install.slice(2).join(' ')),
        `${name} install`,
      )
      compared += rule.sources.length
    }
    const aliases = lines
      .filter(({ directive }) => directive === 'alias')
      .map(({ alias, module }) => `alias ${alias} ${module}`)
    t.strictSame(
      aliases.sort(),
      theirs
        .filter(([word]) => word === 'alias')
        .map(words => words.join(' '))
        .sort(),
    )
  }
  t.ok(compared > 100, `${compared} lines in force were compared`)
})
