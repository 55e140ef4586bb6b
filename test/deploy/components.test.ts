// What components add fits together: names of ports, labels, hosts, and how the collector is asked.
import type { IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1'
import type { IIngress, INetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import type { IService } from 'kubernetes-models/v1'
import t from 'tap'
import { parse } from 'yaml'
import { CollectorConfigSchema } from '../../collector/collector-config.ts'
import { loadConfig } from '../../runtime/config.ts'
import { environmentOf, find, kustomized, type Manifest, podOf, withComponents } from './rendered.ts'

const containerOf = (manifests: readonly Manifest[]) => {
  const kind = manifests.some(one => one.kind === 'Deployment') ? 'Deployment' : 'StatefulSet'
  return podOf(find<IDeployment | IStatefulSet>(manifests, kind, 'gabion-collector')).container
}
const serviceOf = (manifests: readonly Manifest[]) => find<IService>(manifests, 'Service', 'gabion-collector')
const policyOf = (manifests: readonly Manifest[]) =>
  find<INetworkPolicy>(manifests, 'NetworkPolicy', 'gabion-collector')
const settingsOf = (manifests: readonly Manifest[]) =>
  loadConfig({ schema: CollectorConfigSchema, environment: environmentOf(containerOf(manifests)), flags: {} })

for (const base of ['overlays/sqlite', 'overlays/postgres']) {
  t.test(`monitoring of ${base}: the operator finds the port where the collector tells its numbers`, async t => {
    const manifests = withComponents(base, 'monitoring')
    interface Monitor {
      readonly spec: {
        readonly selector: { readonly matchLabels: Readonly<Record<string, string>> }
        readonly endpoints: readonly { readonly port: string }[]
      }
    }
    const { selector, endpoints } = find<Monitor>(manifests, 'ServiceMonitor', 'gabion-collector').spec
    const service = serviceOf(manifests)
    for (const [key, value] of Object.entries(selector.matchLabels))
      t.equal(service.metadata?.labels?.[key], value, key)
    const port = service.spec?.ports?.find(({ name }) => name === endpoints[0]?.port)
    const listening = containerOf(manifests).ports?.find(({ name }) => name === port?.targetPort)
    t.equal(settingsOf(manifests).metricsAddress, `0.0.0.0:${listening?.containerPort}`)
    const rule = policyOf(manifests).spec?.ingress?.find(one => one.ports?.some(each => each.port === 'metrics'))
    t.strictSame(rule?.from?.[0]?.podSelector, { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } })
  })
}

t.test('policy reports: the collector is told to write them, and may do just that', async t => {
  const base = kustomized('deploy/kubernetes/overlays/postgres')
  const manifests = withComponents('overlays/postgres', 'policy-reports')
  const given = (all: readonly Manifest[]) => {
    const maps = all.filter(({ kind, metadata }) => kind === 'ConfigMap' && /^gabion-collector/.test(metadata.name))
    const { data = {} } = (maps[0] ?? {}) as { readonly data?: Readonly<Record<string, string>> }
    return CollectorConfigSchema.parse(parse(data['collector.yaml'] ?? ''))
  }
  const [cluster] = given(manifests).kubernetes
  t.strictSame(cluster, { ...given(base).kubernetes[0], policyReports: 'openreports' }, 'and nothing else is other')
  interface Role {
    readonly rules: readonly unknown[]
  }
  const verbs = ['list', 'create', 'patch', 'delete']
  t.strictSame(find<Role>(manifests, 'ClusterRole', 'gabion-policy-reports').rules, [
    { apiGroups: ['openreports.io'], resources: ['clusterreports'], verbs },
  ])
})

interface HttpRoute {
  readonly spec: {
    readonly hostnames: readonly string[]
    readonly rules: readonly { readonly backendRefs: readonly { readonly name: string; readonly port: number }[] }[]
    readonly parentRefs: readonly { readonly namespace: string }[]
  }
}

for (const component of ['ingress', 'gateway']) {
  t.test(`${component}: the proxy reaches the API, alone, and the collector knows that TLS ends there`, async t => {
    const manifests = withComponents('overlays/sqlite', component)
    const { httpBehindProxy, httpNames } = settingsOf(manifests)
    t.equal(httpBehindProxy, true)
    const { readinessProbe, livenessProbe } = containerOf(manifests)
    t.strictSame([readinessProbe?.httpGet?.scheme, livenessProbe?.httpGet?.scheme], ['HTTP', 'HTTP'])
    const rule = policyOf(manifests).spec?.ingress?.filter(one => one.ports?.some(each => each.port === 'http')) ?? []
    t.strictSame(
      rule.map(({ from }) => from),
      [[{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } } }]],
    )
    const ports = serviceOf(manifests).spec?.ports ?? []
    if (component === 'ingress') {
      const { spec } = find<IIngress>(manifests, 'Ingress', 'gabion-collector')
      t.strictSame(
        spec?.rules?.map(({ host }) => host),
        httpNames,
      )
      t.strictSame(spec?.tls?.[0]?.hosts, httpNames)
      const backend = spec?.rules?.[0]?.http?.paths[0]?.backend.service
      t.ok(ports.some(({ name, targetPort }) => name === backend?.port?.name && targetPort === 'http'))
    } else {
      const { spec } = find<HttpRoute>(manifests, 'HTTPRoute', 'gabion-collector')
      t.strictSame(spec.hostnames, httpNames)
      const [backend] = spec.rules[0]?.backendRefs ?? []
      t.ok(ports.some(({ port, targetPort }) => port === backend?.port && targetPort === 'http'))
      t.equal(spec.parentRefs[0]?.namespace, 'ingress', 'the namespace that the policy lets in')
    }
  })
}

t.test('confinement: one field of the agent, and nothing else, changes', async t => {
  const plain = kustomized('deploy/kubernetes')
  for (const [component, field, value] of [
    ['selinux', 'seLinuxOptions', { type: 'spc_t' }],
    ['apparmor', 'appArmorProfile', { type: 'Localhost', localhostProfile: 'gabion-agent' }],
  ] as const) {
    const changed = structuredClone(withComponents('overlays/sqlite', component)) as unknown as typeof plain
    const rights = (of: typeof plain) =>
      find<{ spec: { template: { spec: { containers: { securityContext: Record<string, unknown> }[] } } } }>(
        of,
        'DaemonSet',
        'gabion-agent',
      ).spec.template.spec.containers[0]?.securityContext ?? {}
    t.strictSame(rights(changed)[field], value)
    const [before, after] = [structuredClone(plain), changed]
    delete rights(before)[field]
    delete rights(after)[field]
    t.strictSame(after, before, component)
  }
})
