// Tests of where a path that a component names leads on the host.
import t from 'tap'
import { type FoundComponent, reach } from '../../../agent/control-plane/component.ts'
import type { PodMount } from '../../../agent/parse/static-pod.ts'

function inPod(mounts: readonly PodMount[]): FoundComponent {
  const container = { name: 'x', image: '', argv: [], environment: new Map(), mounts }
  const manifest = { path: '/m.yaml', modifiedAtMs: 0, container, args: [] }
  const none = { running: undefined, environment: undefined, obstacle: undefined }
  return { ...none, name: 'kube-apiserver', kind: 'static-pod', manifest, unit: '', words: [], cwd: '/' }
}

t.test('paths in a pod lead through its volumes, the innermost counts', async t => {
  const found = inPod([
    { mountPath: '/etc/kubernetes', hostPath: '/opt/k8s' },
    { mountPath: '/etc/kubernetes/pki/', hostPath: '/srv/pki/' },
    { mountPath: '/etc/kubernetes/empty', hostPath: undefined },
    { mountPath: '/one.yaml', hostPath: '/srv/one.yaml' },
  ])
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['/etc/kubernetes/a.conf', '/opt/k8s/a.conf'],
    ['/etc/kubernetes', '/opt/k8s'],
    ['/etc/kubernetes/pki/ca.crt', '/srv/pki/ca.crt'],
    ['/etc/kubernetes-other/a', undefined],
    ['/etc/kubernetes/empty/a', undefined],
    ['/one.yaml', '/srv/one.yaml'],
    ['/one.yaml2', undefined],
    ['/var/log/audit.log', undefined],
  ]
  for (const [path, expected] of rows) {
    const reached = expected === undefined ? { state: 'unmounted' } : { state: 'host', path: expected }
    t.strictSame(reach(found, path), reached, path)
  }
  t.strictSame(reach(inPod([{ mountPath: '/', hostPath: '/' }]), '/a'), { state: 'host', path: '/a' })
})

t.test('a program of the host sees the host', async t => {
  const { manifest: _manifest, ...rest } = inPod([])
  t.strictSame(reach({ ...rest, manifest: undefined }, '/a'), { state: 'host', path: '/a' })
})
