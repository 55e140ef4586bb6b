// Tests of kubelets that are configured but do not run: units with drop-ins first, usual places last.
import t from 'tap'
import { kubelet } from '../../../agent/probes/kubelet.ts'
import type { KubeletFacts } from '../../../proto/facets/kubelet.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const head = 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n'
const config = `${head}readOnlyPort: 10255\nrotateCertificates: true\n`

async function factsOf(t: Parameters<typeof hostFrom>[0], files: Record<string, FixtureFile>): Promise<KubeletFacts> {
  const host = await hostFrom(t, { files, live: false })
  return presentFacts(await runProbe(kubelet, host)) as unknown as KubeletFacts
}

const kubeadm: Record<string, FixtureFile> = {
  '/usr/bin/kubelet': 'a program',
  '/usr/lib/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/kubelet\nRestart=always\n',
  '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`,
  '/var/lib/kubelet/kubeadm-flags.env': 'KUBELET_KUBEADM_ARGS="--hostname-override=node-1 --event-qps=0"\n',
  '/var/lib/kubelet/config.yaml': config,
}

t.test('kubeadm: the command line is put together from unit, drop-in and environment files', async t => {
  const facts = await factsOf(t, {
    ...kubeadm,
    '/etc/default/kubelet': 'KUBELET_EXTRA_ARGS=--read-only-port=0 --x=canary\n',
  })
  t.match(facts.kubelets, [
    {
      id: 'kubelet:/var/lib/kubelet',
      running: false,
      unit: 'kubelet.service',
      configFile: '/var/lib/kubelet/config.yaml',
      kubeconfig: '/etc/kubernetes/kubelet.conf',
      bootstrapKubeconfig: '/etc/kubernetes/bootstrap-kubelet.conf',
      configNewerThanProcess: false,
      settings: {
        readOnlyPort: { value: 0, source: 'flag' },
        hostnameOverride: { value: 'node-1', origin: '--hostname-override' },
        eventRecordQPS: { value: 0 },
        rotateCertificates: { value: true, source: 'file' },
      },
    },
  ])
  t.strictSame(
    facts.files.filter(({ role }) => role === 'unit' || role === 'environment').map(({ path }) => path),
    [
      '/etc/default/kubelet',
      '/usr/lib/systemd/system/kubelet.service',
      '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf',
      '/var/lib/kubelet/kubeadm-flags.env',
    ],
  )
  t.notMatch(JSON.stringify(facts), /canary/)
})

t.test(
  'a drop-in below /etc hides the one of the same name below /usr, and a masked one counts for nothing',
  async t => {
    const drop = '/etc/systemd/system/kubelet.service.d'
    const facts = await factsOf(t, {
      ...kubeadm,
      [`${drop}/10-kubeadm.conf`]: '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet --port=1 --event-qps=1\n',
      [`${drop}/20-more.conf`]: '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet --port=2\n',
      [`${drop}/30-masked.conf`]: { symlink: '/dev/null' },
      [`${drop}/readme.txt`]: '[Service]\nExecStart=\nExecStart=/usr/bin/kubelet --port=3\n',
    })
    t.match(facts.kubelets[0]?.settings, { port: { value: 2 }, eventRecordQPS: { source: 'default' } })
    t.equal(facts.kubelets[0]?.configFile, '')
  },
)

t.test('a masked unit starts nothing', async t => {
  const { '/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf': _drop, ...rest } = kubeadm
  const facts = await factsOf(t, { ...rest, '/etc/systemd/system/kubelet.service': { symlink: '/dev/null' } })
  t.match(facts.kubelets, [{ unit: '', configFile: '/var/lib/kubelet/config.yaml' }])
  t.match(
    facts.gaps.find(({ field }) => field === 'kubelets.settings'),
    { effect: 'incomplete', source: '/var/lib/kubelet/config.yaml' },
    'a file on disk alone proves no command line',
  )
})

t.test('an environment file that cannot be read, or a wrapper, leaves the settings out', async t => {
  const blocked = await factsOf(t, { ...kubeadm, '/etc/default/kubelet': { fifo: true } })
  t.equal(blocked.kubelets[0]?.settings, undefined)
  t.match(
    blocked.gaps.find(({ field }) => field === 'kubelets.settings'),
    { source: '/etc/default/kubelet', state: 'notRegular' },
  )
  const wrapped = await factsOf(t, {
    '/etc/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/lib/coreos/kubelet-wrapper --port=1\n',
  })
  t.equal(wrapped.kubelets[0]?.settings, undefined)
})

