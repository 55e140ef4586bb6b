// The script of a fix plan, run by a real shell on a little root: it does what it says, no more, and takes it back.
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { FixStep } from '../../policy/check.ts'
import { createFixPlan } from '../../report/fix-plan.ts'
import { renderFixScript } from '../../report/fix-script.ts'
import { findTool } from '../tools.ts'
import { hostileNames, reportWithFixes } from './planned-fixes.ts'
import { hostileTexts, sampleReport } from './sample-reports.ts'

const machineId = '0123456789abcdef0123456789abcdef'
const skip = process.getuid?.() === 0 ? false : 'needs root to change owners'

const script = (fixes: Readonly<Record<string, readonly FixStep[]>>, id = machineId, root = '/') =>
  renderFixScript(createFixPlan(reportWithFixes(fixes, id, root)))

function littleRoot(t: Test): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-fix-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  for (const directory of ['etc/sysctl.d', 'var/tmp', 'data']) mkdirSync(join(root, directory), { recursive: true })
  writeFileSync(join(root, 'etc/machine-id'), `${machineId}\n`)
  return root
}

function bash(text: string, args: readonly string[], root: string) {
  const env = { PATH: process.env['PATH'] ?? '', ...(root !== '' && { GABION_ROOT: root }) }
  const { status, stdout, stderr } = spawnSync('setsid', ['-w', 'bash', '-s', '--', ...args], {
    ...{ input: text, encoding: 'utf8', env, cwd: root || tmpdir() },
  })
  return { status, stdout, stderr }
}

/** The script that takes back, as the fix script names it. */
function undo(root: string): void {
  const [kept = ''] = readdirSync(join(root, 'var/tmp'))
  execFileSync('bash', [join(root, 'var/tmp', kept, 'undo.sh')])
}

const steps: readonly FixStep[] = [
  { file: '/etc/sysctl.d/60-x.conf', lines: ["it's = 1", '$(touch owned)', '%s \\n'], mode: '0640' },
  { run: ['touch', 'never'], undo: ['rm', 'never'] },
]

