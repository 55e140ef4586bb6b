// Tests of what the control plane probe takes from manifests of static pods and their volumes.
import t from 'tap'
import { openFixtureHost } from '../../fixture-host.ts'
import { hostFrom } from '../../host-from.ts'
import { kernelFiles } from '../../recorded-kubelets.ts'
import { argvOf, factsOf, hostWith, inPod, manifest, policy, text } from './control-plane-hosts.ts'

t.test('on an offline root manifests tell the settings', async t => {
  const facts = await factsOf(await openFixtureHost('kubeadm-control-plane', { live: false }))
  t.strictSame(facts.gaps, [])
  t.match(facts.schedulers, [
    {
      running: false,
      uid: -1,
      manifestDiffers: false,
      manifestNewerThanProcess: false,
      settings: {
        profiling: { value: false, source: 'manifest', origin: `--profiling in ${manifest('kube-scheduler')}` },
      },
    },
  ])
})

t.test('a manifest edited after the process started is told, and what runs is what counts', async t => {
  const argv = argvOf('kube-apiserver').map(word => word.replace('--profiling=false', '--profiling=true'))
  const stale = { ...inPod(500, argv), ...kernelFiles([], 1_700_000_000) }
  const facts = await factsOf(await hostWith(t, stale))
  t.match(facts.apiServers, [
    {
      manifestDiffers: true,
      changedFlags: ['--profiling'],
      manifestNewerThanProcess: true,
      changedFiles: ['/etc/kubernetes/audit/policy.yaml', '/etc/kubernetes/enc/enc.yaml'],
      settings: { profiling: { value: true, source: 'process' } },
    },
  ])
  const fresh = await factsOf(await hostWith(t, inPod(500, argvOf('kube-apiserver'))))
  t.match(fresh.apiServers, [{ manifestDiffers: false, manifestNewerThanProcess: false, changedFiles: [] }])
})

t.test('a variable of the pod that the manifest does not hold is no difference', async t => {
  const changed = text(manifest('etcd')).replace('--name=cp1', '--name=$(POD_NAME)')
  const facts = await factsOf(await hostWith(t, { [manifest('etcd')]: changed, ...inPod(500, argvOf('etcd')) }))
  t.match(facts.etcdMembers, [{ manifestDiffers: false, changedFlags: [] }])
})

t.test('an audit policy that no volume brings into the pod is not the host’s file', async t => {
  const without = text(manifest('kube-apiserver')).replace(
    / {4}- mountPath: \/etc\/kubernetes\/audit\/policy.yaml\n.*\n.*\n/,
    '',
  )
  const facts = await factsOf(await hostWith(t, { [manifest('kube-apiserver')]: without }))
  t.match(facts.apiServers, [{ unmounted: ['--audit-policy-file'], auditPolicy: undefined }])
  t.match(facts.gaps, [
    {
      field: 'apiServers.auditPolicy',
      effect: 'omitted',
      source: policy,
      state: 'unavailable',
      detail: 'no volume of the host is mounted there in the pod',
    },
  ])
  t.notOk(facts.files.some(({ role }) => role === 'audit-policy'))
})

t.test('a file is read where its volume has it on the host', async t => {
  const moved = text(manifest('kube-apiserver')).replace(`path: ${policy}`, 'path: /srv/policies/one.yaml')
  const files = {
    [manifest('kube-apiserver')]: moved,
    '/srv/policies/one.yaml': text(policy),
    [policy]: 'kind: Other\n',
  }
  const facts = await factsOf(await hostWith(t, files))
  t.match(facts.apiServers[0]?.auditPolicy, { path: '/srv/policies/one.yaml', rules: 5 })
})

t.test('every file of the manifest directory is a static pod, whatever its name ends in', async t => {
  const backup = text(manifest('kube-apiserver')).replace('--profiling=false', '--profiling=true')
  const files = {
    '/etc/kubernetes/manifests/kube-apiserver.yaml.bak': backup,
    '/etc/kubernetes/manifests/.kube-apiserver.yaml.swp': backup,
    '/etc/kubernetes/manifests/notes.txt': 'kind: ConfigMap\n',
    '/etc/kubernetes/manifests/other.yaml': 'kind: Pod\nspec: {containers: [{name: web, image: nginx}]}\n',
  }
  const facts = await factsOf(await hostWith(t, files, false))
  t.strictSame(
    facts.apiServers.map(({ id, manifest: path }) => [id, path]),
    [
      ['kube-apiserver', '/etc/kubernetes/manifests/kube-apiserver.yaml'],
      ['kube-apiserver#2', '/etc/kubernetes/manifests/kube-apiserver.yaml.bak'],
    ],
  )
  t.strictSame(facts.gaps, [])
})

t.test('a manifest that cannot be used may be any component', async t => {
  for (const [file, state] of [
    [{ fifo: true }, 'notRegular'],
    ['kind: Pod\n a: b: c\n', 'malformed'],
    ['x'.repeat(600_000), 'tooLarge'],
  ] as const) {
    const facts = await factsOf(await hostWith(t, { [manifest('etcd')]: file }, false))
    t.strictSame(facts.etcdMembers, [])
    const gap = facts.gaps.find(({ field }) => field === 'etcdMembers')
    t.match(gap, { effect: 'incomplete', source: manifest('etcd'), state })
    t.ok(facts.apiServers[0]?.settings, 'the others are told')
  }
})

t.test('the kubelet’s own directory of static pods is looked at', async t => {
  const config = 'kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\nstaticPodPath: /srv/pods/\n'
  const unit = '[Service]\nExecStart=/usr/bin/kubelet --config=/k.yaml\n'
  const files = { '/etc/systemd/system/kubelet.service': unit, '/k.yaml': config }
  const pod = { '/srv/pods/etcd.json': text(manifest('etcd')) }
  const facts = await factsOf(await hostFrom(t, { files: { ...files, ...pod }, live: false }))
  t.match(facts.etcdMembers, [{ manifest: '/srv/pods/etcd.json' }])
  const unknown = await factsOf(await hostFrom(t, { files: { ...files, '/k.yaml': { fifo: true } }, live: false }))
  t.match(
    unknown.gaps.find(({ field }) => field === 'apiServers'),
    { effect: 'incomplete', source: '/k.yaml', state: 'notRegular' },
    'where it is cannot be told',
  )
})

t.test('two of a kind keep to their own manifests', async t => {
  const events = text(manifest('etcd'))
    .replace('name: etcd\n', 'name: etcd-events\n')
    .replace('=/var/lib/etcd', '=/var/lib/events')
  const second = argvOf('etcd').map(word => word.replace('=/var/lib/etcd', '=/var/lib/events'))
  const processes = { ...inPod(500, second), ...inPod(501, argvOf('etcd')) }
  const facts = await factsOf(await hostWith(t, { '/etc/kubernetes/manifests/events.yaml': events, ...processes }))
  t.strictSame(
    facts.etcdMembers.map(one => [one.id, one.manifest, one.settings?.dataDir.value, one.manifestDiffers]),
    [
      ['etcd', manifest('etcd'), '/var/lib/etcd', false],
      ['etcd#2', '/etc/kubernetes/manifests/events.yaml', '/var/lib/events', false],
    ],
  )
})
