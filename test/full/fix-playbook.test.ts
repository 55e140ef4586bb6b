// The playbook of a fix plan under the real Ansible: nothing without tags, the right files with them, no template run.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { FixStep } from '../../policy/check.ts'
import { createFixPlan } from '../../report/fix-plan.ts'
import { renderFixPlaybook } from '../../report/fix-playbook.ts'
import { reportWithFixes } from '../report/planned-fixes.ts'
import { skipFull } from '../tools.ts'

const skip = skipFull('ansible-playbook')
if (skip !== false) t.plan(0, skip)
else {
  t.setTimeout(180_000)
  const directory = mkdtempSync(join(tmpdir(), 'gabion-ansible-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const names = ['{{ lookup("pipe", "touch owned") }}', "it's $(touch owned)", '{% set x = 1 %}', '&& touch owned #']
  const paths = names.map(name => join(directory, name))
  for (const path of paths) writeFileSync(path, '', { mode: 0o644 })
  const steps: readonly FixStep[] = [
    { paths, mode: '0600', owner: 'root:root' },
    { file: join(directory, 'drop-in.conf'), lines: ['a = {{ 1 + 1 }}'], mode: '0640' },
    { run: ['touch', join(directory, '{{ 1 + 1 }}')], undo: [] },
  ]

  function play(id: string, ...args: readonly string[]) {
    const file = join(directory, 'fix-plan.yaml')
    writeFileSync(file, renderFixPlaybook(createFixPlan(reportWithFixes({ 'bad-one': steps }, id))))
    const { status, stdout, stderr } = spawnSync(
      'ansible-playbook',
      ['-i', 'localhost,', '-c', 'local', '-e', 'ansible_become=false', file, ...args],
      {
        cwd: directory,
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], HOME: directory, LC_ALL: 'C.UTF-8', ANSIBLE_LOCALHOST_WARNING: 'false' },
      },
    )
    rmSync(file)
    return { status, output: stdout + stderr }
  }
  const listing = () => readdirSync(directory).filter(name => !name.startsWith('.ansible'))
  const before = listing()

  t.test('nothing happens without tags, nor on another host', async t => {
    t.match(play(''), { status: 0 })
    const elsewhere = play('f'.repeat(32), '--tags', 'bad-one')
    t.not(elsewhere.status, 0)
    t.match(elsewhere.output, 'This is not the host that was judged')
    t.same(listing(), before)
    for (const path of paths) t.equal(statSync(path).mode & 0o777, 0o644)
  })

  t.test('a check that is asked for is fixed, with names as they are', async t => {
    const { status, output } = play('', '--tags', 'bad-one')
    t.equal(status, 0, output)
    for (const path of paths) t.equal(statSync(path).mode & 0o777, 0o600, path)
    t.equal(readFileSync(join(directory, 'drop-in.conf'), 'utf8'), 'a = {{ 1 + 1 }}\n')
    t.ok(existsSync(join(directory, '{{ 1 + 1 }}')))
    t.notOk(existsSync(join(directory, 'owned')))
  })
}
