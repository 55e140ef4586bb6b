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

t.test('names of flags and letters are those of daemon.json', async t => {
  const names = Object.entries({
    'add-runtime': 'runtimes',
    'authorization-plugin': 'authorization-plugins',
    'cdi-spec-dir': 'cdi-spec-dirs',
    'cluster-store-opt': 'cluster-store-opts',
    'default-address-pool': 'default-address-pools',
    'default-network-opt': 'default-network-opts',
    'default-ulimit': 'default-ulimits',
    'dns-opt': 'dns-opts',
    'exec-opt': 'exec-opts',
    feature: 'features',
    host: 'hosts',
    'insecure-registry': 'insecure-registries',
    label: 'labels',
    'log-opt': 'log-opts',
    'node-generic-resource': 'node-generic-resources',
    'registry-mirror': 'registry-mirrors',
    'storage-opt': 'storage-opts',
    'data-root': 'data-root',
  })
  for (const [flag, name] of names) t.strictSame(parseDockerdFlags([`--${flag}=a=b`]).given, [name], flag)
  const letters = { b: 'bridge', G: 'group', g: 'graph', H: 'hosts', l: 'log-level', p: 'pidfile', s: 'storage-driver' }
  for (const [letter, name] of Object.entries(letters))
    t.strictSame(parseDockerdFlags([`-${letter}`, 'x']).given, [name])
  t.strictSame(parseDockerdFlags(['-r', '-D']).given, ['debug', 'restart'], 'letters without a value')
})

t.test('a value is the rest of the word, the rest behind the equals sign, or the next word', async t => {
  t.strictSame(parseDockerdFlags(['-H=tcp://a=b']).options, { hosts: ['tcp://a=b'] })
  t.strictSame(parseDockerdFlags(['-Hx=y']).options, { hosts: ['x=y'] })
  t.strictSame(parseDockerdFlags(['-H', '-D']).options, { hosts: ['-D'] }, 'even one that looks like a flag')
  t.strictSame(parseDockerdFlags(['--group', '--debug']).options, { group: '--debug' })
  t.strictSame(parseDockerdFlags(['--group=']).options, { group: '' })
  t.strictSame(parseDockerdFlags(['--unknown', '-D']).options, { debug: true }, 'an unknown flag leaves flags alone')
  t.strictSame(parseDockerdFlags(['--unknown', 'x', '-D']).options, { debug: true })
  t.strictSame(parseDockerdFlags(['--unknown=-', '-D']).options, { debug: true })
  t.strictSame(parseDockerdFlags(['--config-file', '-D']), { options: {}, configFile: '-D', given: [], invalid: [] })
  t.strictSame(parseDockerdFlags(['word', '-D', 'Dl', '-']).options, { debug: true }, 'words are no flags')
  t.strictSame(parseDockerdFlags(['--default-ulimit', 'nofile=1']).options, { 'default-ulimits': true })
  t.equal(parseDockerdFlags(['--config-file']).configFile, '')
})

t.test('booleans are those of strconv.ParseBool', async t => {
  for (const text of ['1', 't', 'T', 'true', 'TRUE', 'True'])
    t.strictSame(parseDockerdFlags([`--icc=${text}`]).options, { icc: true }, text)
  for (const text of ['0', 'f', 'F', 'false', 'FALSE', 'False'])
    t.strictSame(parseDockerdFlags([`--icc=${text}`]).options, { icc: false }, text)
  for (const text of ['', 'yes', 'tRUE', '2']) t.strictSame(parseDockerdFlags([`--icc=${text}`]).invalid, ['icc'], text)
})

t.test('a runtime has a name and a path', async t => {
  const runtimes = (text: string) => parseDockerdFlags(['--add-runtime', text]).options.runtimes
  t.strictSame(runtimes(' Kata = /k=v '), [{ name: 'kata', path: '/k=v', type: '' }])
  t.strictSame(runtimes('a=b'), [{ name: 'a', path: 'b', type: '' }])
  t.equal(runtimes('=/k'), undefined)
  t.equal(runtimes('kata='), undefined)
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
