// Tests of the client certificates in kubeconfigs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseKubeconfigCertificates } from '../../../agent/parse/kubeconfig.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'
import { fixtureRoot } from '../../fixture-host.ts'

const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
const base64 = Buffer.from(`${pem}\n`).toString('base64')
const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {certificate-authority-data: ${base64}}}]
users:
- name: one
  user: {client-certificate-data: ${base64}, client-key-data: canary}
- name: two
  user: {token: canary}
- name: three
  user: {client-certificate: /pki/three.crt}
- name: four
  user: {client-certificate: /pki/four.crt, client-certificate-data: "%%%"}
`

t.test('certificates of users are read; keys, tokens and those of clusters are not', async t => {
  t.strictSame(parseKubeconfigCertificates(kubeconfig), {
    state: 'kubeconfig',
    certificates: [pem],
    files: ['/pki/three.crt'],
  })
  const admin = readFileSync(join(fixtureRoot('kubeadm-control-plane'), 'etc/kubernetes/admin.conf'), 'utf8')
  const parsed = parseKubeconfigCertificates(admin)
  t.match(parsed, { certificates: [/^-----BEGIN CERTIFICATE-----\n/] })
})

t.test('what is no kubeconfig is malformed', async t => {
  t.match(parseKubeconfigCertificates('kind: Secret\n'), { state: 'malformed', detail: 'kind is not Config' })
  t.match(parseKubeconfigCertificates('kind: Config\nusers: 7\n'), { line: 2, detail: 'users is not a list' })
  t.match(parseKubeconfigCertificates('kind: Config\n'), { certificates: [] })
  t.match(parseKubeconfigCertificates('kind: Config\nusers: [{user: {client-certificate-data: "%%%"}}]\n'), {
    certificates: [],
  })
})

t.test('of any users come the certificate, or the file where there is none, and nothing else', async t => {
  const user = fc.record({ inline: fc.boolean(), file: fc.string({ minLength: 1 }), token: fc.string() })
  readsAs(
    fc.array(user, { maxLength: 6 }),
    users => ({
      kind: 'Config',
      users: users.map(({ inline, file, token }) => ({
        name: 'x',
        user: { token, 'client-certificate': file, 'client-certificate-data': inline ? base64 : '' },
      })),
    }),
    parseKubeconfigCertificates,
    users => ({
      state: 'kubeconfig',
      certificates: users.filter(({ inline }) => inline).map(() => pem),
      files: users.filter(({ inline }) => !inline).map(({ file }) => file),
    }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, parseKubeconfigCertificates, kubeconfig)
})
