// Tests of the control plane probe on distributions that keep their components elsewhere, and on workers.
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { controlPlane } from '../../../agent/probes/control-plane.ts'
import type { ControlPlaneFacts } from '../../../proto/facets/control-plane.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { kernelFiles, processFiles } from '../../recorded-kubelets.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

async function factsOf(host: Host): Promise<ControlPlaneFacts> {
  return presentFacts(await runProbe(controlPlane, host)) as unknown as ControlPlaneFacts
}

const init = processFiles({ pid: 1, executable: '/sbin/init', argv: ['init'], namespaces: { mnt: 1, net: 1 } })

const k3sData = '/var/lib/rancher/k3s/server'
const k3sUnit = (...options: readonly string[]) =>
  `[Service]\nExecStart=/usr/local/bin/k3s server ${options.join(' ')}\n`

/** A k3s server as it runs: its title shows no arguments. */
const k3s: Record<string, FixtureFile> = {
  ...kernelFiles([]),
  ...init,
  ...processFiles({
    pid: 700,
    executable: '/var/lib/rancher/k3s/data/0a1b/bin/k3s',
    name: 'k3s-server',
    argv: ['/usr/local/bin/k3s server'],
    cgroup: '/system.slice/k3s.service',
    namespaces: { mnt: 1, net: 1 },
  }),
  '/etc/systemd/system/k3s.service': k3sUnit("'--kube-apiserver-arg=anonymous-auth=true'", '--token', 'canary'),
  '/etc/rancher/k3s/config.yaml': `token: canary
datastore-endpoint: mysql://k3s:canary@tcp(db:3306)/k3s
kube-apiserver-arg:
- audit-log-path=/var/log/audit.log
- audit-policy-file=${k3sData}/audit.yaml
- enable-admission-plugins+=AlwaysPullImages
kube-controller-manager-arg: terminated-pod-gc-threshold=10
secrets-encryption: true
`,
  [`${k3sData}/audit.yaml`]: 'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Metadata}]\n',
  [`${k3sData}/cred/encryption-config.json`]:
    '{"kind":"EncryptionConfiguration","resources":[{"resources":["secrets"],"providers":[{"aescbc":{"keys":[{"name":"k","secret":"canary"}]}},{"identity":{}}]}]}',
  [`${k3sData}/tls/server-ca.key`]: 'canary',
  '/etc/rancher/k3s/k3s.yaml': 'kind: Config\nusers: []\n',
}

t.test('k3s: what it gives its programs, what its files and its unit add', async t => {
  const state = await runProbe(controlPlane, await hostFrom(t, { files: k3s }))
  const facts = presentFacts(state) as unknown as ControlPlaneFacts
  t.notMatch(JSON.stringify(state), /canary/)
  t.match(facts.apiServers, [
    {
      id: 'kube-apiserver',
      kind: 'k3s',
      running: true,
      unit: 'k3s.service',
      manifest: '',
      settings: {
        anonymousAuth: { value: true, source: 'file', origin: '--anonymous-auth in /etc/rancher/k3s/config.yaml' },
        authorizationModes: {
          value: ['Node', 'RBAC'],
          source: 'distribution',
          origin: 'argument that k3s gives kube-apiserver',
        },
        enableAdmissionPlugins: { value: ['NodeRestriction', 'AlwaysPullImages'] },
        auditLogPath: { value: '/var/log/audit.log', source: 'file' },
        etcdServers: { value: ['unix://kine.sock'], source: 'distribution' },
        profiling: { value: false },
        requestTimeoutSeconds: { value: 60, source: 'default', origin: 'default' },
      },
      auditPolicy: { configured: true, rules: 1, metadataRules: 1 },
      encryption: { configured: true, secretsProviders: ['aescbc', 'identity'] },
    },
  ])
  t.match(facts.controllerManagers[0]?.settings, {
    terminatedPodGcThreshold: { value: 10, source: 'file' },
    useServiceAccountCredentials: { value: true, source: 'distribution' },
    bindAddress: { value: '127.0.0.1' },
  })
  t.match(facts.schedulers[0]?.settings, { profiling: { value: false }, bindAddress: { value: '127.0.0.1' } })
  t.strictSame(facts.etcdMembers, [], 'it has another data store')
  t.ok(facts.files.some(one => one.path === `${k3sData}/tls/server-ca.key` && one.role === 'pki-key'))
  t.ok(facts.files.some(one => one.path === '/etc/rancher/k3s/k3s.yaml' && one.role === 'admin-kubeconfig'))
  t.strictSame(
    facts.gaps.filter(gap => gap.field.endsWith('.version')).map(gap => gap.effect),
    ['omitted', 'omitted', 'omitted', 'omitted'],
    'nothing on disk tells its version',
  )
})

