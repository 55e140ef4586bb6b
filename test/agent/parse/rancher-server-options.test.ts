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
