// Tests of kubelets' certificates: on disk, presented, and what the HTTPS port accepts.
import { X509Certificate } from 'node:crypto'
import t from 'tap'
import type { Host, HttpAnswer, TlsAnswer } from '../../../agent/host/host.ts'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import type { KubeletFacts } from '../../../proto/facets/kubelet.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { recordedHostFiles, recordedKubelet, servingCertificate, servingLeaf } from '../../recorded-kubelets.ts'
import { presentFacts, type RunOptions, runProbe } from '../../run-probe.ts'
import { throwawayCertificate } from '../../throwaway-server.ts'

const recorded = recordedKubelet('v1.36.2', 'm-hard-api')
const pki = '/var/lib/kubelet/pki'
const authority = throwawayCertificate('/CN=kubernetes')
const client = throwawayCertificate('/O=system:nodes/CN=system:node:node-1', ['-days', '90'])
const other = throwawayCertificate(
  '/CN=system:node:node-1',
  ['-addext', 'subjectAltName=DNS:node-1,IP:192.0.2.7', '-sha384'],
  ['-newkey', 'rsa:2048'],
)

const https = 'https://127.0.0.1:10250/pods'
const offers = 'tls://127.0.0.1:10250'

interface Given {
  readonly files?: Record<string, FixtureFile>
  readonly config?: string
  readonly http?: Record<string, HttpAnswer>
  readonly tls?: Record<string, TlsAnswer>
  readonly run?: RunOptions
}

async function factsOf(t: Parameters<typeof hostFrom>[0], given: Given = {}): Promise<KubeletFacts> {
  const config = `${recorded.config}\n${given.config ?? ''}`
  const host = await hostFrom(t, {
    files: {
      ...recordedHostFiles({ ...recorded, config }),
      '/etc/kubernetes/pki/ca.crt': authority.cert,
      ...given.files,
    },
    http: { ...recorded.answers, ...given.http },
    tls: { ...recorded.tls, ...given.tls },
  })
  return presentFacts(await runProbe(kubelet, host, given.run)) as unknown as KubeletFacts
}

const short = ({ certificates }: KubeletFacts) =>
  certificates.map(({ use, path, position, subject, rotated }) => [use, path, position, subject, rotated])

t.test('what a kubelet made for itself is what openssl printed of it, and what it presents', async t => {
  const facts = await factsOf(t)
  const leaf = {
    subject: 'CN=testnode@1795302565',
    issuer: 'CN=testnode-ca@1795302565',
    subjectAltNames: ['DNS:testnode'],
    notBefore: '2026-11-21T22:09:25.000Z',
    notAfter: '2027-11-21T22:09:25.000Z',
    keyType: 'rsa',
    keyBits: 2048,
    signature: 'sha256WithRSAEncryption',
    selfSigned: false,
  }
  t.match(facts.certificates, [
    { use: 'client-ca', path: '/etc/kubernetes/pki/ca.crt', subject: 'CN=kubernetes', selfSigned: true },
    { use: 'serving', path: `${pki}/kubelet.crt`, position: 1, ...leaf, isCA: false, rotated: false },
    { use: 'serving', position: 2, subject: 'CN=testnode-ca@1795302565', isCA: true, selfSigned: true },
  ])
  t.strictSame(facts.tls, [
    {
      kubelet: 'kubelet:/var/lib/kubelet',
      versions: ['TLSv1.2', 'TLSv1.3'],
      cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
      clientAuthorities: 1,
      ...leaf,
      certificateFile: `${pki}/kubelet.crt`,
    },
  ])
  t.strictSame(facts.gaps, [])
})