t.test('k3s with its own etcd, and a server that does not run', async t => {
  const etcd =
    'client-transport-security: {client-cert-auth: true, cert-file: /c}\ndata-dir: /var/lib/rancher/k3s/server/db/etcd\nlisten-client-urls: https://127.0.0.1:2379\n'
  const files = {
    '/etc/systemd/system/k3s.service': k3sUnit('--cluster-init', '--disable-scheduler'),
    [`${k3sData}/db/etcd/config`]: etcd,
  }
  const facts = await factsOf(await hostFrom(t, { files, live: false }))
  t.match(facts.apiServers, [
    {
      running: false,
      settings: {
        etcdServers: { value: ['https://127.0.0.1:2379'] },
        etcdCAFile: { value: `${k3sData}/tls/etcd/server-ca.crt` },
      },
    },
  ])
  t.match(facts.etcdMembers, [
    {
      configFile: `${k3sData}/db/etcd/config`,
      settings: {
        clientCertAuth: { value: true, source: 'file', origin: `--client-cert-auth in ${k3sData}/db/etcd/config` },
        dataDir: { value: '/var/lib/rancher/k3s/server/db/etcd' },
        peerClientCertAuth: { value: false, source: 'default' },
      },
    },
  ])
  t.strictSame(facts.schedulers, [])
})

t.test('a configuration of k3s that cannot be used leaves the settings out', async t => {
  const files = { ...k3s, '/etc/rancher/k3s/config.yaml': 'a: [' }
  const facts = await factsOf(await hostFrom(t, { files }))
  t.equal(facts.apiServers[0]?.settings, undefined)
  t.match(
    facts.gaps.find(({ field }) => field === 'apiServers.settings'),
    { source: '/etc/rancher/k3s/config.yaml', state: 'malformed', detail: 'not YAML' },
  )
  const unit = await factsOf(
    await hostFrom(t, { files: { ...k3s, '/etc/systemd/system/k3s.service': { fifo: true } } }),
  )
  t.match(
    unit.gaps.find(({ field }) => field === 'apiServers.settings'),
    { source: '/etc/systemd/system/k3s.service', state: 'notRegular' },
  )
})

t.test('a k3s agent has no control plane', async t => {
  const argv = ['/usr/local/bin/k3s agent']
  const process = processFiles({ pid: 700, executable: '/x/k3s', name: 'k3s-agent', argv })
  const files = { ...kernelFiles([]), ...init, ...process }
  t.match(await runProbe(controlPlane, await hostFrom(t, { files })), { state: 'absent' })
})

