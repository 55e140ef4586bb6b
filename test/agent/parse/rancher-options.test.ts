// Tests of the options of k3s and RKE2 that concern their kubelet.
import fc from 'fast-check'
import t from 'tap'
import { parseRancherConfig, readRancherOptions } from '../../../agent/parse/rancher-options.ts'

t.test('options are read from arguments', async t => {
  const options = readRancherOptions([
    '--token',
    's3cret',
    '--kubelet-arg=anonymous-auth=true',
    '--kubelet-arg',
    'max-pods=200',
    '-d',
    '/data/k3s',
    '--protect-kernel-defaults',
  ])
  t.match(options, {
    kubeletArgs: ['anonymous-auth=true', 'max-pods=200'],
    dataDir: '/data/k3s',
    protectKernelDefaults: true,
    disableAgent: undefined,
  })
  t.notMatch(JSON.stringify(options), /s3cret/)
})

t.test('options are read from a configuration file', async t => {
  const config = parseRancherConfig('token: s3cret\nkubelet-arg:\n- anonymous-auth=true\n- 5\ndata-dir: /data\n')
  t.match(config, { kubeletArgs: ['anonymous-auth=true'], dataDir: '/data', replacesKubeletArgs: true })
  t.notMatch(JSON.stringify(config), /s3cret/)
  t.match(parseRancherConfig('kubelet-arg: port=1\n'), { kubeletArgs: ['port=1'] })
  t.match(parseRancherConfig('kubelet-arg+: [port=2]\n'), { kubeletArgs: ['port=2'], replacesKubeletArgs: false })
  t.match(parseRancherConfig(''), { kubeletArgs: [] })
})

t.test('what is no mapping is undefined, and nothing throws', async t => {
  for (const text of ['- a', 'a: b: c', 'text', '['.repeat(50_000)]) t.equal(parseRancherConfig(text), undefined)
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string()), (text, words) => {
      parseRancherConfig(text)
      return readRancherOptions(words).kubeletArgs.length === 0
    }),
  )
})