t.test('a port lists whose certificates it accepts only where a client CA is configured', async t => {
  for (const [name, count] of [
    ['a-open', -1],
    ['m-hard-api', 1],
  ] as const) {
    const one = recordedKubelet('v1.36.2', name)
    const host = await hostFrom(t, { files: recordedHostFiles(one), http: one.answers, tls: one.tls })
    const facts = presentFacts(await runProbe(kubelet, host)) as unknown as KubeletFacts
    t.equal(facts.tls?.[0]?.clientAuthorities, count, name)
    t.equal(facts.kubelets[0]?.settings?.clientCAFile.value === '', count === -1, name)
  }
})

t.test('the client certificate: rotated, from a file that the kubeconfig names, or in the kubeconfig', async t => {
  const kubeconfig = (user: string) => `kind: Config\nusers: [{name: a, user: {${user}}}]\n`
  const both = `${client.cert}${client.key}`
  const rotated = await factsOf(t, {
    config: 'rotateCertificates: true',
    files: {
      [`${pki}/kubelet-client-2026-11-21-22-09-25.pem`]: both,
      [`${pki}/kubelet-client-current.pem`]: { symlink: 'kubelet-client-2026-11-21-22-09-25.pem' },
      '/etc/kubernetes/kubelet.conf': kubeconfig(`client-certificate: ${pki}/kubelet-client-current.pem`),
    },
  })
  const subject = 'O=system:nodes, CN=system:node:node-1'
  t.match(short(rotated), [['client', `${pki}/kubelet-client-current.pem`, 1, subject, true], [], [], []])
  t.notMatch(JSON.stringify(rotated), /PRIVATE KEY/)
  const named = await factsOf(t, {
    config: 'rotateCertificates: false',
    files: {
      '/etc/kubernetes/kubelet.conf': kubeconfig('client-certificate: ../pki/node.crt'),
      '/etc/pki/node.crt': client.cert,
    },
  })
  t.match(short(named), [['client', '/etc/pki/node.crt', 1, subject, false], [], [], []])
  const data = Buffer.from(client.cert).toString('base64')
  const inside = await factsOf(t, {
    files: { '/etc/kubernetes/kubelet.conf': kubeconfig(`client-certificate-data: ${data}`) },
  })
  t.match(short(inside), [['client', '/etc/kubernetes/kubelet.conf', 1, subject, false], [], [], []])
})

t.test(
  'of certificates to serve with, one from the cluster counts before a configured one and the kubelet’s own',
  async t => {
    const files = { [`${pki}/kubelet-server-current.pem`]: other.cert, '/etc/ssl/node.crt': client.cert }
    const servedBy = async (config: string) =>
      (await factsOf(t, { config, files })).certificates.filter(
        ({ use, position }) => use === 'serving' && position === 1,
      )
    t.match(await servedBy(''), [{ path: `${pki}/kubelet.crt`, rotated: false }])
    t.match(await servedBy('tlsCertFile: /etc/ssl/node.crt\ntlsPrivateKeyFile: /etc/ssl/node.key'), [
      { path: '/etc/ssl/node.crt', rotated: false },
    ])
    t.match(await servedBy('serverTLSBootstrap: true\ntlsCertFile: /etc/ssl/node.crt'), [
      {
        path: `${pki}/kubelet-server-current.pem`,
        rotated: true,
        subjectAltNames: ['DNS:node-1', 'IP Address:192.0.2.7'],
        signature: 'sha384WithRSAEncryption',
      },
    ])
    t.match(await servedBy('serverTLSBootstrap: true\nfeatureGates: {RotateKubeletServerCertificate: false}'), [
      { path: `${pki}/kubelet.crt` },
    ])
  },
)

t.test('a port that presents another certificate than the one on disk', async t => {
  const presented = { state: 'open', status: 401, body: '', tlsVersion: 'TLSv1.3', certificate: other.cert } as const
  const facts = await factsOf(t, { http: { [https]: presented } })
  t.match(facts.tls, [{ subject: 'CN=system:node:node-1', keyBits: 2048, certificateFile: '' }])
  const hidden = await factsOf(t, { files: { [`${pki}/kubelet.crt`]: { fifo: true } } })
  t.equal(hidden.tls?.[0]?.certificateFile, undefined)
  t.strictSame(
    hidden.gaps.map(({ field, effect, source, state }) => [field, effect, source, state]),
    [
      ['certificates', 'incomplete', `${pki}/kubelet.crt`, 'notRegular'],
      ['tls.certificateFile', 'omitted', `${pki}/kubelet.crt`, 'notRegular'],
    ],
  )
})