t.test('RKE2 keeps static pods of its own, etcd by a configuration file', async t => {
  const pods = '/var/lib/rancher/rke2/agent/pod-manifests'
  const data = '/var/lib/rancher/rke2/server'
  const pod = (name: string, command: string, image: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: kube-system}
spec:
  hostNetwork: true
  containers:
  - name: ${name}
    image: ${image}
    ${command}
    volumeMounts:
    - {name: dir0, mountPath: ${data}}
  volumes:
  - {name: dir0, hostPath: {path: ${data}, type: DirectoryOrCreate}}
`
  const files = {
    [`${pods}/kube-apiserver.yaml`]: pod(
      'kube-apiserver',
      `command: [kube-apiserver]\n    args: [--anonymous-auth=false, --encryption-provider-config=${data}/cred/encryption-config.json]`,
      'index.docker.io/rancher/hardened-kubernetes:v1.30.1-rke2r1-build20240515',
    ),
    [`${pods}/etcd.yaml`]: pod(
      'etcd',
      `args: [--config-file=${data}/db/etcd/config]\n    command: [etcd]`,
      'index.docker.io/rancher/hardened-etcd:v3.5.13-k3s1-build20240531',
    ),
    [`${data}/db/etcd/config`]: 'peer-transport-security: {client-cert-auth: true}\n',
    [`${data}/cred/encryption-config.json`]:
      '{"kind":"EncryptionConfiguration","resources":[{"resources":["secrets"],"providers":[{"identity":{}}]}]}',
  }
  const facts = await factsOf(await hostFrom(t, { files, live: false }))
  t.match(facts.apiServers, [
    {
      version: '1.30.1',
      settings: { anonymousAuth: { value: false } },
      encryption: { secretsProviders: ['identity'] },
    },
  ])
  // The command follows its arguments in the file, and goes before them in the container.
  t.match(facts.etcdMembers, [
    { version: '3.5.13', settings: { peerClientCertAuth: { value: true }, clientCertAuth: { value: false } } },
  ])
  t.strictSame(facts.gaps, [])
})

t.test('MicroK8s has its arguments in files, a node that joined has only a kube-proxy', async t => {
  const args = '/var/snap/microk8s/current/args'
  const files = {
    ...kernelFiles([]),
    ...init,
    ...processFiles({ pid: 9, executable: '/snap/microk8s/6089/kubelite', argv: ['/snap/microk8s/6089/kubelite'] }),
    [`${args}/kube-apiserver`]:
      '# comment\n--authorization-mode=AlwaysAllow\n--tls-cert-file=$SNAP_DATA/certs/server.crt\n',
    [`${args}/kube-scheduler`]: '--bind-address=127.0.0.1\n',
    [`${args}/kube-proxy`]: '--metrics-bind-address=0.0.0.0:10249\n',
  }
  const facts = await factsOf(await hostFrom(t, { files }))
  t.match(facts.apiServers, [
    {
      kind: 'microk8s',
      running: true,
      settings: {
        authorizationModes: { value: ['AlwaysAllow'], origin: `--authorization-mode in ${args}/kube-apiserver` },
        tlsCertFile: { value: '/var/snap/microk8s/current/certs/server.crt' },
      },
    },
  ])
  t.match(facts.schedulers, [{ kind: 'microk8s' }])
  t.strictSame(facts.controllerManagers, [])
  const mark = { '/var/snap/microk8s/current/var/lock/clustered.lock': '' }
  const joined = await factsOf(await hostFrom(t, { files: { ...files, ...mark } }))
  t.strictSame([joined.apiServers, joined.schedulers], [[], []])
  t.match(joined.kubeProxies, [{ settings: { metricsBindAddress: { value: '0.0.0.0:10249', source: 'file' } } }])
  t.strictSame(joined.files, [], 'a worker has no files of a control plane')
})

t.test('units start components of the host’s own, etcd takes variables for flags', async t => {
  const files: Record<string, FixtureFile> = {
    '/lib/systemd/system/etcd.service':
      '[Service]\nWorkingDirectory=/var/lib/etcd\nEnvironment=ETCD_CLIENT_CERT_AUTH=false ETCD_NAME=one\nEnvironmentFile=-/etc/default/etcd\nExecStart=/usr/bin/etcd -cert-file=tls/a.crt\n',
    '/etc/default/etcd': 'ETCD_CLIENT_CERT_AUTH="true"\nETCD_CERT_FILE=/b.crt\nETCD_INITIAL_CLUSTER_TOKEN=canary\n',
    '/etc/systemd/system/kube-apiserver.service': '[Service]\nExecStart=/usr/local/bin/start-apiserver\n',
    '/var/lib/etcd/tls/a.crt': 'x',
  }
  const state = await runProbe(controlPlane, await hostFrom(t, { files, live: false }))
  t.notMatch(JSON.stringify(state), /canary/)
  const facts = presentFacts(state) as unknown as ControlPlaneFacts
  t.match(facts.etcdMembers, [
    {
      kind: 'process',
      running: false,
      unit: 'etcd.service',
      settings: {
        clientCertAuth: { value: true, source: 'environment', origin: '--client-cert-auth in etcd.service' },
        certFile: { value: '/var/lib/etcd/tls/a.crt', source: 'unit' },
        dataDir: { value: '/var/lib/etcd/one.etcd', source: 'default' },
        listenClientURLs: { value: ['http://localhost:2379'], source: 'default' },
      },
    },
  ])
  t.match(facts.apiServers, [{ unit: 'kube-apiserver.service', settings: undefined }])
  t.match(
    facts.gaps.find(({ field }) => field === 'apiServers.settings'),
    { detail: 'starts another program', source: '/etc/systemd/system/kube-apiserver.service' },
  )
})

t.test('a running etcd of the host: its variables, its file, and its file alone when it has one', async t => {
  const etcd = (argv: readonly string[], environ: string, files: Record<string, FixtureFile> = {}) =>
    hostFrom(t, {
      files: {
        ...kernelFiles([]),
        ...init,
        ...processFiles({ pid: 40, executable: '/usr/bin/etcd', argv, cgroup: '/system.slice/etcd.service' }),
        '/proc/40/environ': environ,
        ...files,
      },
    })
  const flags = await factsOf(await etcd(['etcd', '--auto-tls'], 'ETCD_AUTO_TLS=false\0ETCD_PEER_AUTO_TLS=true\0'))
  t.match(flags.etcdMembers, [
    {
      unit: 'etcd.service',
      settings: { autoTLS: { value: true, source: 'process' }, peerAutoTLS: { value: true, source: 'environment' } },
    },
  ])
  const file = { '/etc/etcd.yaml': 'enable-pprof: true\n' }
  const alone = await factsOf(await etcd(['etcd', '--auto-tls'], 'ETCD_CONFIG_FILE=/etc/etcd.yaml\0', file))
  t.match(alone.etcdMembers, [
    {
      configFile: '/etc/etcd.yaml',
      settings: { autoTLS: { value: false, source: 'default' }, enablePprof: { value: true, source: 'file' } },
    },
  ])
  const hidden = await etcd(['etcd', '--auto-tls'], '', { '/proc/40/environ': { fifo: true } })
  const facts = await factsOf(hidden)
  t.equal(facts.etcdMembers[0]?.settings, undefined, 'a variable may say otherwise')
  t.match(
    facts.gaps.find(({ field }) => field === 'etcdMembers.settings'),
    { source: 'environ', state: 'notRegular' },
  )
})

t.test('components of a kind node are another machine’s', async t => {
  const node = 'd'.repeat(64)
  const files = {
    ...kernelFiles([]),
    ...init,
    ...processFiles({
      pid: 80,
      executable: '/usr/local/bin/kube-apiserver',
      argv: ['kube-apiserver', '--anonymous-auth=false', '--audit-policy-file=/etc/kubernetes/audit.yaml'],
      cgroup: `/system.slice/docker-${node}.scope/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-burstable.slice/kubelet-kubepods-burstable-pod${'a'.repeat(32)}.slice/cri-containerd-${'c'.repeat(64)}.scope`,
      namespaces: { mnt: 80, net: 80 },
    }),
    '/etc/kubernetes/audit.yaml': 'the host’s own file',
  }
  const facts = await factsOf(await hostFrom(t, { files }))
  t.match(facts.apiServers, [{ foreign: true, settings: { anonymousAuth: { value: false } }, auditPolicy: undefined }])
  t.strictSame(facts.files, [], 'its paths are not the host’s')
  t.match(
    facts.gaps.find(({ field }) => field === 'apiServers.auditPolicy'),
    { source: 'container', state: 'unavailable' },
  )
})

t.test('OpenShift keeps its settings where they are not read', async t => {
  const argv = ['hyperkube', 'kube-apiserver', '--openshift-config=/etc/config.yaml', '--anonymous-auth=false']
  const process = processFiles({ pid: 5, executable: '/usr/bin/hyperkube', argv })
  const facts = await factsOf(await hostFrom(t, { files: { ...kernelFiles([]), ...init, ...process } }))
  t.equal(facts.apiServers[0]?.settings, undefined)
  t.ok(facts.gaps.some(gap => gap.field === 'apiServers.settings' && gap.detail.includes('OpenShift')))
})

t.test('a kube-proxy in a pod is configured by a ConfigMap that the kubelet keeps', async t => {
  const pod = '0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f'
  const volumes = `/var/lib/kubelet/pods/${pod}/volumes/kubernetes.io~configmap`
  const proxy = {
    ...kernelFiles([]),
    ...init,
    ...processFiles({
      pid: 60,
      executable: '/usr/local/bin/kube-proxy',
      argv: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=node'],
      cgroup: `/kubepods/besteffort/pod${pod}/${'e'.repeat(64)}`,
      namespaces: { mnt: 60, net: 1 },
    }),
  }
  const config = 'kind: KubeProxyConfiguration\nmetricsBindAddress: 0.0.0.0:10249\n'
  const read = (files: Record<string, FixtureFile>) => hostFrom(t, { files: { ...proxy, ...files } })
  const facts = await factsOf(await read({ [`${volumes}/kube-proxy/config.conf`]: config }))
  t.match(facts.kubeProxies, [
    {
      id: 'kube-proxy',
      settings: {
        metricsBindAddress: { value: '0.0.0.0:10249', source: 'file', origin: '/var/lib/kube-proxy/config.conf' },
        healthzBindAddress: { value: '0.0.0.0:10256', source: 'default' },
      },
    },
  ])
  t.strictSame([facts.apiServers, facts.files], [[], []])
  for (const files of [
    {},
    { [`${volumes}/a/config.conf`]: config, [`${volumes}/b/config.conf`]: config },
    { [`${volumes}/a/config.conf`]: 'kind: Pod\n' },
  ]) {
    const unknown = await factsOf(await read(files))
    t.equal(unknown.kubeProxies[0]?.settings, undefined)
    t.ok(
      unknown.gaps.some(
        gap => gap.field === 'kubeProxies.settings' && gap.source === '/var/lib/kube-proxy/config.conf',
      ),
    )
  }
})
