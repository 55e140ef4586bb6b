// Tests of the parser of kubelet configuration files.
import fc from 'fast-check'
import t from 'tap'
import { type KubeletConfigFile, parseKubeletConfig } from '../../../agent/parse/kubelet-config.ts'
import { recordedKubelets, recordedText } from '../../recorded-kubelets.ts'

const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'

function configuration(text: string): KubeletConfigFile {
  const parsed = parseKubeletConfig(text)
  if (parsed.state !== 'configuration') throw new Error(`${parsed.state}: ${JSON.stringify(parsed)}`)
  return parsed
}

t.test('recorded files of two versions are read, without unknown keys', async t => {
  const files = recordedKubelets().flatMap(({ config, dropIn }) => [config ?? [], dropIn ?? []].flat())
  t.ok(files.length >= 17, `${files.length} files`)
  for (const file of files) t.strictSame(configuration(file).unknownKeys, [])
  const { values } = configuration(recordedText('v1.36.2', 'm-hard-api', 'config.yaml'))
  t.match(values, {
    readOnlyPort: 0,
    authentication: { anonymous: { enabled: false }, x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' } },
    streamingConnectionIdleTimeout: '5m',
  })
})

t.test('every field that a running kubelet tells of itself is known', async t => {
  const configz = JSON.parse(recordedText('v1.36.2', 'k-dropin', 'configz.body')).kubeletconfig
  t.strictSame(configuration(JSON.stringify(configz)).unknownKeys, [])
  const old = JSON.parse(recordedText('v1.20.2', 'a-open', 'configz.body')).kubeletconfig
  const typed = { ...old, kind: 'KubeletConfiguration', apiVersion: 'kubelet.config.k8s.io/v1beta1' }
  t.strictSame(configuration(JSON.stringify(typed)).unknownKeys, [])
})

t.test('JSON is read as well, with comments of YAML around it too', async t => {
  const json = '{"kind":"KubeletConfiguration","apiVersion":"kubelet.config.k8s.io/v1beta1","port":10250}'
  t.equal(configuration(json).values['port'], 10250)
  t.equal(configuration(`# managed\n---\n${head}port: 1\n`).values['port'], 1)
})

t.test('a kubeconfig is told by its kind, whatever its name', async t => {
  const kubeconfig = 'apiVersion: v1\nkind: Config\nclusters: []\nusers:\n- name: x\n  user: {token: abc}\n'
  t.strictSame(parseKubeletConfig(kubeconfig), { state: 'other', kind: 'Config' })
  t.strictSame(parseKubeletConfig('port: 10250\n'), { state: 'other', kind: '' })
  t.strictSame(parseKubeletConfig('kind: "secret $(x)"\n'), { state: 'other', kind: '' }, 'no content is told')
})

t.test('misspelt keys are named, at the top and where access is decided', async t => {
  const text = `${head}readonlyPort: 0
readOnlyPort: 0
Address: 1.2.3.4
authentication:
  anonymous: {enable: false}
  webhok: {enabled: true}
  x509: {clientCAFile: /a, caFile: /b}
authorization: {mode: Webhook, webhook: {ttl: 5m}}
evictionHard: {memory.available: 100Mi}
`
  t.strictSame(configuration(text).unknownKeys, [
    'readonlyPort',
    'Address',
    'authentication.anonymous.enable',
    'authentication.webhok',
    'authentication.x509.caFile',
    'authorization.webhook.ttl',
  ])
})

t.test('a key that looks like no field is told by its line only', async t => {
  const parsed = configuration(`${head}"hunter2 is my password": 1\n? [a, b]\n: 2\n${'k'.repeat(200)}: 3\n`)
  t.strictSame(parsed.unknownKeys, ['line 3', 'line 1', 'line 6'])
})

t.test('YAML 1.1 counts: yes and off are booleans, the last of repeated keys wins, one document is read', async t => {
  const parsed = configuration(`${head}failSwapOn: off\nport: 1\nport: 2\nserializeImagePulls: yes\n---\nport: 3\n`)
  t.match(parsed.values, { failSwapOn: false, port: 2, serializeImagePulls: true })
})

t.test('lines of values are known, those of missing ones are their parent’s', async t => {
  const { lineOf } = configuration(`${head}authentication:\n  anonymous:\n    enabled: "x"\n`)
  t.equal(lineOf(['authentication', 'anonymous', 'enabled']), 5)
  t.equal(lineOf(['authentication', 'anonymous', 'nothing']), 5, 'the mapping begins there')
  t.equal(lineOf(['port']), 1)
  t.equal(configuration(`${head}port: 1\nport: 2\n`).lineOf(['port']), 4, 'of repeated keys the last counts')
})

t.test('what is no configuration is malformed at a line, without content', async t => {
  t.strictSame(parseKubeletConfig(''), { state: 'malformed', line: 0, detail: 'empty' })
  t.strictSame(parseKubeletConfig(' \n\n'), { state: 'malformed', line: 0, detail: 'empty' })
  t.strictSame(parseKubeletConfig('- a\n'), { state: 'malformed', line: 1, detail: 'not a mapping' })
  t.match(parseKubeletConfig(`${head}authentication: {anonymous: {enabled: s3cret}\nport: 1\n`), {
    state: 'malformed',
    detail: 'not YAML',
  })
  t.match(parseKubeletConfig(`${head}a: b: c\n`), { state: 'malformed', line: 3 })
  t.match(parseKubeletConfig('{"kind": "KubeletConfiguration", '), { state: 'malformed', line: 1 })
  t.match(parseKubeletConfig('kind: KubeletConfiguration\napiVersion: v1\n'), {
    state: 'malformed',
    line: 2,
    detail: 'apiVersion is not kubelet.config.k8s.io/v1beta1',
  })
})

t.test('carriage returns, other bytes and huge texts do no harm', async t => {
  t.equal(configuration(`${head}port: 5\n`.replaceAll('\n', '\r\n')).values['port'], 5)
  t.equal(configuration(`${head}clusterDomain: a\udcffb\n`).values['clusterDomain'], 'a\udcffb')
  t.equal(parseKubeletConfig('['.repeat(100_000)).state, 'malformed')
  t.equal(parseKubeletConfig(`${head}x: ${'{a: '.repeat(5_000)}`).state, 'malformed')
  t.equal(parseKubeletConfig(`${head}x: ${'['.repeat(60)}${']'.repeat(60)}`).state, 'malformed', 'deep, but valid')
  const bomb = `${head}a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n`
  t.equal(parseKubeletConfig(bomb).state, 'malformed')
})

t.test('keys of Object.prototype stay keys', async t => {
  const parsed = configuration(`${head}__proto__: {polluted: true}\nconstructor: 1\n`)
  t.strictSame(parsed.unknownKeys, ['line 3', 'constructor'])
  t.equal(({} as Record<string, unknown>)['polluted'], undefined)
})

t.test('every prefix of a file is answered', async t => {
  const text = recordedText('v1.36.2', 'm-hard-api', 'config.yaml')
  const states = new Set<string>()
  for (let length = 0; length <= text.length; length += 1) states.add(parseKubeletConfig(text.slice(0, length)).state)
  t.strictSame([...states].sort(), ['configuration', 'malformed', 'other'])
  fc.assert(fc.property(fc.string(), tail => parseKubeletConfig(head + tail).state.length > 0))
})
