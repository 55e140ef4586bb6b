// Tests of the control plane probe on the fixture of kubeadm and on variations of it.
import t from 'tap'
import { controlPlane } from '../../../agent/probes/control-plane.ts'
import type { ControlPlaneFacts } from '../../../proto/facets/control-plane.ts'
import { openFixtureHost } from '../../fixture-host.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { kernelFiles, processFiles } from '../../recorded-kubelets.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { argvOf, factsOf, hostWith, init, inPod, manifest, policy, text } from './control-plane-hosts.ts'

const api = ['kube-apiserver', '--authorization-mode=Node,RBAC']

t.test('the fixture has what its manifests, command lines and files say', async t => {
  const facts = await factsOf(await openFixtureHost('kubeadm-control-plane'))
  t.strictSame(facts.gaps, [])
  t.match(facts.apiServers, [
    {
      id: 'kube-apiserver',
      running: true,
      kind: 'static-pod',
      version: '1.36.2',
      manifestDiffers: false,
      unmounted: [],
      settings: {
        anonymousAuth: { value: true, source: 'default', origin: 'default of 1.36' },
        authorizationModes: { value: ['Node', 'RBAC'], source: 'process', origin: '--authorization-mode' },
        kubeletCertificateAuthority: { value: '' },
        auditLogMaxAge: { value: 30 },
        profiling: { value: false },
      },
      auditPolicy: { configured: true, path: policy, rules: 5, unreachableRules: 0, logsNothing: false },
      encryption: { configured: true, secretsProviders: ['aescbc', 'identity'], configMapsProviders: [] },
      admission: { configured: false, podSecurityDefault: 'privileged' },
    },
  ])
  t.match(facts.schedulers, [
    { manifestDiffers: true, changedFlags: ['--profiling'], settings: { profiling: { value: true } } },
  ])
  t.match(facts.etcdMembers, [
    {
      version: '3.6.6',
      configFile: '',
      settings: { clientCertAuth: { value: true }, peerAutoTLS: { value: false, source: 'default' } },
    },
  ])
  t.strictSame(facts.kubeProxies, [])
  const files = new Map(facts.files.map(({ path, role, mode }) => [path, `${role} ${mode}`]))
  t.equal(files.get('/etc/kubernetes/pki/etcd/ca.key'), 'pki-key 0600')
  t.equal(files.get('/etc/kubernetes/super-admin.conf'), 'admin-kubeconfig 0600')
  t.equal(files.get(manifest('kube-scheduler')), 'manifest 0644')
  t.equal(files.get('/var/lib/etcd'), 'etcd-data 0700')
  t.equal(files.get('/etc/cni/net.d/10-flannel.conflist'), 'cni-config 0644')
  const certificates = new Map(facts.certificates.map(one => [one.path, one]))
  t.match(certificates.get('/etc/kubernetes/pki/front-proxy-client.crt'), { notAfter: '2026-12-05T09:00:00.000Z' })
  t.match(certificates.get('/etc/kubernetes/super-admin.conf'), {
    subject: 'CN=kubernetes-super-admin, O=system:masters',
  })
})

t.test('pids and times are observations: a restart changes no fact', async t => {
  const argv = argvOf('kube-apiserver')
  const first = await runProbe(controlPlane, await hostWith(t, inPod(500, argv)))
  const second = await runProbe(controlPlane, await hostWith(t, inPod(900, argv, 9000)))
  t.equal(first.digest, second.digest)
  t.match(second, { observations: { processes: [{ component: 'kube-apiserver', pid: 900 }] } })
  t.match(second, { observations: { auditLogs: [{ path: '/var/log/kubernetes/audit/audit.log', sizeBytes: 67 }] } })
})

t.test('of repeated flags the last counts, lists add up', async t => {
  const argv = [...api, '--anonymous-auth=false', '--anonymous-auth', '--enable-admission-plugins=A', '--profiling=0']
  const more = ['--enable-admission-plugins', 'NodeRestriction,B', '--kubelet-client-key', '/k', '--profiling=true']
  const facts = await factsOf(await hostWith(t, { ...inPod(500, [...argv, ...more]) }))
  t.match(facts.apiServers[0]?.settings, {
    anonymousAuth: { value: true },
    enableAdmissionPlugins: { value: ['A', 'NodeRestriction', 'B'] },
    profiling: { value: true },
    kubeletClientKey: { value: '/k' },
  })
})

