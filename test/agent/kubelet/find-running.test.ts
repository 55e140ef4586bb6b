// Tests of running kubelets as distributions run them.
import t from 'tap'
import type { HttpAnswer } from '../../../agent/host/host.ts'
import { programOf } from '../../../agent/kubelet/find-running.ts'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import type { KubeletFacts } from '../../../proto/facets/kubelet.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { type FixtureProcess, kernelFiles, processFiles } from '../../recorded-kubelets.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
const guarded = `${head}authentication: {anonymous: {enabled: false}, webhook: {enabled: true}}\nauthorization: {mode: Webhook}\n`
/** The process tree's other files are the same for all. */
const socket = (port: number) => ({ address: '0.0.0.0', port, fd: 20 })

async function factsOf(
  t: Parameters<typeof hostFrom>[0],
  process: Omit<FixtureProcess, 'pid'>,
  files: Record<string, FixtureFile> = {},
  http: Record<string, HttpAnswer> = {},
): Promise<KubeletFacts> {
  const host = await hostFrom(t, {
    files: { ...kernelFiles(process.sockets ?? []), ...processFiles({ pid: 640, ...process }), ...files },
    http,
  })
  return presentFacts(await runProbe(kubelet, host)) as unknown as KubeletFacts
}

const k3s = '/var/lib/rancher/k3s'
const k3sProcess = {
  executable: `${k3s}/data/0123456789abcdef/bin/k3s`,
  argv: ['/usr/local/bin/k3s server'],
  name: 'k3s-server',
  cgroup: '/system.slice/k3s.service',
}
const k3sFiles: Record<string, FixtureFile> = {
  [`${k3s}/agent/etc/kubelet.conf.d/00-k3s-defaults.conf`]: `${guarded}failSwapOn: false\nhealthzBindAddress: 127.0.0.1\n`,
  '/etc/systemd/system/k3s.service': `[Service]
EnvironmentFile=-/etc/systemd/system/k3s.service.env
ExecStart=/usr/local/bin/k3s \\
    server \\
        '--kubelet-arg=protect-kernel-defaults=true' \\
`,
  '/etc/systemd/system/k3s.service.env': 'K3S_TOKEN=canary\n',
}

