// Tests of Falco's configuration: flags, included files, and what they add up to.
import fc from 'fast-check'
import t from 'tap'
import { falcoSettings, includedFiles, mergeFalcoConfig, parseFalcoFlags } from '../../../agent/parse/falco-config.ts'
import { type ConfigObject, parseKubernetesDocument } from '../../../agent/parse/kubernetes-document.ts'

const yaml = (text: string): ConfigObject => {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') throw new Error(document.detail)
  return document.values
}
const none = parseFalcoFlags([])

t.test('flags in both spellings, and those of older versions that name a driver', async t => {
  const flags = parseFalcoFlags(['-c', '/x.yaml', '-r', '/a', '--rules=/b', '-o', 'engine.kind=kmod', '-o=x', '-A'])
  t.strictSame([flags.config, flags.rules, [...flags.options]], ['/x.yaml', ['/a', '/b'], [['engine.kind', 'kmod']]])
  t.equal(parseFalcoFlags(['--modern-bpf']).driver, 'modern_ebpf')
  t.equal(parseFalcoFlags(['--nodriver']).driver, 'nodriver')
  t.equal(parseFalcoFlags(['-g', '/gvisor.json']).driver, 'gvisor')
  t.equal(parseFalcoFlags(['--option', 'constructor=1', 'toString', '-c']).config, '')
})

t.test('included files add to lists and replace whole keys; other strategies as they are called', async t => {
  const main = yaml('rules_files: [/a]\nstdout_output: {enabled: true, x: 1}\npriority: debug\n')
  const more = yaml('rules_files: [/b]\nstdout_output: {enabled: false}\nnew: 1\n')
  t.strictSame(mergeFalcoConfig(main, more, 'append'), {
    rules_files: ['/a', '/b'],
    stdout_output: { enabled: false },
    priority: 'debug',
    new: 1,
  })
  t.match(mergeFalcoConfig(main, more, 'override'), { rules_files: ['/b'], new: 1 })
  t.match(mergeFalcoConfig(main, more, 'add-only'), { rules_files: ['/a'], stdout_output: { enabled: true }, new: 1 })
  t.strictSame(
    includedFiles(yaml('config_files: [/d, {path: /e, strategy: override}, {path: /f, strategy: odd}, 7]')),
    [
      { path: '/d', strategy: 'append' },
      { path: '/e', strategy: 'override' },
      { path: '/f', strategy: 'append' },
    ],
  )
  t.strictSame(includedFiles(yaml('config_files: 7')), [])
})

t.test('settings: flags win, old and new names of keys, defaults', async t => {
  t.strictSame(falcoSettings({}, none), { driver: '', rules: [], outputs: [], priority: 'debug' })
  const values = yaml(
    'engine: {kind: ebpf}\nrules_file: /one\nsyslog_output: {enabled: true}\nhttp_output: {enabled: "true", url: canary}\npriority: WARNING\n',
  )
  t.strictSame(falcoSettings(values, none), {
    driver: 'ebpf',
    rules: ['/one'],
    outputs: ['syslog', 'http'],
    priority: 'warning',
  })
  const flags = parseFalcoFlags(['-o', 'engine.kind=kmod', '-o', 'syslog_output.enabled=false', '-r', '/two'])
  t.match(falcoSettings(values, flags), { driver: 'kmod', rules: ['/two'], outputs: ['http'] })
})

t.test('whatever the files hold, there are settings', async t => {
  const checked = fc.check(
    fc.property(fc.json(), fc.json(), fc.array(fc.string()), (one, other, args) => {
      const [a, b] = [yaml(`{"x": ${one}}`), yaml(`{"rules_files": ${other}, "engine": ${one}}`)]
      const merged = mergeFalcoConfig(a, b, 'append')
      includedFiles(merged)
      falcoSettings(merged, parseFalcoFlags(args))
    }),
  )
  t.equal(checked.failed, false)
})
