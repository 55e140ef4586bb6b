// Tests of reading certificates, held against what openssl prints of the same files.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { describeCertificate, readCertificates } from '../../../agent/control-plane/certificates.ts'
import type { ControlPlaneFile } from '../../../agent/control-plane/files.ts'
import { Gaps } from '../../../agent/probe.ts'
import { fixtureRoot } from '../../fixture-host.ts'
import { hostFrom } from '../../host-from.ts'

const pki = join(fixtureRoot('kubeadm-control-plane'), 'etc/kubernetes/pki')
const pem = (name: string) => readFileSync(join(pki, name), 'utf8')
const file = (path: string, role: ControlPlaneFile['role'] = 'pki-certificate'): ControlPlaneFile => ({
  ...{ path, role, state: 'present', kind: 'file', mode: '0644', uid: 0, gid: 0 },
})

function openssl(name: string, ...options: readonly string[]): string {
  const args = ['x509', '-in', join(pki, name), '-noout', ...options]
  return execFileSync('openssl', args, { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', TZ: 'UTC' } })
}

t.test('dates, names and keys are what openssl prints', { skip: !hasOpenssl() && 'needs openssl' }, async t => {
  for (const name of ['apiserver.crt', 'ca.crt', 'front-proxy-client.crt', 'etcd/server.crt']) {
    const row = describeCertificate(pem(name), name, 1)
    const dates = openssl(name, '-dates', '-dateopt', 'iso_8601')
    t.match(dates, `notAfter=${row?.notAfter.replace('T', ' ').replace('.000Z', 'Z')}`, name)
    t.match(dates, `notBefore=${row?.notBefore.replace('T', ' ').replace('.000Z', 'Z')}`, name)
    t.equal(openssl(name, '-subject').trim(), `subject=${row?.subject.replace('=', ' = ')}`, name)
    t.equal(openssl(name, '-issuer').trim(), `issuer=${row?.issuer.replace('=', ' = ')}`, name)
    const text = openssl(name, '-text')
    t.match(text, `(${row?.keyBits} bit)`, name)
    t.match(text, `Signature Algorithm: ${row?.signature}`, name)
    t.equal(/CA:TRUE/.test(text), row?.isCA, name)
    const names = /Subject Alternative Name: *\n *(.*)\n/.exec(text)?.[1]
    t.equal(names === undefined ? 0 : names.split(', ').length, row?.subjectAltNames, name)
  }
})

function hasOpenssl(): boolean {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).startsWith('OpenSSL 3')
  } catch {
    return false
  }
}

t.test('self-signed is what its own key has signed', async t => {
  t.match(describeCertificate(pem('ca.crt'), '', 1), { selfSigned: true, isCA: true })
  t.match(describeCertificate(pem('apiserver.crt'), '', 1), { selfSigned: false, isCA: false })
})

t.test('several certificates of a file keep their order, broken ones are gaps', async t => {
  const host = await hostFrom(t, {
    files: {
      '/bundle.crt': `${pem('ca.crt')}\n${pem('etcd/ca.crt')}`,
      '/half.crt': `${pem('ca.crt')}-----BEGIN CERTIFICATE-----\nMIIB`,
      '/junk.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      '/empty.crt': '',
      '/fifo.crt': { fifo: true },
      '/x.conf': 'kind: Secret\n',
    },
  })
  const gaps = new Gaps()
  const paths = ['/bundle.crt', '/half.crt', '/junk.crt', '/empty.crt', '/fifo.crt', '/gone.crt']
  const files = [...paths.map(path => file(path)), file('/x.conf', 'admin-kubeconfig')]
  const rows = await readCertificates(host, files, gaps)
  t.strictSame(
    rows.map(({ path, position, subject }) => [path, position, subject]),
    [
      ['/bundle.crt', 1, 'CN=kubernetes'],
      ['/bundle.crt', 2, 'CN=etcd-ca'],
      ['/half.crt', 1, 'CN=kubernetes'],
    ],
  )
  t.strictSame(
    gaps.rows.map(({ source, state, detail }) => [source, state, detail]),
    [
      ['/half.crt', 'malformed', `line ${pem('ca.crt').split('\n').length}`],
      ['/junk.crt', 'malformed', 'certificate 1'],
      ['/empty.crt', 'malformed', 'no certificate'],
      ['/fifo.crt', 'notRegular', 'fifo'],
      ['/x.conf', 'malformed', 'kind is not Config'],
    ],
  )
})
