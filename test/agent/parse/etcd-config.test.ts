// Tests of the parser of etcd's configuration files.
import fc from 'fast-check'
import t from 'tap'
import { parseEtcdConfig } from '../../../agent/parse/etcd-config.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'

/** As k3s and RKE2 write it. */
const configuration = `advertise-client-urls: https://10.0.0.5:2379
client-transport-security:
  cert-file: /var/lib/rancher/rke2/server/tls/etcd/server-client.crt
  client-cert-auth: true
  key-file: /var/lib/rancher/rke2/server/tls/etcd/server-client.key
  trusted-ca-file: /var/lib/rancher/rke2/server/tls/etcd/server-ca.crt
data-dir: /var/lib/rancher/rke2/server/db/etcd
initial-cluster-token: canary
listen-client-urls: https://127.0.0.1:2379,https://10.0.0.5:2379
listen-peer-urls: https://127.0.0.1:2380
name: cp1-0a1b2c3d
peer-transport-security:
  cert-file: /var/lib/rancher/rke2/server/tls/etcd/peer-server-client.crt
  client-cert-auth: true
`

t.test('the file is read as the flags that mean the same, others are passed over', async t => {
  const parsed = parseEtcdConfig(configuration)
  if (parsed.state !== 'configuration') throw new Error(parsed.detail)
  t.strictSame(parsed.args, [
    '--data-dir=/var/lib/rancher/rke2/server/db/etcd',
    '--listen-client-urls=https://127.0.0.1:2379,https://10.0.0.5:2379',
    '--listen-peer-urls=https://127.0.0.1:2380',
    '--name=cp1-0a1b2c3d',
    '--cert-file=/var/lib/rancher/rke2/server/tls/etcd/server-client.crt',
    '--key-file=/var/lib/rancher/rke2/server/tls/etcd/server-client.key',
    '--client-cert-auth=true',
    '--trusted-ca-file=/var/lib/rancher/rke2/server/tls/etcd/server-ca.crt',
    '--peer-cert-file=/var/lib/rancher/rke2/server/tls/etcd/peer-server-client.crt',
    '--peer-client-cert-auth=true',
  ])
})

t.test('lists are joined, empty values and other types are passed over', async t => {
  t.match(parseEtcdConfig('cipher-suites: [A, B, 1]\nwal-dir: null\ndata-dir: {}\nenable-pprof: on\n'), {
    args: ['--cipher-suites=A,B', '--enable-pprof=true'],
  })
})

t.test('any values become flags in the order of the flags, those of peers under their own names', async t => {
  const security = fc.record({ 'cert-file': fc.string(), 'client-cert-auth': fc.boolean() })
  readsAs(
    fc.record({ name: fc.string(), urls: fc.array(fc.string(), { maxLength: 3 }), client: security, peer: security }),
    ({ name, urls, client, peer }) => ({
      ...{ 'peer-transport-security': peer, name, 'initial-cluster-token': 'canary' },
      ...{ 'listen-peer-urls': urls, 'client-transport-security': client },
    }),
    parseEtcdConfig,
    ({ name, urls, client, peer }) => ({
      state: 'configuration',
      args: [
        ...[`--listen-peer-urls=${urls.join(',')}`, `--name=${name}`],
        ...[`--cert-file=${client['cert-file']}`, `--client-cert-auth=${client['client-cert-auth']}`],
        ...[`--peer-cert-file=${peer['cert-file']}`, `--peer-client-cert-auth=${peer['client-cert-auth']}`],
      ],
    }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, parseEtcdConfig, configuration)
})