t.test('files that hold no certificate are gaps with their line, never their content', async t => {
  const cases: readonly (readonly [string, FixtureFile, string, string])[] = [
    [`${pki}/kubelet.crt`, `${servingLeaf}\n-----BEGIN CERTIFICATE-----\ncanary`, 'malformed', 'line 23'],
    [
      `${pki}/kubelet.crt`,
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      'malformed',
      'certificate 1',
    ],
    [`${pki}/kubelet-client-current.pem`, 'canary', 'malformed', 'no certificate'],
    ['/etc/kubernetes/kubelet.conf', 'users: [canary', 'malformed', 'line 1: not YAML'],
    ['/etc/kubernetes/kubelet.conf', { fifo: true }, 'notRegular', 'fifo'],
    ['/etc/kubernetes/pki/ca.crt', authority.cert.repeat(201), 'tooLarge', 'over the limit of 200 certificates'],
  ]
  for (const [path, content, state, detail] of cases) {
    const facts = await factsOf(t, { files: { [path]: content } })
    const gap = facts.gaps.find(({ field }) => field === 'certificates')
    t.match(gap, { effect: 'incomplete', source: path, state }, path)
    if (detail !== 'line 23') t.equal(gap?.detail, detail, path)
    else t.match(gap?.detail, /^line \d+$/)
    t.notMatch(JSON.stringify(facts), /canary/)
  }
})

t.test('what a port accepts is asked once a day, or when its certificate or its kubelet changes', async t => {
  const asked: number[] = []
  const memory = new Map<string, unknown>()
  const hostWith = (files: Record<string, FixtureFile>) =>
    hostFrom(t, { files: { ...recordedHostFiles(recorded), ...files }, http: recorded.answers, tls: recorded.tls })
  const look = async (host: Host, hour: number) => {
    const probeTls: Host['probeTls'] = probe => {
      asked.push(hour)
      return host.probeTls(probe)
    }
    await runProbe(kubelet, { ...host, probeTls }, { memory, now: new Date(Date.UTC(2101, 0, 1, hour)) })
  }
  const host = await hostWith({})
  await look(host, 0)
  await look(host, 23)
  t.strictSame(asked, [0])
  await look(host, 24)
  t.strictSame(asked, [0, 24])
  await look(await hostWith({ [`${pki}/kubelet.crt`]: `${other.cert}${servingCertificate}` }), 25)
  t.strictSame(asked, [0, 24, 25])
})

t.test('a port that does not tell what it accepts, and ports that are not to be asked', async t => {
  const silent = await factsOf(t, { tls: { [offers]: { state: 'silent', detail: 'no answer in time' } } })
  t.strictSame(silent.tls, [])
  t.match(silent.gaps, [{ field: 'tls', effect: 'incomplete', source: offers, detail: 'silent: no answer in time' }])
  const bare = { state: 'open', status: 401, body: '', tlsVersion: 'TLSv1.3' } as const
  t.match((await factsOf(t, { http: { [https]: bare } })).gaps, [{ field: 'tls', source: offers }])
  const off = await factsOf(t, { run: { probePorts: false } })
  t.equal(off.tls, undefined)
  t.match(
    off.gaps.map(({ field, effect }) => `${field} ${effect}`),
    ['endpoints omitted', 'tls omitted'],
  )
  t.equal(new X509Certificate(servingLeaf).subject, off.certificates.find(({ use }) => use === 'serving')?.subject)
})
