// Every way to run that kustomize renders: the objects that it is made of, and no other.
import t from 'tap'
import { kustomized, titleOf } from './rendered.ts'
import { overlayNames } from './renderings.ts'

const overlays = [
  ...['', '/overlays/sqlite', '/overlays/postgres', '/overlays/privileged'],
  ...['/overlays/multi-cluster/hub', '/overlays/multi-cluster/member', '/job'],
].map(path => `deploy/kubernetes${path}`)

const both = [
  ...[
    'ClusterRole/gabion-collector',
    'ClusterRole/gabion-reader',
    'ClusterRole/gabion-operator',
    'ClusterRole/gabion-admin',
    'ClusterRoleBinding/gabion-collector',
  ],
  ...['ConfigMap/gabion-collector', 'DaemonSet/gabion-agent', 'Namespace/gabion', 'Namespace/gabion-agent'],
  ...['NetworkPolicy/gabion-collector', 'PriorityClass/gabion-agent', 'Role/gabion-collector', 'Role/gabion-viewer'],
  ...['RoleBinding/gabion-collector', 'RoleBinding/gabion-viewer', 'Service/gabion-collector'],
  ...['ServiceAccount/gabion-agent', 'ServiceAccount/gabion-collector'],
]
const expected: Readonly<Record<string, readonly string[]>> = {
  '': [...both, 'StatefulSet/gabion-collector'],
  '/overlays/sqlite': [...both, 'StatefulSet/gabion-collector'],
  '/overlays/privileged': [...both, 'StatefulSet/gabion-collector'],
  '/overlays/postgres': [
    ...[...both, 'Deployment/gabion-collector', 'HorizontalPodAutoscaler/gabion-collector'],
    'PodDisruptionBudget/gabion-collector',
  ],
  '/overlays/multi-cluster/hub': [...both, 'Service/gabion-collector-outside', 'StatefulSet/gabion-collector'],
  '/overlays/multi-cluster/member': [
    ...['ClusterRole/gabion-collector', 'ClusterRoleBinding/gabion-collector', 'DaemonSet/gabion-agent'],
    ...[
      'Namespace/gabion-agent',
      'PriorityClass/gabion-agent',
      'Role/gabion-collector',
      'RoleBinding/gabion-collector',
    ],
    ...['Secret/gabion-collector', 'ServiceAccount/gabion-agent', 'ServiceAccount/gabion-collector'],
  ],
  '/job': ['Job/gabion-scan', 'Namespace/gabion-agent'],
}

for (const overlay of overlays) {
  t.test(`${overlay} renders what it is for`, async t => {
    const manifests = kustomized(overlay)
    t.strictSame(
      manifests.map(one => titleOf(one).replace(/(?<=^ConfigMap\/gabion-collector)-.*/, '')).sort(),
      [...(expected[overlay.replace('deploy/kubernetes', '')] ?? [])].sort(),
    )
    for (const manifest of manifests)
      t.equal(manifest.metadata.labels?.['app.kubernetes.io/part-of'], 'gabion', `${titleOf(manifest)} is told as ours`)
  })
}

t.test('every directory of overlays is rendered by a test', async t => {
  t.strictSame([...overlayNames], overlays.map(path => path.replace(/^deploy\/kubernetes\/?/, '')).sort())
})
