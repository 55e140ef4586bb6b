// Tests of the parser of a kubelet's arguments.
import fc from 'fast-check'
import t from 'tap'
import { overrideFlags, parseKubeletFlags } from '../../../agent/parse/kubelet-flags.ts'

t.test('both ways of writing a value are read, of allow-listed flags only', async t => {
  const { flags, invalid } = parseKubeletFlags([
    '--config=/var/lib/kubelet/config.yaml',
    '--kubeconfig',
    '/etc/kubernetes/kubelet.conf',
    '--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
    '--node-labels',
    'secret=token-abc',
    '--v=2',
    '--anonymous-auth=false',
    '--protect-kernel-defaults',
    '--event-qps',
    '0',
    '--streaming-connection-idle-timeout=5m',
  ])
  t.strictSame(flags, {
    config: '/var/lib/kubelet/config.yaml',
    kubeconfig: '/etc/kubernetes/kubelet.conf',
    'anonymous-auth': false,
    'protect-kernel-defaults': true,
    'event-qps': 0,
    'streaming-connection-idle-timeout': 300_000_000_000n,
  })
  t.strictSame(invalid, [])
})

t.test('a flag whose name begins like another is another flag', async t => {
  t.strictSame(parseKubeletFlags(['--config-dir=/etc/kubernetes/kubelet.conf.d']).flags, {
    'config-dir': '/etc/kubernetes/kubelet.conf.d',
  })
  t.strictSame(parseKubeletFlags(['--configuration=/x', '--conf=/y', '--portal=1', '--ports=2']).flags, {})
})

t.test('the last of repeated flags wins', async t => {
  t.strictSame(
    parseKubeletFlags(['--anonymous-auth=false', '--anonymous_auth=true', '--port=1', '--port', '2']).flags,
    {
      'anonymous-auth': true,
      port: 2,
    },
  )
})

t.test('cipher suites and feature gates add up over repeated flags', async t => {
  const { flags } = parseKubeletFlags([
    '--tls-cipher-suites=A,B',
    '--tls-cipher-suites="C",D',
    '--feature-gates=A=true,RotateKubeletServerCertificate=true',
    '--feature-gates',
    'RotateKubeletServerCertificate=false, B=1',
  ])
  t.strictSame(flags['tls-cipher-suites'], ['A', 'B', 'C', 'D'])
  t.strictSame(flags['feature-gates'], { A: true, RotateKubeletServerCertificate: false, B: true })
})

t.test('a boolean flag takes no separate value', async t => {
  const { flags } = parseKubeletFlags(['--anonymous-auth', 'false', '--rotate-certificates', '--port', '10250'])
  t.strictSame(flags, { 'anonymous-auth': true, 'rotate-certificates': true, port: 10250 })
})

t.test('a flag with a value takes the next argument whatever it looks like', async t => {
  t.strictSame(parseKubeletFlags(['--node-labels', '--anonymous-auth=true', '--port', '-1']).flags, { port: -1 })
  t.strictSame(
    parseKubeletFlags(['--flag-of-the-future', '--anonymous-auth=true', '--flag-of-the-future', 'x', '--port=1']).flags,
    { 'anonymous-auth': true, port: 1 },
    'an unknown flag takes only what does not look like a flag',
  )
})

t.test('underscores in names are dashes, one dash is no long flag, two dashes alone end the flags', async t => {
  t.strictSame(parseKubeletFlags(['--read_only_port=10255']).flags, { 'read-only-port': 10255 })
  t.strictSame(parseKubeletFlags(['-anonymous-auth=false', '-v', '--port=1', '-v=2', '--port=2']).flags, { port: 2 })
  t.strictSame(parseKubeletFlags(['--port=1', '--', '--port=2']).flags, { port: 1 })
})

t.test('values that no kubelet accepts are named, not guessed', async t => {
  const { flags, invalid } = parseKubeletFlags([
    '--anonymous-auth=yes',
    '--port=10250x',
    '--read-only-port=1e3',
    '--event-qps=',
    '--streaming-connection-idle-timeout=5',
    '--feature-gates=A',
    '--healthz-port',
  ])
  t.strictSame(flags, {})
  t.strictSame(invalid, [
    'anonymous-auth',
    'event-qps',
    'feature-gates',
    'healthz-port',
    'port',
    'read-only-port',
    'streaming-connection-idle-timeout',
  ])
})

t.test('integers are read with the bases of Go', async t => {
  const read = (text: string) => parseKubeletFlags([`--port=${text}`]).flags.port
  for (const [text, value] of [
    ['0x280a', 10250],
    ['0b11', 3],
    ['0o17', 15],
    ['017', 15],
    ['+5', 5],
    ['-1', -1],
    ['0', 0],
  ] as const)
    t.equal(read(text), value, text)
  for (const text of ['08', '0x', '1_000', ' 1', '1.0', '9'.repeat(30)]) t.equal(read(text), undefined, text)
})

t.test('names of Object.prototype are no flags', async t => {
  t.strictSame(parseKubeletFlags(['--constructor=1', '--__proto__=2', '--toString', 'x']).flags, {})
  const gates = parseKubeletFlags(['--feature-gates=__proto__=true']).flags['feature-gates'] ?? {}
  t.strictSame(Object.keys(gates), ['__proto__'])
  t.equal(({} as Record<string, unknown>)['true'], undefined)
})

t.test('later flags override earlier ones, gate by gate', async t => {
  t.strictSame(
    overrideFlags(
      { port: 1, 'feature-gates': { A: true, B: true }, 'tls-cipher-suites': ['X'] },
      { 'feature-gates': { B: false }, 'tls-cipher-suites': ['Y'] },
    ),
    { port: 1, 'feature-gates': { A: true, B: false }, 'tls-cipher-suites': ['Y'] },
  )
})

t.test('whatever the arguments are, the parser does not throw and the last value wins', async t => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('--config', '--port', '--anonymous-auth', '--', '-v', '--feature-gates=', '--tls-cipher-suites=a'),
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), fc.nat(65_535), (args, port) => {
      const safe = args.filter(arg => arg !== '--' && arg !== '-v' && !/^--[^=]*$/.test(arg))
      return parseKubeletFlags([...safe, `--port=${port}`]).flags.port === port && parseKubeletFlags(args) !== undefined
    }),
  )
  t.pass('random arguments')
})
