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

t.test('every option, by its names, the last one given', async t => {
  const none = readRancherOptions(['server'])
  t.strictSame(none, {
    ...{ kubeletArgs: [], config: undefined, dataDir: undefined, rootDir: undefined, protectKernelDefaults: undefined },
    ...{ disableAgent: undefined, nodeName: undefined, withNodeId: undefined },
  })
  t.equal(readRancherOptions(['-c', '/a', '--config=/b']).config, '/b')
  t.equal(readRancherOptions(['--config', '/b', '-c=/a=b']).config, '/a=b')
  t.equal(readRancherOptions(['-config', '/c']).config, '/c', 'a long name after one dash')
  t.equal(readRancherOptions(['--c', '/c']).config, undefined, 'a letter has one dash')
  t.equal(readRancherOptions(['--data-dir=/d']).dataDir, '/d')
  t.equal(readRancherOptions(['--root-dir', '/r']).rootDir, '/r')
  t.equal(readRancherOptions(['--node-name=n']).nodeName, 'n')
  t.equal(readRancherOptions(['--node-name']).nodeName, undefined, 'a value that is missing')
  t.strictSame(readRancherOptions(['--kubelet-arg']).kubeletArgs, [])
  for (const name of ['protect-kernel-defaults', 'disable-agent', 'with-node-id'] as const) {
    const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
    t.match(readRancherOptions([`--${name}`]), { [key]: true }, name)
    t.match(readRancherOptions([`--${name}=true`]), { [key]: true }, name)
    t.match(readRancherOptions([`--${name}=false`]), { [key]: undefined }, name)
    t.match(parseRancherConfig(`${name}: true\n`), { [key]: true }, name)
    t.match(parseRancherConfig(`${name}: false\n`), { [key]: false }, name)
    t.match(parseRancherConfig(`${name}: "true"\n`), { [key]: undefined }, 'text is no truth')
  }
})

t.test('values of a configuration file have their types', async t => {
  t.match(parseRancherConfig('root-dir: /r\nnode-name: n\n'), { rootDir: '/r', nodeName: 'n' })
  t.match(parseRancherConfig('root-dir: 5\nnode-name: [n]\ndata-dir: true\n'), {
    ...{ rootDir: undefined, nodeName: undefined, dataDir: undefined },
  })
  t.strictSame(parseRancherConfig('kubelet-arg: [a=1, 5, null, {b: 2}]\n')?.kubeletArgs, ['a=1'])
  t.strictSame(parseRancherConfig('kubelet-arg: [a=1]\nkubelet-arg+: [b=2]\n')?.kubeletArgs, ['a=1', 'b=2'])
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
