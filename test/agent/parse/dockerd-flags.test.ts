// Tests of reading dockerd's arguments.
import fc from 'fast-check'
import t from 'tap'
import { parseDockerdFlags } from '../../../agent/parse/dockerd-flags.ts'

t.test('the command lines of distributions', async t => {
  t.strictSame(parseDockerdFlags(['-H', 'fd://', '--containerd=/run/containerd/containerd.sock']), {
    options: { hosts: ['fd://'] },
    configFile: '',
    given: ['containerd', 'hosts'],
    invalid: [],
  })
  t.strictSame(
    parseDockerdFlags(['-H', 'unix://', '-H', 'tcp://0.0.0.0:2376', '--tlsverify', '--tlscacert', '/c/ca.pem']).options,
    { hosts: ['unix://', 'tcp://0.0.0.0:2376'], tlsverify: true, tlscacert: '/c/ca.pem' },
  )
})

t.test('letters join as pflag has it', async t => {
  for (const args of [['-DHfd://'], ['-D', '-H=fd://'], ['-DH', 'fd://'], ['-D', '-Hfd://']]) {
    t.strictSame(parseDockerdFlags(args).options, { debug: true, hosts: ['fd://'] }, args.join(' '))
  }
  t.strictSame(parseDockerdFlags(['-D=false']).options, { debug: false })
  t.strictSame(parseDockerdFlags(['-x', '-D']).options, { debug: true }, 'an unknown letter ends its own argument')
})

t.test('booleans take no separate value, lists add up, of others the last counts', async t => {
  t.strictSame(parseDockerdFlags(['--icc', 'false', '--icc=false']).options, { icc: false })
  t.strictSame(parseDockerdFlags(['--insecure-registry', 'a:5000', '--insecure-registry=b']).options, {
    'insecure-registries': ['a:5000', 'b'],
  })
  t.strictSame(parseDockerdFlags(['--log-driver=none', '--log-driver', 'journald']).options, {
    'log-driver': 'journald',
  })
  t.strictSame(parseDockerdFlags(['--add-runtime', 'runsc=/usr/bin/runsc', '--add-runtime=Kata=/k']).options.runtimes, [
    { name: 'runsc', path: '/usr/bin/runsc', type: '' },
    { name: 'kata', path: '/k', type: '' },
  ])
})

t.test('values that no dockerd accepts are named, not kept', async t => {
  const { options, invalid } = parseDockerdFlags(['--icc=maybe', '--add-runtime=nonsense', '--log-driver'])
  t.strictSame(options, {})
  t.strictSame(invalid, ['icc', 'log-driver', 'runtimes'])
})

t.test('names of options that are not read are told, unknown ones and all values stay behind', async t => {
  const { options, given } = parseDockerdFlags([
    '--label',
    'token=hunter2',
    '--http-proxy=http://u:p@x',
    '--my-secret',
    'y',
  ])
  t.strictSame(options, {})
  t.strictSame(given, ['http-proxy', 'labels'])
})

t.test('the configuration file, and the end of flags', async t => {
  t.equal(parseDockerdFlags(['--config-file', '/x.json']).configFile, '/x.json')
  t.equal(parseDockerdFlags(['--config-file=/x.json', '--', '--config-file=/y.json', '-D']).configFile, '/x.json')
  t.strictSame(parseDockerdFlags(['--', '-D']).options, {})
})

t.test('names of Object.prototype are no options', async t => {
  t.strictSame(parseDockerdFlags(['--constructor=1', '--__proto__=2', '--toString', 'x']), {
    ...{ options: {}, configFile: '', given: [], invalid: [] },
  })
})

t.test('whatever the arguments are, the last value wins and nothing throws', async t => {
  const word = fc.oneof(fc.string(), fc.constantFrom('-H', '-D', '--tls', '--icc', '--', '-', '--=', '--hosts', '-DGx'))
  fc.assert(
    fc.property(fc.array(word, { maxLength: 20 }), fc.boolean(), (args, icc) => {
      const safe = args.filter(arg => /^--[a-z]+=/.test(arg) || !arg.startsWith('-'))
      return parseDockerdFlags([...safe, `--icc=${icc}`]).options.icc === icc && parseDockerdFlags(args) !== undefined
    }),
  )
  t.pass('random arguments')
})
