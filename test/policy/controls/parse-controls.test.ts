// Holds the reading of controls files, their settings and their variables.
import t from 'tap'
import { defaultSettings } from '../../../policy/controls/default-settings.ts'
import { looksLikeControls, parseControls } from '../../../policy/controls/parse-controls.ts'
import { benchmarkFor, mergeSettings, parseSettings } from '../../../policy/controls/settings.ts'
import { onlyProgram, substitute, substituteText } from '../../../policy/controls/substitute.ts'
import { PolicyError } from '../../../policy/policy-error.ts'

const text = `---
controls:
version: sample-1.0
id: 4
text: Worker
type: node
groups:
- id: 4.10
  text: Files
  checks:
  - id: 4.10.1
    text: One
    audit: ps -ef | grep $kubeletbin
    audit_config: cat $kubeletconf
    unknown: left alone
    tests:
      bin_op: or
      test_items:
      - flag: --x
        path: '{.x}'
        compare: { op: eq, value: 0600 }
      - { flag: --x, set: no }
    scored: yes
    use_multiple_values: true
`

t.test('texts are taken as they are written', t => {
  const controls = parseControls(text, 'node.yaml')
  t.match(controls, { id: '4', version: 'sample-1.0', type: 'node', groups: [{ id: '4.10' }] })
  const check = controls.groups[0]?.checks[0]
  t.match(check, { place: 'node.yaml:11:5', id: '4.10.1', scored: true, multiple: true, type: '' })
  t.match(check?.tests, {
    binOp: 'or',
    items: [
      { op: 'eq', value: '0600', set: true },
      { set: false, op: '' },
    ],
  })
  t.equal(looksLikeControls(text), true)
  t.equal(looksLikeControls('node:\n  components: []\n'), false)
  t.end()
})

t.test('mistakes have their file, line and column', t => {
  const wrong = (source: string, message: RegExp) =>
    t.throws(() => parseControls(source, 'f.yaml'), { name: 'PolicyError', message })
  wrong('groups: [', /^f\.yaml:1:\d+: /)
  wrong('type: node\n', /f\.yaml:1:1: groups: is missing/)
  wrong('groups: []\n', /type: is missing/)
  wrong('type: node\ngroups: 3\n', /f\.yaml:2:9: groups: expected a list/)
  wrong(
    'type: node\ngroups:\n- checks:\n  - scored: maybe\n    id: 1\n',
    /f\.yaml:4:13: scored: expected true or false/,
  )
  wrong('type: node\ngroups:\n- checks:\n  - text: x\n', /f\.yaml:4:5: id: is missing/)
  wrong('type: node\ngroups:\n- checks:\n  - {id: 1, audit: [a]}\n', /f\.yaml:4:20: audit: expected a text/)
  wrong('- a\n', /expected a map/)
  wrong('', /expected a map/)
  t.throws(() => parseControls(`groups: ${'['.repeat(20_000)}`, 'f.yaml'), PolicyError)
  t.end()
})

const settings = parseSettings(
  `node:
  components: [kubelet]
  kubelet:
    bins: [hyperkube kubelet, kubelet]
    confs: [/a, /b]
    defaultconf: /c
version_mapping:
  "1.29": one
  "1.31": two
`,
  'config.yaml',
)

t.test('settings are read, and laid over others field by field', t => {
  const kubelet = settings.components.get('node')?.[0]
  t.match(kubelet, { name: 'kubelet', optional: false, bins: ['hyperkube kubelet', 'kubelet'] })
  t.same(kubelet?.files.conf, { paths: ['/a', '/b'], otherwise: '/c' })
  const merged = mergeSettings(defaultSettings, settings).components.get('node')
  t.same(
    merged?.map(({ name }) => name),
    ['kubelet', 'proxy', 'kubernetes'],
  )
  t.same(merged?.[0]?.files.conf.paths, ['/a', '/b'])
  t.ok(merged?.[0]?.files.svc.paths.length)
  t.same(parseSettings('---\n## nothing\n', 'c.yaml').components.size, 0)
  t.end()
})

t.test('a benchmark is that of the version, else of the next one below', t => {
  t.equal(benchmarkFor('1.31.2', settings), 'two')
  t.equal(benchmarkFor('v1.40.0', settings), 'two')
  t.equal(benchmarkFor('1.30.1', settings), 'one')
  t.equal(benchmarkFor('1.28.0', settings), undefined)
  t.equal(benchmarkFor('', settings), undefined)
  t.end()
})

const variables = {
  bin: new Map([
    ['kubelet', 'hyperkube kubelet'],
    ['proxy', 'kube-proxy'],
  ]),
  conf: new Map([['kubelet', '/b$&']]),
  ...{ svc: new Map<string, string>(), kubeconfig: new Map([['kubelet', '/k']]) },
  ...{ cafile: new Map<string, string>(), datadir: new Map<string, string>() },
}

t.test('variables become what was found, in quotes where that is several words', t => {
  t.equal(substituteText('grep $kubeletbin $kubeletkubeconfig', variables), "grep 'hyperkube kubelet' /k")
  t.equal(substituteText('cat $kubeletconf; $other', variables), 'cat /b$&; $other')
  const controls = substitute(parseControls(text, 'node.yaml'), variables)
  t.equal(controls.groups[0]?.checks[0]?.auditConfig, 'cat /b$&')
  t.equal(onlyProgram(parseControls(text, 'node.yaml'), variables), 'hyperkube kubelet')
  t.end()
})
