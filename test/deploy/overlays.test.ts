// Every way to run that kustomize renders: objects that Kubernetes knows, with fields that it knows.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { modelledVersion } from './kubernetes-fields.ts'
import { manifestFault } from './manifest-fault.ts'
import { kustomized, type Manifest, titleOf } from './rendered.ts'

const overlays = [
  ...['', '/overlays/sqlite', '/overlays/postgres', '/overlays/privileged'],
  ...['/overlays/multi-cluster/hub', '/overlays/multi-cluster/member', '/job'],
].map(path => `deploy/kubernetes${path}`)
const root = join(import.meta.dirname, '../..')

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

t.comment(`schemas of Kubernetes ${modelledVersion()} (kubernetes-models)`)

for (const overlay of overlays) {
  t.test(`${overlay} renders what it is for, valid`, async t => {
    const manifests = kustomized(overlay)
    t.strictSame(
      manifests.map(one => titleOf(one).replace(/(?<=^ConfigMap\/gabion-collector)-.*/, '')).sort(),
      [...(expected[overlay.replace('deploy/kubernetes', '')] ?? [])].sort(),
    )
    for (const manifest of manifests) {
      t.equal(await manifestFault(manifest), undefined, titleOf(manifest))
      t.equal(manifest.metadata.labels?.['app.kubernetes.io/part-of'], 'gabion', `${titleOf(manifest)} is told as ours`)
    }
  })
}

t.test('what is not valid is noticed', async t => {
  const [agent] = kustomized('deploy/kubernetes').filter(({ kind }) => kind === 'DaemonSet')
  const broken = (change: (spec: Record<string, unknown>, container: Record<string, unknown>) => void) => {
    const copy = structuredClone(agent) as unknown as {
      spec: { template: { spec: Record<string, unknown> & { containers: Record<string, unknown>[] } } }
    }
    change(copy.spec.template.spec, copy.spec.template.spec.containers[0] ?? {})
    return copy as unknown as Manifest
  }
  t.equal(await manifestFault(broken(() => undefined)), undefined)
  t.match(await manifestFault(broken(spec => Object.assign(spec, { containers: 'none' }))), /containers/)
  t.match(
    await manifestFault(broken(spec => Object.assign(spec, { hostPid: true }))),
    /^fields that nobody reads: spec\.template\.spec\.hostPid$/,
  )
  t.match(
    await manifestFault(
      broken((_, container) => Object.assign(container, { securityContext: { readOnlyRootFileSystem: true } })),
    ),
    /containers\[0\]\.securityContext\.readOnlyRootFileSystem$/,
  )
})

t.test('every directory of overlays and components is rendered by a test', t => {
  const base = join(root, 'deploy/kubernetes')
  const found = readdirSync(base, { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith('kustomization.yaml') && !path.startsWith('components/'))
    .map(path => `deploy/kubernetes/${path}`.replace(/\/kustomization\.yaml$/, ''))
  const parts = ['deploy/kubernetes/agent', 'deploy/kubernetes/collector']
  t.strictSame(found.sort(), [...overlays, ...parts].sort())
  for (const path of overlays) t.ok(existsSync(join(root, path, 'kustomization.yaml')), path)
  t.end()
})
