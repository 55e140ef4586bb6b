// Tests of which assignment is in force at boot, also against what systemd-sysctl itself does.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseSysctlD } from '../../../agent/parse/sysctl-d.ts'
import { layBootSettings } from '../../../agent/sysctl/boot-settings.ts'

const lay = (...texts: readonly string[]) =>
  layBootSettings(texts.map((text, at) => ({ path: `${at}`, assignments: parseSysctlD(text).assignments })))

t.test('the last assignment wins, and says where it stands', async t => {
  const settings = lay('kernel.a=1\nkernel.b=1\n', 'kernel.a=2\n\nkernel.a=3')
  t.strictSame(settings.of('kernel/a'), { value: '3', path: '1', line: 3 })
  t.strictSame(settings.of('kernel/b'), { value: '1', path: '0', line: 2 })
  t.equal(settings.of('kernel/c'), undefined)
  t.strictSame([...settings.named].sort(), ['kernel/a', 'kernel/b'])
})

t.test('a pattern sets what no assignment names, in one directory', async t => {
  const settings = lay('net.ipv4.conf.*.rp_filter=2\n-net.ipv4.conf.all.rp_filter\nnet.ipv4.conf.eth1.rp_filter=0\n')
  t.match(settings.of('net/ipv4/conf/eth0/rp_filter'), { value: '2', line: 1 })
  t.equal(settings.of('net/ipv4/conf/all/rp_filter'), undefined, 'excluded')
  t.match(settings.of('net/ipv4/conf/eth1/rp_filter'), { value: '0' }, 'named')
  t.equal(settings.of('net/ipv4/conf/a/b/rp_filter'), undefined)
  t.strictSame([...settings.named].sort(), ['net/ipv4/conf/all/rp_filter', 'net/ipv4/conf/eth1/rp_filter'])
})

t.test('of two patterns the one that was changed last wins', async t => {
  t.match(lay('kernel.a*=1\nkernel.*b=2\n').of('kernel/ab'), { value: '2' })
  t.match(lay('kernel.a*=1\nkernel.*b=2\nkernel.a*=1').of('kernel/ab'), { value: '2' }, 'the same value moves nothing')
  t.match(lay('kernel.a*=1\nkernel.*b=2\nkernel.a*=3').of('kernel/ab'), { value: '3' })
})

const program = '/usr/lib/systemd/systemd-sysctl'
const name = fc.constantFrom(
  ...['gabion.a', 'gabion/a', 'gabion.b', 'gabion.c/d', '/gabion/b', 'kernel.panic*', 'kernel.pa*', 'kernel.panic'],
  ...[
    'net.ipv4.conf.*.rp_filter',
    'net.ipv4.conf.all.rp_filter',
    'net/ipv4/conf/l[a-p]/rp_filter',
    'gabion..x',
    'a/../b',
  ],
)
const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(name, fc.constantFrom('=', ' = '), fc.constantFrom('1', '2', '3 4'))
      .map(parts => parts.join('')),
  },
  { weight: 2, arbitrary: name.map(text => `-${text}`) },
  fc.tuple(name, fc.constantFrom('1', '2')).map(([text, value]) => `- ${text} = ${value}`),
  fc.constantFrom('# x = 1', 'junk', '', ' ; y=2'),
)
const file = fc.array(line, { maxLength: 8 }).map(lines => `${lines.join('\n')}\n`)

t.test('on generated files the outcome is that of systemd-sysctl', async t => {
  if (!existsSync(program)) {
    t.comment('skipped: systemd-sysctl is not installed (package systemd)')
    return
  }
  const directory = mkdtempSync(join(tmpdir(), 'gabion-sysctl-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  chmodSync(directory, 0o755)
  let compared = 0
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 3 }), texts => {
      const theirs = systemdSettings(directory, texts)
      const settings = lay(...texts)
      for (const [path, value] of theirs) assert.equal(settings.of(path)?.value, value, path)
      for (const path of settings.named.filter(path => path.startsWith('gabion/'))) {
        assert.equal(settings.of(path)?.value, theirs.get(path), path)
      }
      compared += theirs.size
    }),
    { numRuns: 120 },
  )
  t.ok(compared > 120, `${compared} settings were compared`)
})

/** What systemd-sysctl says it would write, run as a user who may write nothing. */
function systemdSettings(directory: string, texts: readonly string[]): ReadonlyMap<string, string> {
  const files = texts.map((text, at) => {
    const path = join(directory, `${at}.conf`)
    writeFileSync(path, text, { mode: 0o644 })
    return path
  })
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const env = { SYSTEMD_LOG_LEVEL: 'debug', SYSTEMD_LOG_TARGET: 'console' }
  const { stderr } = spawnSync(program, files, { ...nobody, env, encoding: 'utf8', cwd: '/' })
  const written = new Map<string, string>()
  for (const [, path = '', value = ''] of stderr.matchAll(/^Setting '\/proc\/sys\/?(.*)' to '(.*)'$/gm)) {
    written.set(path, value)
  }
  return written
}