t.test('files that decide settings but cannot be used are gaps, and nothing is guessed', async t => {
  const rows: readonly (readonly [string, FixtureFile | undefined, string, string])[] = [
    [policy, { fifo: true }, 'auditPolicy', 'notRegular'],
    [policy, undefined, 'auditPolicy', 'unavailable'],
    [policy, 'rules: [', 'auditPolicy', 'malformed'],
    [policy, 'x'.repeat(1_100_000), 'auditPolicy', 'tooLarge'],
    ['/etc/kubernetes/enc/enc.yaml', 'kind: Secret\n', 'encryption', 'malformed'],
    ['/etc/kubernetes/enc/enc.yaml', { directory: true }, 'encryption', 'notRegular'],
  ]
  for (const [path, file, field, state] of rows) {
    const facts = await factsOf(await hostWith(t, { [path]: file }))
    const [row] = facts.apiServers
    t.equal(row?.[field as 'auditPolicy' | 'encryption'], undefined, `${path} ${state}`)
    t.ok(row?.settings, 'the other settings are told')
    t.match(
      facts.gaps.find(gap => gap.field === `apiServers.${field}`),
      { effect: 'omitted', source: path, state },
      `${path} ${state}`,
    )
  }
})

t.test('a flag that no API server accepts leaves the settings out', async t => {
  const argv = [...api, '--anonymous-auth=canary', '--token-auth-file=/canary.csv']
  const state = await runProbe(controlPlane, await hostWith(t, inPod(500, argv)))
  const facts = presentFacts(state) as unknown as ControlPlaneFacts
  t.equal(facts.apiServers[0]?.settings, undefined)
  t.match(
    facts.gaps.map(({ field, detail }) => `${field}: ${detail}`),
    [
      'apiServers.admission: --anonymous-auth has no value of its type',
      'apiServers.auditPolicy: --anonymous-auth has no value of its type',
      'apiServers.encryption: --anonymous-auth has no value of its type',
      'apiServers.settings: --anonymous-auth has no value of its type',
    ],
  )
  t.notMatch(JSON.stringify(state), /canary/)
})

t.test('nothing secret leaves: keys, tokens, other flags, passwords in URLs', async t => {
  const argv = [
    ...['kube-apiserver', '--etcd-servers=https://u:canary@10.0.0.5:2379', '--oidc-client-id=canary'],
    ...['--service-account-issuer=https://canary', '--unheard-of', 'canary', '--cloud-config=/canary'],
  ]
  const secrets: Record<string, FixtureFile> = {
    '/etc/kubernetes/pki/ca.key': 'canary',
    '/etc/kubernetes/enc/enc.yaml': text('/etc/kubernetes/enc/enc.yaml').replace('cGxhY2Vob2xkZXI', 'canary'),
    '/etc/kubernetes/admin.conf': text('/etc/kubernetes/admin.conf').replace(/client-key-data: .*/, 'token: canary'),
    '/var/log/kubernetes/audit/audit.log': 'canary\n',
  }
  const etcd = { ...inPod(501, ['etcd', '--initial-cluster-token=canary']) }
  const environment = { '/proc/501/environ': 'ETCD_INITIAL_CLUSTER_TOKEN=canary\0SECRET=canary\0ETCD_AUTO_TLS=true\0' }
  const state = await runProbe(
    controlPlane,
    await hostWith(t, { ...secrets, ...inPod(500, argv), ...etcd, ...environment }),
  )
  t.notMatch(JSON.stringify(state), /canary/)
  const facts = presentFacts(state) as unknown as ControlPlaneFacts
  t.strictSame(facts.apiServers[0]?.settings?.etcdServers.value, ['https://10.0.0.5:2379'])
  t.match(facts.etcdMembers[0]?.settings?.autoTLS, { value: true, source: 'environment', origin: '--auto-tls' })
})

