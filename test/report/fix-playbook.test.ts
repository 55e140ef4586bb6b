// The playbook of a fix plan as YAML: every task asked for by its tag, nothing a host says is a template.
import t from 'tap'
import { parse, type ScalarTag } from 'yaml'
import type { FixStep } from '../../policy/check.ts'
import { createFixPlan } from '../../report/fix-plan.ts'
import { renderFixPlaybook } from '../../report/fix-playbook.ts'
import { hostileNames, reportWithFixes } from './planned-fixes.ts'
import { hostileTexts, sampleReport } from './sample-reports.ts'

const machineId = '0123456789abcdef0123456789abcdef'

/** Marks what Ansible takes as it is. */
const unsafe: ScalarTag = { tag: '!unsafe', resolve: text => ({ unsafe: text }) }

const render = (fixes: Readonly<Record<string, readonly FixStep[]>>, id = machineId) =>
  renderFixPlaybook(createFixPlan(reportWithFixes(fixes, id)))
const read = (text: string) => parse(text, { customTags: [unsafe] })

const steps: readonly FixStep[] = [
  { file: '/etc/sysctl.d/60-x.conf', lines: ['a = 1', 'b = {{ 2 }}'], mode: '0644' },
  { run: ['sysctl', '-p', '{{ x }}'], undo: [] },
  { paths: hostileNames.map(name => `/data/${name}`), mode: '600', owner: 'root:adm' },
]

t.test('each step is a task of a block that runs only when it is asked for', async t => {
  const [play] = read(render({ 'bad-one': steps }))
  t.match(play, { name: 'Fix plan for node-1', hosts: 'all', become: true, gather_facts: false })
  const [slurp, guard, block] = play.tasks
  t.match(slurp, { 'ansible.builtin.slurp': { src: '/etc/machine-id' }, tags: ['always'] })
  t.match(guard['ansible.builtin.assert'].that, [`(gabion_machine_id.content | b64decode | trim) == '${machineId}'`])
  t.same(block.tags, ['never', 'bad-one', 'critical'])
  t.match(block.block, [
    { 'ansible.builtin.copy': { dest: '/etc/sysctl.d/60-x.conf', content: { unsafe: 'a = 1\nb = {{ 2 }}\n' } } },
    { 'ansible.builtin.command': { argv: ['sysctl', '-p', { unsafe: '{{ x }}' }] } },
    { 'ansible.builtin.file': { mode: '0600', owner: 'root', group: 'adm', follow: false } },
  ])
  t.equal(play.tasks.length, 3)
})

t.test('names arrive whole, and those with a brace are never templates', async t => {
  const [play] = read(render({ 'bad-one': steps }, ''))
  const [block] = play.tasks
  const paths = block.block
    .slice(2)
    .map((task: Record<string, { path: unknown }>) => task['ansible.builtin.file']?.path)
  t.same(
    paths,
    hostileNames.map(name => (name.includes('{') ? { unsafe: `/data/${name}` } : `/data/${name}`)),
  )
})

t.test('outside of what is marked no text has a brace', async t => {
  const plans = hostileTexts.map(text => createFixPlan(sampleReport(text, text)))
  for (const text of [render({ 'bad-one': steps }), ...plans.map(renderFixPlaybook)]) {
    t.notMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/)
    const live = text
      .split('\n')
      .filter(line => !/^\s*#/.test(line))
      .join('\n')
      .replace(/!unsafe "(?:[^"\\]|\\.)*"/g, '')
    t.notMatch(live, /[{}]/)
    t.doesNotThrow(() => read(text))
  }
})
