// Holds the steps of a fix as a person types them: what they do, and how they are taken back, in a real shell.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { typedSteps } from '../../../scripts/generators/fix-steps.ts'

const shell = (lines: readonly string[]) => execFileSync('bash', ['-e'], { input: lines.join('\n'), encoding: 'utf8' })

t.test('a file is written, and put back as it was', async t => {
  const place = t.testdir({})
  for (const [name, before] of [
    ['new', undefined],
    ['old', 'as it was\n'],
  ] as const) {
    const file = join(place, name)
    if (before !== undefined) writeFileSync(file, before, { mode: 0o600 })
    const steps = typedSteps([{ file, lines: ['a = 1', "it's %s \\n"], mode: '0640' }])
    shell(steps.take)
    t.equal(readFileSync(file, 'utf8'), "a = 1\nit's %s \\n\n")
    t.equal(statSync(file).mode & 0o777, 0o640)
    shell(steps.undo)
    if (before === undefined) t.notOk(existsSync(file))
    else t.equal(readFileSync(file, 'utf8'), before)
    if (before !== undefined) t.equal(statSync(file).mode & 0o777, 0o600)
  }
})

t.test('rights are noted down before they change', async t => {
  const file = join(t.testdir({ "it's": '' }), "it's")
  chmodSync(file, 0o644)
  const { take, undo } = typedSteps([{ paths: [file], mode: 'go-rwx', owner: '' }])
  t.match(shell(take), `644 `)
  t.equal(statSync(file).mode & 0o777, 0o600)
  shell(undo.map(line => line.replace('MODE', '644')))
  t.equal(statSync(file).mode & 0o777, 0o644)
  const owner = typedSteps([{ paths: ['/a', '/b'], mode: '', owner: 'root:root' }])
  t.same(owner.take.slice(1), ['chown -h root:root /a /b'])
  t.same(owner.undo, ['chown -h OWNER /a /b'])
})

t.test('the last step is taken back first, and what applies changes runs again', t => {
  const steps = typedSteps([
    { file: '/etc/x.conf', lines: ['a'], mode: '0644' },
    { run: ['sysctl', '-p', '/etc/x.conf'], undo: [] },
    { run: ['systemctl', 'disable', '--now', 'x'], undo: ['systemctl', 'enable', '--now', 'x'] },
    { run: ['modprobe', '-r', 'cramfs'], undo: [] },
    { run: ['sshd', '-t'], undo: [] },
    { run: ['systemctl', 'reload', 'sshd'], undo: [] },
  ])
  t.same(steps.undo, [
    'systemctl enable --now x',
    'if [ -e /etc/x.conf.before ]; then mv /etc/x.conf.before /etc/x.conf; else rm /etc/x.conf; fi',
    'sysctl --system',
    'modprobe cramfs',
    'sshd -t',
    'systemctl reload sshd',
  ])
  t.match(steps.notes, [/until the next boot/])
  t.same(typedSteps([]), { take: [], undo: [], notes: [] })
  t.end()
})