t.test('without arguments it lists, with --show it shows, and changes nothing', { skip }, async t => {
  const root = littleRoot(t)
  const text = script({ 'bad-one': steps, 'low-one': steps })
  const list = bash(text, [], root)
  t.match(list, { status: 0, stderr: '' })
  t.match(list.stdout, '[critical] bad-one: Title of bad-one <b>\n[low] low-one: Title of low-one <b>\n')
  t.match(
    bash(text, ['--show', 'low-one'], root).stdout,
    /fix_low_one \(\)\s+\{\s+write_file \/etc\/sysctl.d\/60-x.conf 0640/,
  )
  t.match(bash(text, ['--show', 'grown-one'], root), { status: 1, stderr: /there is no fix grown-one/ })
  t.same(readdirSync(join(root, 'etc/sysctl.d')), [])
  t.same(readdirSync(join(root, 'var/tmp')), [])
})

t.test('a file is written as it is told, and taken back', { skip }, async t => {
  const root = littleRoot(t)
  const path = join(root, 'etc/sysctl.d/60-x.conf')
  const applied = bash(script({ 'bad-one': steps }), ['--apply', '--yes', 'bad-one'], root)
  t.match(applied, {
    status: 0,
    stderr: '',
    stdout: /not run, since this is no running host: touch never\ndone: bad-one/,
  })
  t.equal(readFileSync(path, 'utf8'), "it's = 1\n$(touch owned)\n%s \\n\n")
  t.equal(statSync(path).mode & 0o777, 0o640)
  t.same(readdirSync(join(root, 'etc/sysctl.d')), ['60-x.conf'], 'nothing is left beside it')
  undo(root)
  t.notOk(existsSync(path))
})

t.test('an old file comes back as it was', { skip }, async t => {
  const root = littleRoot(t)
  const path = join(root, 'etc/sysctl.d/60-x.conf')
  writeFileSync(path, 'old\n')
  chmodSync(path, 0o600)
  t.equal(bash(script({ 'bad-one': steps }), ['--apply', '--yes', '--all'], root).status, 0)
  t.match(readFileSync(path, 'utf8'), /^it's/)
  undo(root)
  t.equal(readFileSync(path, 'utf8'), 'old\n')
  t.equal(statSync(path).mode & 0o777, 0o600)
})

t.test('rights of hostile names are set and taken back, and nothing else happens', { skip }, async t => {
  const root = littleRoot(t)
  const paths = hostileNames.map(name => `/data/${name}`)
  for (const path of paths) {
    writeFileSync(join(root, path), '')
    chownSync(join(root, path), 65_534, 65_534)
    chmodSync(join(root, path), 0o666)
  }
  const text = script({ 'bad-one': [{ paths, mode: '0600', owner: 'root:root' }] })
  const before = execFileSync('find', [root, '-not', '-path', `${root}/var/*`], { encoding: 'utf8' })
  const applied = bash(text, ['--apply', '--yes', 'bad-one'], root)
  t.match(applied, { status: 0, stderr: '' })
  for (const path of paths) {
    const { mode, uid, gid } = statSync(join(root, path))
    t.same({ mode: mode & 0o7777, uid, gid }, { mode: 0o600, uid: 0, gid: 0 }, path)
  }
  t.equal(execFileSync('find', [root, '-not', '-path', `${root}/var/*`], { encoding: 'utf8' }), before)
  undo(root)
  for (const path of paths) {
    const { mode, uid } = statSync(join(root, path))
    t.same({ mode: mode & 0o7777, uid }, { mode: 0o666, uid: 65_534 }, path)
  }
  t.equal(execFileSync('find', [root, '-not', '-path', `${root}/var/*`], { encoding: 'utf8' }), before)
})

t.test('links are left alone: somebody may have put them there since', { skip }, async t => {
  const root = littleRoot(t)
  writeFileSync(join(root, 'data/victim'), 'mine')
  chmodSync(join(root, 'data/victim'), 0o666)
  symlinkSync('victim', join(root, 'data/link'))
  symlinkSync('../../data/victim', join(root, 'etc/sysctl.d/60-x.conf'))
  const text = script({ 'bad-one': [{ paths: ['/data/link'], mode: '0600', owner: '' }], 'low-one': steps })
  const applied = bash(text, ['--apply', '--yes', '--all'], root)
  t.equal(applied.status, 1)
  t.match(applied.stderr, /data\/link is a symbolic link: left alone\n.*60-x.conf is a symbolic link: left alone/)
  t.match(applied.stdout, /failed: bad-one[\s\S]*failed: low-one/)
  t.equal(statSync(join(root, 'data/victim')).mode & 0o777, 0o666)
  t.equal(readFileSync(join(root, 'data/victim'), 'utf8'), 'mine')
  t.ok(lstatSync(join(root, 'etc/sysctl.d/60-x.conf')).isSymbolicLink())
})

t.test('nothing is done on another host, without somebody to ask, or for an unknown id', { skip }, async t => {
  const root = littleRoot(t)
  const text = script({ 'bad-one': steps })
  t.match(bash(text, ['--apply', 'bad-one'], root), {
    stderr: /nobody to ask; say --yes/,
    stdout: /left alone: bad-one/,
  })
  t.match(bash(text, ['--apply', '--yes', 'nope'], root), { status: 2, stderr: /there is no fix nope/ })
  t.match(bash(text, ['--apply'], root), { status: 2, stderr: /wants the ids/ })
  t.match(bash(text, ['--aply'], root), { status: 2, stderr: /unknown option --aply/ })
  writeFileSync(join(root, 'etc/machine-id'), 'ffffffffffffffffffffffffffffffff\n')
  t.match(bash(text, ['--apply', '--yes', 'bad-one'], root), { status: 1, stderr: /not the host that was judged/ })
  t.same(readdirSync(join(root, 'etc/sysctl.d')), [])
})

t.test('programs get their arguments whole, and the first that fails ends the fix', { skip }, async t => {
  const root = littleRoot(t)
  const files = hostileNames.map(name => join(root, 'data', name))
  const fix: readonly FixStep[] = [
    { run: ['touch', ...files], undo: ['rm', '-f', '--', ...files] },
    { run: ['false', 'now'], undo: [] },
    { run: ['touch', join(root, 'data/after')], undo: [] },
  ]
  const applied = bash(script({ 'bad-one': fix }, ''), ['--apply', '--yes', 'bad-one'], '')
  const [, kept = ''] = /kept in (\S+)/.exec(applied.stdout) ?? []
  t.teardown(() => rmSync(kept, { recursive: true, force: true }))
  t.match(applied, { status: 1, stderr: /ended with an error: false now/ })
  t.same(readdirSync(join(root, 'data')).sort(), [...hostileNames].sort())
  execFileSync('bash', [join(kept, 'undo.sh')])
  t.same(readdirSync(join(root, 'data')), [])
})

t.test('a mounted host is changed where it is mounted', { skip }, async t => {
  const root = littleRoot(t)
  const text = script({ 'bad-one': steps }, machineId, root)
  t.equal(bash(text, ['--apply', '--yes', 'bad-one'], '').status, 0)
  t.ok(existsSync(join(root, 'etc/sysctl.d/60-x.conf')))
})

t.test('shellcheck has nothing to say', { skip: findTool('shellcheck') ? false : 'needs shellcheck' }, async t => {
  const paths = hostileNames.map(name => `/data/${name}`)
  const full = script({ 'bad-one': [{ paths, mode: 'go-w', owner: 'root:root' }], 'low-one': steps })
  for (const text of [full, script({}), script({ 'bad-one': steps }, '', "/mnt/it's $(x)")]) {
    const { status, stdout } = spawnSync('shellcheck', ['-s', 'bash', '-'], { input: text, encoding: 'utf8' })
    t.equal(status, 0, stdout)
  }
})

t.test('whatever a host says stays in its comment', async t => {
  const plans = hostileTexts.map(text => createFixPlan(sampleReport(text, text)))
  for (const text of plans.map(renderFixScript)) {
    t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/)
    const start = text.slice(0, text.indexOf('set -uo pipefail')).split('\n')
    t.same(
      start.filter(line => line !== '' && !line.startsWith('#')),
      [],
    )
  }
  const [plan] = plans
  t.ok(plan)
  t.same(
    plan?.prose.map(({ check }) => check),
    ['bad-one', 'grown-one', 'low-one'],
    'what is waived is nobody’s work',
  )
})
