// Tests of the options of k3s that concern its embedded control plane.
import fc from 'fast-check'
import t from 'tap'
import {
  embeddedArguments,
  rancherConfigWords,
  readRancherServer,
} from '../../../agent/parse/rancher-server-options.ts'

t.test('options are read from arguments, secrets are not', async t => {
  const server = readRancherServer([
    '--token=canary',
    '--kube-apiserver-arg=anonymous-auth=true',
    '--kube-apiserver-arg',
    'audit-log-path=/var/log/audit.log',
    '--kube-controller-arg=profiling=true',
    '--datastore-endpoint=mysql://user:canary@tcp(db:3306)/k3s',
    '--secrets-encryption',
    '--disable-scheduler=false',
    '--disable-kube-proxy',
    '-d',
    '/data',
  ])
  t.match(server, {
    dataDir: '/data',
    apiServerArgs: ['anonymous-auth=true', 'audit-log-path=/var/log/audit.log'],
    controllerManagerArgs: ['profiling=true'],
    schedulerArgs: [],
    etcdServers: [],
    secretsEncryption: true,
    disabled: { apiServer: false, scheduler: false, kubeProxy: true },
  })
  t.notMatch(JSON.stringify(server), /canary/)
})

t.test('every option by its name, and what is not given', async t => {
  t.strictSame(readRancherServer([]), {
    ...{ config: undefined, dataDir: undefined, bindAddress: '', etcdServers: [], secretsEncryption: false },
    ...{ apiServerArgs: [], controllerManagerArgs: [], schedulerArgs: [], kubeProxyArgs: [] },
    disabled: { apiServer: false, controllerManager: false, scheduler: false, kubeProxy: false },
  })
  const args = ['--config=/c', '--data-dir=/d', '--bind-address=::1', '--kube-controller-manager-arg=a=1']
  t.match(readRancherServer([...args, '--kube-scheduler-arg=b=2', '--kube-proxy-arg=c=3']), {
    ...{ config: '/c', dataDir: '/d', bindAddress: '::1', controllerManagerArgs: ['a=1'] },
    ...{ schedulerArgs: ['b=2'], kubeProxyArgs: ['c=3'] },
  })
  t.equal(readRancherServer(['-c', '/c']).config, '/c')
  t.match(readRancherServer(['--disable-apiserver', '--disable-controller-manager', '--disable-scheduler']).disabled, {
    ...{ apiServer: true, controllerManager: true, scheduler: true },
  })
})

t.test('a flag is what its last mention says', async t => {
  const set = (...words: string[]) => readRancherServer(words).secretsEncryption
  for (const no of ['0', 'f', 'F', 'false', 'FALSE', 'False']) t.equal(set(`--secrets-encryption=${no}`), false, no)
  for (const yes of ['1', 'true', 'falsehood']) t.equal(set(`--secrets-encryption=${yes}`), true, yes)
  t.equal(set('--secrets-encryption', '--secrets-encryption=false'), false)
  t.equal(set('--secrets-encryption=false', '--secrets-encryption'), true)
  t.equal(set('--secrets-encryption-provider=x'), false, 'another flag')
})

t.test('an etcd is asked over HTTP, other data stores are not told', async t => {
  t.strictSame(readRancherServer(['--datastore-endpoint=http://10.0.0.5:2379']).etcdServers, ['http://10.0.0.5:2379'])
  t.strictSame(readRancherServer(['--datastore-endpoint=etcd.https://10.0.0.5:2379']).etcdServers, [])
})

t.test('a plus sign adds only at the end of a key', async t => {
  t.strictSame(rancherConfigWords([{ 'a+b': '1' }, { 'a+b': '2' }, { 'new+': ['3'] }]), ['--a+b=2', '--new=3'])
})

t.test('an etcd of one’s own is told without its password', async t => {
  const endpoint = '--datastore-endpoint=https://u:canary@10.0.0.5:2379,https://10.0.0.6:2379'
  t.strictSame(readRancherServer([endpoint]).etcdServers, ['https://10.0.0.5:2379', 'https://10.0.0.6:2379'])
})

t.test('configuration files are arguments: later files replace a key, or add to it with +', async t => {
  t.strictSame(
    rancherConfigWords([
      { 'kube-apiserver-arg': ['a=1', 'b=2'], 'data-dir': '/one', 'secrets-encryption': true },
      { 'kube-apiserver-arg+': 'c=3', 'data-dir': '/two', 'node-label': [{ x: 1 }] },
    ]),
    [
      '--kube-apiserver-arg=a=1',
      '--kube-apiserver-arg=b=2',
      '--kube-apiserver-arg=c=3',
      '--data-dir=/two',
      '--secrets-encryption=true',
    ],
  )
})

t.test('what users give replaces what k3s gives, unless it adds to it', async t => {
  const builtIn = { 'anonymous-auth': 'false', 'enable-admission-plugins': 'NodeRestriction', profiling: 'false' }
  const extra = [
    'anonymous-auth=true',
    '--enable-admission-plugins+=AlwaysPullImages',
    'enable-admission-plugins-=First',
    'service-account-key-file=/a',
    'service-account-key-file=/b',
    'flag',
  ]
  t.strictSame(embeddedArguments(builtIn, extra), {
    builtIn: ['--profiling=false'],
    given: [
      '--anonymous-auth=true',
      '--enable-admission-plugins=First',
      '--enable-admission-plugins=NodeRestriction',
      '--enable-admission-plugins=AlwaysPullImages',
      '--service-account-key-file=/a',
      '--service-account-key-file=/b',
      '--flag=true',
    ],
  })
})

t.test('any words are answered', async t => {
  const word = fc.oneof(fc.constantFrom('--kube-apiserver-arg', '=', '+=', '__proto__=1'), fc.string())
  fc.assert(
    fc.property(fc.array(word), words => {
      t.ok(readRancherServer(words))
      t.ok(embeddedArguments({ a: '1' }, words))
    }),
  )
})