t.test('a unit, a drop-in or a directory of drop-ins that cannot be used leaves the settings out', async t => {
  const unit = '/usr/lib/systemd/system/kubelet.service'
  const dropIn = `${unit}.d/10-kubeadm.conf`
  const { [dropIn]: _dropIn, ...withoutDropIn } = kubeadm
  const hosts: readonly (readonly [string, Record<string, FixtureFile>, string])[] = [
    ['a FIFO for a unit', { ...kubeadm, [unit]: { fifo: true } }, unit],
    ['a FIFO for a drop-in', { ...kubeadm, [dropIn]: { fifo: true } }, dropIn],
    ['a huge drop-in', { ...kubeadm, [dropIn]: `#${'x'.repeat(1_100_000)}` }, dropIn],
    ['a file for the directory', { ...withoutDropIn, [`${unit}.d`]: 'x' }, `${unit}.d`],
  ]
  for (const [title, files, source] of hosts) {
    const facts = await factsOf(t, files)
    t.match(facts.kubelets, [{ unit: 'kubelet.service' }], title)
    t.equal(facts.kubelets[0]?.settings, undefined, title)
    t.match(
      facts.gaps.find(({ field }) => field === 'kubelets.settings'),
      { effect: 'omitted', source },
      title,
    )
  }
})

t.test('a usual place or program that cannot be looked at is no absence', async t => {
  const path = '/var/lib/kubelet/config.yaml'
  const facts = await factsOf(t, { [path]: { fifo: true } })
  t.strictSame(facts.kubelets, [])
  t.match(facts.gaps, [{}, { field: 'kubelets', effect: 'incomplete', source: path, state: 'notRegular' }])
})

t.test('hyperkube, k3s, RKE2 and MicroK8s are known by their units and files', async t => {
  const hyperkube = await factsOf(t, {
    '/etc/systemd/system/kubelet.service':
      '[Service]\nWorkingDirectory=/srv\nExecStart=/opt/hyperkube kubelet --config=k.yaml --port=7\n',
    '/srv/k.yaml': config,
  })
  t.match(hyperkube.kubelets, [{ kind: 'hyperkube', configFile: '/srv/k.yaml', settings: { port: { value: 7 } } }])
  for (const [kind, unit] of [
    ['k3s', 'k3s-agent.service'],
    ['rke2', 'rke2-server.service'],
  ] as const) {
    const facts = await factsOf(t, {
      [`/etc/systemd/system/${unit}`]: `[Service]\nExecStart=/usr/local/bin/${kind} agent --kubelet-arg=port=9 -d /data\n`,
      '/data/agent/etc/kubelet.conf.d/00-defaults.conf': `${head}authentication: {anonymous: {enabled: false}}\n`,
    })
    t.match(facts.kubelets, [
      { kind, unit, running: false, settings: { port: { value: 9 }, anonymousAuth: { value: false } } },
    ])
    t.ok(
      facts.gaps.some(({ field }) => field === 'kubelets.settings.readOnlyPort'),
      `${kind}: not seen`,
    )
  }
  const microk8s = await factsOf(t, { '/var/snap/microk8s/current/args/kubelet': '--anonymous-auth=false\n' })
  t.match(microk8s.kubelets, [{ kind: 'microk8s', settings: { anonymousAuth: { value: false } } }])
})

t.test('without unit and process the usual places are looked at, and taken only by what they say', async t => {
  const places: readonly (readonly [string, string])[] = [
    ['/var/lib/kubelet/config.yaml', 'kubelet'],
    ['/etc/kubernetes/kubelet.conf', 'openshift'],
    ['/etc/kubernetes/kubelet.yaml', 'talos'],
    ['/var/lib/k0s/kubelet-config.yaml', 'k0s'],
    ['/etc/kubernetes/kubelet/config.json', 'kubelet'],
    ['/etc/kubernetes/kubelet/kubelet-config.json', 'kubelet'],
    ['/etc/kubernetes/kubelet/config', 'kubelet'],
    ['/home/kubernetes/kubelet-config.yaml', 'kubelet'],
    ['/etc/default/kubeletconfig.json', 'kubelet'],
    ['/etc/kubernetes/kubelet-config.yaml', 'kubelet'],
  ]
  for (const [path, kind] of places) {
    const facts = await factsOf(t, { [path]: config })
    t.match(facts.kubelets, [{ kind, configFile: path, settings: { readOnlyPort: { value: 10255 } } }], path)
    t.ok(facts.gaps.some(({ field, effect }) => field === 'kubelets.settings' && effect === 'incomplete'))
  }
  const kubeconfig = await hostFrom(t, { files: { '/etc/kubernetes/kubelet.conf': 'kind: Config\n' }, live: false })
  t.match(await runProbe(kubelet, kubeconfig), { state: 'absent' })
  const amazon = await factsOf(t, {
    '/etc/kubernetes/kubelet/config.json': config,
    '/etc/kubernetes/kubelet/config.json.d/40-nodeadm.conf': `${head}readOnlyPort: 0\n`,
  })
  t.match(amazon.kubelets[0]?.settings, { readOnlyPort: { value: 0, source: 'drop-in' } })
})
