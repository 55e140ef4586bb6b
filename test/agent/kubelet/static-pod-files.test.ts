// Tests of where static pods come from: what each kubelet is configured with, not only the usual directories.
import t from 'tap'
import { containers } from '../../../agent/probes/containers.ts'
import { controlPlane } from '../../../agent/probes/control-plane.ts'
import type { ContainersFacts } from '../../../proto/facets/containers.ts'
import type { ControlPlaneFacts } from '../../../proto/facets/control-plane.ts'
import { type FixtureFile, hostFrom } from '../../host-from.ts'
import { kernelFiles, processFiles } from '../../recorded-kubelets.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'

const pod = (name: string) => `kind: Pod
apiVersion: v1
metadata: {name: ${name}, namespace: kube-system}
spec: {containers: [{name: ${name}, image: "registry.k8s.io/${name}:v1.30.2", command: [${name}]}]}
`
const config = (more: string) => `kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n${more}\n`
const kubelet = (args: readonly string[], files: Record<string, FixtureFile> = {}): Record<string, FixtureFile> => ({
  ...kernelFiles([]),
  '/proc/uptime': '1000.00 1.00\n',
  ...processFiles({ pid: 640, executable: '/usr/bin/kubelet', argv: ['kubelet', ...args], cwd: '/srv' }),
  ...files,
})

async function scan(t: Parameters<typeof hostFrom>[0], files: Record<string, FixtureFile>, live = true) {
  const facts = presentFacts(
    await runProbe(containers, await hostFrom(t, { files, live })),
  ) as unknown as ContainersFacts
  const gaps = facts.gaps.filter(({ field }) => field === 'staticPods')
  return { pods: facts.staticPods.map(({ path }) => path), gaps }
}

t.test('a kubelet’s own directory, by flag, file and drop-in', async t => {
  const own = { '/srv/pods/etcd.yaml': pod('etcd'), '/etc/kubernetes/manifests/left.yaml': pod('left') }
  const both = ['/etc/kubernetes/manifests/left.yaml', '/srv/pods/etcd.yaml']
  t.strictSame((await scan(t, kubelet(['--pod-manifest-path=/srv/pods'], own))).pods, both)
  t.strictSame((await scan(t, kubelet(['--pod-manifest-path', 'pods'], own))).pods, both, 'from where it works')
  const file = { '/k.yaml': config('staticPodPath: /srv/pods') }
  t.strictSame((await scan(t, kubelet(['--config=/k.yaml'], { ...own, ...file }))).pods, both)
  const dropIn = {
    '/k.yaml': config('staticPodPath: /nowhere'),
    '/k.d/10.conf': config('staticPodPath: /srv/pods/'),
  }
  const { pods, gaps } = await scan(t, kubelet(['--config=/k.yaml', '--config-dir=/k.d'], { ...own, ...dropIn }))
  t.strictSame([pods, gaps], [both, []])
})

t.test('a path of one file is one static pod', async t => {
  const files = { '/srv/etcd.yaml': pod('etcd'), '/srv/other.yaml': pod('other') }
  t.strictSame((await scan(t, kubelet(['--pod-manifest-path=/srv/etcd.yaml'], files))).pods, ['/srv/etcd.yaml'])
})

t.test('a directory by two names is read once', async t => {
  const files: Record<string, FixtureFile> = {
    '/etc/kubernetes/manifests/etcd.yaml': pod('etcd'),
    '/srv/link': { symlink: '/etc/kubernetes/manifests' },
  }
  t.strictSame((await scan(t, kubelet(['--pod-manifest-path=/srv/link'], files))).pods, [
    '/etc/kubernetes/manifests/etcd.yaml',
  ])
})

t.test('static pods of every kubelet of the host', async t => {
  const files = {
    ...kubelet(['--pod-manifest-path=/one'], { '/one/a.yaml': pod('a'), '/two/b.yaml': pod('b') }),
    ...processFiles({ pid: 641, executable: '/usr/bin/kubelet', argv: ['kubelet', '--pod-manifest-path=/two'] }),
  }
  t.strictSame((await scan(t, files)).pods, ['/one/a.yaml', '/two/b.yaml'])
})

t.test('pods from an address, and a directory that cannot be told, are gaps and never a clean list', async t => {
  const address = await scan(t, kubelet(['--manifest-url=https://user:canary@192.0.2.9/pods?canary']))
  t.match(address.gaps, [
    { effect: 'incomplete', source: 'kubelet.service', detail: 'static pods come from an address, too' },
  ])
  t.notMatch(JSON.stringify(address), /canary/)
  const hidden = await scan(t, kubelet(['--config=/k.yaml'], { '/k.yaml': { fifo: true } }))
  t.match(hidden.gaps, [{ effect: 'incomplete', source: '/k.yaml', state: 'notRegular' }])
  const flag = await scan(t, kubelet(['--read-only-port=canary']))
  t.match(flag.gaps, [{ source: 'cmdline', state: 'malformed', detail: '--read-only-port has no value of its type' }])
  const many = Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`/srv/p/${index}.yaml`, pod('a')]))
  t.match((await scan(t, kubelet(['--pod-manifest-path=/srv/p'], many))).gaps, [
    { source: '/srv/p', state: 'tooLarge' },
  ])
})

t.test('an offline root tells of the kubelet that its unit would start', async t => {
  const files = {
    '/etc/systemd/system/kubelet.service': '[Service]\nExecStart=/usr/bin/kubelet --config=/k.yaml\n',
    '/k.yaml': config('staticPodPath: /srv/pods\nstaticPodURL: http://192.0.2.9/pods'),
    '/srv/pods/etcd.yaml': pod('etcd'),
  }
  const { pods, gaps } = await scan(t, files, false)
  t.strictSame(pods, ['/srv/pods/etcd.yaml'])
  t.match(gaps, [{ source: 'kubelet.service', detail: 'static pods come from an address, too' }])
  const host = await hostFrom(t, { files, live: false })
  const facts = presentFacts(await runProbe(controlPlane, host)) as unknown as ControlPlaneFacts
  t.match(facts.etcdMembers, [{ manifest: '/srv/pods/etcd.yaml' }])
  t.ok(facts.gaps.some(({ field, source }) => field === 'apiServers' && source === 'kubelet.service'))
})

t.test('a running control plane is found by the directory of its kubelet', async t => {
  const files = kubelet(['--pod-manifest-path=/srv/pods'], { '/srv/pods/etcd.yaml': pod('etcd') })
  const facts = presentFacts(await runProbe(controlPlane, await hostFrom(t, { files }))) as unknown as ControlPlaneFacts
  t.match(facts.etcdMembers, [{ manifest: '/srv/pods/etcd.yaml', running: false }])
})