t.test('k3s runs its kubelet inside itself, configured by drop-ins over the legacy defaults', async t => {
  const facts = await factsOf(t, { ...k3sProcess, sockets: [socket(10250)] }, k3sFiles)
  t.match(facts.kubelets, [
    {
      id: 'k3s:/var/lib/kubelet',
      kind: 'k3s',
      unit: 'k3s.service',
      configFile: '',
      configDir: `${k3s}/agent/etc/kubelet.conf.d`,
      kubeconfig: `${k3s}/agent/kubelet.kubeconfig`,
      settings: {
        anonymousAuth: { value: false, source: 'drop-in' },
        authorizationMode: { value: 'Webhook' },
        readOnlyPort: { value: 0, source: 'flag', origin: 'argument that k3s gives its kubelet' },
        protectKernelDefaults: { value: true, source: 'flag', origin: '--protect-kernel-defaults' },
        failSwapOn: { value: false },
      },
    },
  ])
  t.equal(facts.kubelets[0]?.configNewerThanProcess, undefined, 'it writes its files after it has started')
  t.match(
    facts.endpoints?.find(({ endpoint }) => endpoint === 'readOnly'),
    { state: 'closed' },
  )
  t.notOk(facts.gaps.some(({ field }) => field.includes('readOnlyPort')))
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test('k3s always names its node, by the host or by its options', async t => {
  const name = async (files: Record<string, FixtureFile>) => {
    const facts = await factsOf(t, k3sProcess, { ...k3sFiles, '/proc/sys/kernel/hostname': 'Edge-1\n', ...files })
    return facts.kubelets[0]?.settings?.hostnameOverride
  }
  const config = (text: string) => ({ '/etc/rancher/k3s/config.yaml': text, '/etc/rancher/node/id': '0a1b2c3d\n' })
  t.match(await name({}), { value: 'edge-1', source: 'flag', origin: 'argument that k3s gives its kubelet' })
  t.match(await name(config('node-name: Other\n')), { value: 'other' })
  t.match(await name(config('with-node-id: true\n')), { value: 'edge-1-0a1b2c3d' })
  t.match(await name(config('kubelet-arg: [hostname-override=mine]\n')), {
    value: 'mine',
    origin: '--hostname-override',
  })
})

t.test('the read-only port of k3s, switched off by an argument nobody sees, must be found closed to pass', async t => {
  const facts = await factsOf(t, { ...k3sProcess, sockets: [socket(10255)] }, k3sFiles, {
    'http://127.0.0.1:10255/pods': { state: 'open', status: 200, body: '{"kind":"PodList"', tlsVersion: '' },
  })
  t.match(
    facts.endpoints?.find(({ endpoint }) => endpoint === 'readOnly'),
    { state: 'open', scope: 'any' },
  )
  t.match(
    facts.gaps.find(({ field }) => field === 'kubelets.settings.readOnlyPort'),
    { effect: 'incomplete', state: 'unavailable', source: 'k3s:/var/lib/kubelet' },
  )
})

t.test('kubelet arguments of k3s come from its configuration files, then from its command line', async t => {
  const files = {
    ...k3sFiles,
    '/etc/rancher/k3s/config.yaml': 'token: canary\nkubelet-arg:\n- anonymous-auth=true\n- event-qps=1\n- config=/x\n',
    '/etc/rancher/k3s/config.yaml.d/10.yaml': 'kubelet-arg+: [event-qps=2]\ndata-dir: /var/lib/rancher/k3s\n',
  }
  const argv = ['/usr/local/bin/k3s', 'server', '--kubelet-arg', 'event-qps=3', '--kubelet-arg=pod-max-pids=9']
  const facts = await factsOf(t, { ...k3sProcess, argv }, files)
  t.match(facts.kubelets[0], {
    configFile: '',
    settings: { anonymousAuth: { value: true }, eventRecordQPS: { value: 3 }, podPidsLimit: { value: 9 } },
  })
  const replaced = { ...files, '/etc/rancher/k3s/config.yaml.d/20.yaml': 'kubelet-arg: []\n' }
  const without = await factsOf(t, { ...k3sProcess, argv: ['k3s', 'server', '--debug'] }, replaced)
  t.match(without.kubelets[0]?.settings, { anonymousAuth: { value: false }, eventRecordQPS: { value: 50 } })
  t.notMatch(JSON.stringify([facts, without]), /canary/)
})

t.test('an older k3s keeps the settings of its kubelet to itself', async t => {
  const facts = await factsOf(t, k3sProcess, {})
  t.equal(facts.kubelets[0]?.settings, undefined)
  t.match(
    facts.gaps.find(({ field }) => field === 'kubelets.settings'),
    { effect: 'omitted', state: 'unavailable', source: `${k3s}/agent/etc/kubelet.conf.d` },
  )
})

t.test('a k3s server without agent has no kubelet, nor has a k3s that is kubectl', async t => {
  const host = await hostFrom(t, {
    files: {
      ...kernelFiles([]),
      ...processFiles({ pid: 5, ...k3sProcess, argv: ['k3s', 'server', '--disable-agent'] }),
    },
  })
  t.match(await runProbe(kubelet, host), { state: 'absent' })
})

t.test('RKE2 runs a kubelet of its own, whose path tells the version', async t => {
  const rke2 = '/var/lib/rancher/rke2'
  const facts = await factsOf(
    t,
    {
      executable: `${rke2}/data/v1.33.4-rke2r1-0a1b2c3d4e5f/bin/kubelet`,
      argv: [
        'kubelet',
        `--config-dir=${rke2}/agent/etc/kubelet.conf.d`,
        `--kubeconfig=${rke2}/agent/kubelet.kubeconfig`,
        '--read-only-port=0',
      ],
      cgroup: '/system.slice/rke2-server.service',
    },
    { [`${rke2}/agent/etc/kubelet.conf.d/00-rke2-defaults.conf`]: guarded },
  )
  t.match(facts.kubelets, [
    {
      kind: 'rke2',
      version: '1.33.4',
      unit: 'rke2-server.service',
      settings: {
        anonymousAuth: { value: false, source: 'drop-in' },
        readOnlyPort: { value: 0, source: 'flag', origin: '--read-only-port' },
        eventRecordQPS: { value: 50, origin: 'default of 1.33 without a configuration file' },
      },
    },
  ])
})

t.test('MicroK8s runs it inside kubelite, with flags from a file', async t => {
  const facts = await factsOf(
    t,
    {
      executable: '/snap/microk8s/6089/kubelite',
      argv: [
        '/snap/microk8s/6089/kubelite',
        '--scheduler-args-file=/x',
        '--kubelet-args-file=/var/snap/microk8s/6089/args/kubelet',
      ],
      cgroup: '/system.slice/snap.microk8s.daemon-kubelite.service',
    },
    {
      '/var/snap/microk8s/6089/args/kubelet': `# arguments
--kubeconfig=\${SNAP_DATA}/credentials/kubelet.config
--cert-dir=\${SNAP_DATA}/certs
--client-ca-file=\${SNAP_DATA}/certs/ca.crt
--anonymous-auth=false
--root-dir=\${SNAP_COMMON}/var/lib/kubelet
--node-labels="a=b,c=d"
--authentication-token-webhook=true
`,
      '/snap/microk8s/6089/meta/snap.yaml': 'name: microk8s\nversion: v1.30.1\n',
    },
  )
  t.match(facts.kubelets, [
    {
      id: 'microk8s:/var/snap/microk8s/common/var/lib/kubelet',
      version: '1.30.1',
      kubeconfig: '/var/snap/microk8s/6089/credentials/kubelet.config',
      settings: {
        anonymousAuth: { value: false, source: 'flag' },
        authorizationMode: { value: 'AlwaysAllow', source: 'default' },
        readOnlyPort: { value: 10255 },
        clientCAFile: { value: '/var/snap/microk8s/6089/certs/ca.crt' },
      },
    },
  ])
  t.ok(facts.files.some(({ path, role }) => path.endsWith('/args/kubelet') && role === 'environment'))
})

t.test('kubelets of other distributions say themselves where their configuration is', async t => {
  interface Layout {
    readonly title: string
    readonly executable: string
    readonly args: readonly string[]
    readonly files: Record<string, FixtureFile>
    readonly row: Record<string, unknown>
  }
  const layouts: readonly Layout[] = [
    {
      title: 'k0s',
      executable: '/var/lib/k0s/bin/kubelet',
      args: [
        '--root-dir=/var/lib/k0s/kubelet',
        '--config=/var/lib/k0s/kubelet-config.yaml',
        '--kubeconfig=/var/lib/k0s/kubelet.conf',
      ],
      files: { '/var/lib/k0s/kubelet-config.yaml': guarded },
      row: { id: 'k0s:/var/lib/k0s/kubelet', settings: { anonymousAuth: { value: false, source: 'file' } } },
    },
    {
      title: 'EKS on Amazon Linux 2',
      executable: '/usr/bin/kubelet',
      args: ['--config', '/etc/kubernetes/kubelet/kubelet-config.json', '--kubeconfig', '/var/lib/kubelet/kubeconfig'],
      files: {
        '/etc/kubernetes/kubelet/kubelet-config.json': JSON.stringify({
          kind: 'KubeletConfiguration',
          apiVersion: 'kubelet.config.k8s.io/v1beta1',
          readOnlyPort: 0,
          protectKernelDefaults: true,
        }),
      },
      row: { kind: 'kubelet', settings: { readOnlyPort: { source: 'file' }, protectKernelDefaults: { value: true } } },
    },
    {
      title: 'EKS on Amazon Linux 2023',
      executable: '/usr/bin/kubelet',
      args: ['--config=/etc/kubernetes/kubelet/config.json', '--config-dir=/etc/kubernetes/kubelet/config.json.d'],
      files: {
        '/etc/kubernetes/kubelet/config.json': guarded,
        '/etc/kubernetes/kubelet/config.json.d/40-nodeadm.conf': `${head}readOnlyPort: 10255\n`,
      },
      row: { settings: { readOnlyPort: { value: 10255, source: 'drop-in' } } },
    },
    {
      title: 'GKE',
      executable: '/home/kubernetes/bin/kubelet',
      args: ['--v=2', '--config', '/home/kubernetes/kubelet-config.yaml', '--read-only-port=10255'],
      files: { '/home/kubernetes/kubelet-config.yaml': `${guarded}readOnlyPort: 0\n` },
      row: { settings: { readOnlyPort: { value: 10255, source: 'flag' } } },
    },
    {
      title: 'AKS, by flags only',
      executable: '/usr/local/bin/kubelet',
      args: [
        '--enable-server',
        '--anonymous-auth=false',
        '--authorization-mode=Webhook',
        '--read-only-port=0',
        '--rotate-certificates=true',
        '--client-ca-file=/etc/kubernetes/certs/ca.crt',
        '--address=0.0.0.0',
      ],
      files: {},
      row: {
        configFile: '',
        settings: {
          anonymousAuth: { value: false, source: 'flag' },
          webhookAuth: { value: false, source: 'default' },
          rotateCertificates: { value: true },
        },
      },
    },
    {
      title: 'OpenShift, whose kubelet.conf is no kubeconfig',
      executable: '/usr/bin/kubelet',
      args: [
        '--config=/etc/kubernetes/kubelet.conf',
        '--kubeconfig=/var/lib/kubelet/kubeconfig',
        '--config-dir=/etc/openshift/kubelet.conf.d',
      ],
      files: {
        '/etc/kubernetes/kubelet.conf': guarded,
        '/etc/openshift/kubelet.conf.d/10.conf': `${head}serverTLSBootstrap: true\n`,
      },
      row: { id: 'openshift:/var/lib/kubelet', settings: { serverTLSBootstrap: { value: true } } },
    },
    {
      title: 'Talos',
      executable: '/usr/local/bin/kubelet',
      args: ['--config=/etc/kubernetes/kubelet.yaml', '--kubeconfig=/etc/kubernetes/kubeconfig-kubelet'],
      files: { '/etc/kubernetes/kubelet.yaml': `${guarded}seccompDefault: true\n` },
      row: { id: 'talos:/var/lib/kubelet', settings: { seccompDefault: { value: true } } },
    },
    {
      title: 'Bottlerocket',
      executable: '/usr/bin/kubelet',
      args: ['--config', '/etc/kubernetes/kubelet/config', '--kubeconfig', '/etc/kubernetes/kubelet/kubeconfig'],
      files: { '/etc/kubernetes/kubelet/config': guarded },
      row: {
        kind: 'kubelet',
        configFile: '/etc/kubernetes/kubelet/config',
        settings: { anonymousAuth: { value: false } },
      },
    },
  ]
  for (const { title, executable, args, files, row } of layouts) {
    const facts = await factsOf(t, { executable, argv: [executable, ...args] }, files)
    t.match(facts.kubelets, [{ running: true, ...row }], title)
  }
})

t.test('argument vectors are told apart by program and command', async t => {
  t.match(programOf('/usr/bin/kubelet', ['/usr/bin/kubelet', '--a']), { form: 'kubelet', args: ['--a'] })
  t.match(programOf('', ['kubelet']), { form: 'kubelet' }, 'an executable that cannot be seen')
  t.match(programOf('/usr/bin/hyperkube', ['kubelet', '--a']), { form: 'kubelet', args: ['--a'] })
  t.match(programOf('/usr/bin/hyperkube', ['hyperkube', 'kubelet', '--a']), { form: 'kubelet', args: ['--a'] })
  t.match(programOf('/x/bin/k3s', ['/usr/local/bin/k3s agent']), { form: 'k3s', args: [] })
  t.match(programOf('/x/bin/k3s', ['k3s-agent', '--x']), { form: 'k3s', args: ['--x'] })
  for (const argv of [[], [''], ['k3s'], ['k3s', 'etcd-snapshot'], ['kubelet-wrapper'], ['hyperkube']]) {
    t.equal(programOf('/usr/bin/other', argv), undefined, JSON.stringify(argv))
  }
})