t.test('structured authentication and authorization overrule the flags', async t => {
  const anonymous = 'kind: AuthenticationConfiguration\nanonymous: {enabled: true, conditions: [{path: /livez}]}\n'
  const modes = 'kind: AuthorizationConfiguration\nauthorizers: [{type: Node}, {type: Webhook}, {type: RBAC}]\n'
  const argv = ['kube-apiserver', '--authentication-config=/authn.yaml', '--authorization-config=/authz.yaml']
  const plain = (files: Record<string, FixtureFile>) =>
    hostFrom(t, {
      files: {
        ...kernelFiles([]),
        ...processFiles({ pid: 500, executable: '/usr/bin/kube-apiserver', argv }),
        ...files,
      },
    })
  const facts = await factsOf(await plain({ '/authn.yaml': anonymous, '/authz.yaml': modes }))
  t.match(facts.apiServers[0]?.settings, {
    anonymousAuth: { value: true, source: 'file', origin: '/authn.yaml' },
    anonymousPaths: { value: ['/livez'], source: 'file' },
    authorizationModes: { value: ['Node', 'Webhook', 'RBAC'], source: 'file', origin: '/authz.yaml' },
  })
  const broken = await factsOf(await plain({ '/authn.yaml': 'kind: X\n', '/authz.yaml': { fifo: true } }))
  t.strictSame(
    broken.gaps
      .filter(({ field }) => field.startsWith('apiServers.settings'))
      .map(({ field, state }) => [field, state]),
    [
      ['apiServers.settings.anonymousAuth', 'malformed'],
      ['apiServers.settings.anonymousPaths', 'malformed'],
      ['apiServers.settings.authorizationModes', 'notRegular'],
    ],
  )
  t.equal(broken.apiServers[0]?.settings?.authorizationModes, undefined)
})

t.test('admission control is read, also from the files that it names', async t => {
  const argv = ['kube-apiserver', '--admission-control-config-file=/etc/adm/config.yaml']
  const config = (plugins: string) => `kind: AdmissionConfiguration\nplugins:\n${plugins}`
  const read = async (files: Record<string, FixtureFile>) => {
    const host = await hostFrom(t, {
      files: { ...kernelFiles([]), ...processFiles({ pid: 5, executable: '/usr/bin/kube-apiserver', argv }), ...files },
    })
    return await factsOf(host)
  }
  const webhook = '- {name: ImagePolicyWebhook, path: images.yaml}\n'
  const security = '- {name: PodSecurity, configuration: {defaults: {enforce: restricted}}}\n'
  const facts = await read({
    '/etc/adm/config.yaml': config(webhook + security),
    '/etc/adm/images.yaml': 'imagePolicy: {defaultAllow: true, kubeConfigFile: /x}\n',
  })
  t.match(facts.apiServers[0]?.admission, {
    plugins: ['ImagePolicyWebhook', 'PodSecurity'],
    imagePolicyFailsOpen: true,
    podSecurityDefault: 'restricted',
  })
  const missing = await read({ '/etc/adm/config.yaml': config(webhook) })
  t.equal(missing.apiServers[0]?.admission?.imagePolicyFailsOpen, undefined)
  t.ok(missing.gaps.some(gap => gap.field === 'apiServers.admission.imagePolicyFailsOpen'))
})

t.test('a scheduler with a configuration file profiles as that says', async t => {
  const read = async (file: FixtureFile) => {
    const argv = ['kube-scheduler', '--profiling=false', '--config=/etc/sched.yaml']
    const process = processFiles({ pid: 5, executable: '/usr/bin/kube-scheduler', argv })
    return await factsOf(await hostFrom(t, { files: { ...kernelFiles([]), ...process, '/etc/sched.yaml': file } }))
  }
  const facts = await read('kind: KubeSchedulerConfiguration\n')
  t.match(facts.schedulers[0]?.settings?.profiling, { value: true, source: 'file', origin: '/etc/sched.yaml' })
  const broken = await read('kind: [')
  t.equal(broken.schedulers[0]?.settings?.profiling, undefined)
  t.ok(broken.schedulers[0]?.settings?.bindAddress)
  t.ok(broken.gaps.some(gap => gap.field === 'schedulers.settings.profiling' && gap.state === 'malformed'))
})

t.test('a host without any component has no such facet', async t => {
  const files = { ...kernelFiles([]), ...init, '/etc/kubernetes/pki/ca.crt': 'x', '/usr/bin/kubelet': 'x' }
  t.match(await runProbe(controlPlane, await hostFrom(t, { files })), {
    state: 'absent',
    reason: { code: 'notThisKindOfHost' },
  })
  t.match(await runProbe(controlPlane, await openFixtureHost('kubeadm-node')), { state: 'absent' })
  t.match(await runProbe(controlPlane, await openFixtureHost('debian12-vm')), { state: 'absent' })
})

t.test('a process whose command line cannot be read is no absence', async t => {
  const { '/proc/500/cmdline': _cmdline, ...files } = inPod(500, api)
  const host = await hostFrom(t, {
    files: { ...kernelFiles([]), ...init, ...files, '/proc/500/cmdline': { fifo: true } },
  })
  const facts = await factsOf(host)
  t.match(facts.gaps, [{ field: 'apiServers', effect: 'incomplete', source: '/proc/500/cmdline' }])
})
