// What the rendered manifests let agents and collectors do: what they need and nothing else.
import type { IDaemonSet, IDeployment, IStatefulSet } from 'kubernetes-models/apps/v1'
import type { IJob } from 'kubernetes-models/batch/v1'
import t from 'tap'
import { parse } from 'yaml'
import { AgentConfigSchema } from '../../agent/agent-config.ts'
import { createProgram as createAgentProgram } from '../../agent/main.ts'
import { type Resource, resources, roleMay, verbs } from '../../collector/auth/access/rights.ts'
import { ClustersSchema } from '../../collector/auth/kubernetes/cluster.ts'
import { configMapKey, configMapName } from '../../collector/auth/kubernetes/publish-authorities.ts'
import { CollectorConfigSchema } from '../../collector/collector-config.ts'
import { createProgram as createCollectorProgram } from '../../collector/main.ts'
import { environmentName, loadConfig } from '../../runtime/config.ts'
import { agentPod, collectorFile, environmentOf, find, kustomized, type Pod, podOf, rightsOf } from './rendered.ts'

const manifests = kustomized('deploy/kubernetes')
const replicated = kustomized('deploy/kubernetes/overlays/postgres')
const hub = kustomized('deploy/kubernetes/overlays/multi-cluster/hub')
const member = kustomized('deploy/kubernetes/overlays/multi-cluster/member')

const agent = agentPod(manifests)
const collectorSet = find<IStatefulSet>(manifests, 'StatefulSet', 'gabion-collector')
const collector = podOf(collectorSet)
const replica = podOf(find<IDeployment>(replicated, 'Deployment', 'gabion-collector'))
const scanner = podOf(find<IJob>(kustomized('deploy/kubernetes/job'), 'Job', 'gabion-scan') as unknown as IDaemonSet)

const agentConfig = ({ container }: Pod) =>
  loadConfig({
    schema: AgentConfigSchema,
    file: { path: '/nonexistent', required: false },
    environment: environmentOf(container),
    flags: {},
  })
const collectorConfig = (of: typeof manifests) => CollectorConfigSchema.strict().parse(parse(collectorFile(of)))

t.test('the agent is root without privileges but three, and sees the host read-only', t => {
  for (const [name, { pod, container }] of Object.entries({ agent, scanner })) {
    t.strictSame(
      container.securityContext,
      {
        ...{ runAsUser: 0, runAsGroup: 0, privileged: false, allowPrivilegeEscalation: false },
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH', 'SYS_PTRACE', 'NET_ADMIN'] },
        seccompProfile: { type: 'RuntimeDefault' },
        appArmorProfile: { type: 'Unconfined' },
      },
      name,
    )
    t.match(pod, { hostPID: true, hostNetwork: true, automountServiceAccountToken: false, enableServiceLinks: false })
    t.equal(pod.hostIPC, undefined)
    t.strictSame(pod.tolerations, [{ operator: 'Exists' }], 'runs on every node, control plane included')
    const host = container.volumeMounts?.find(mount => mount.mountPath === '/host')
    t.match(host, { readOnly: true, mountPropagation: 'HostToContainer' })
    t.strictSame(pod.volumes?.find(volume => volume.name === host?.name)?.hostPath, { path: '/', type: 'Directory' })
    t.equal(container.ports, undefined, 'listens nowhere')
  }
  const writable = ({ container }: Pod) =>
    container.volumeMounts?.filter(mount => mount.readOnly !== true).map(mount => mount.mountPath)
  t.strictSame(writable(agent), ['/var/lib/gabion/agent'], 'writes to its own directory only')
  t.strictSame(writable(scanner), [], 'and one that looks once writes nowhere')
  t.equal(agent.pod.dnsPolicy, 'ClusterFirstWithHostNet')
  t.equal(
    agent.pod.priorityClassName,
    find<{ metadata: { name: string } }>(manifests, 'PriorityClass', 'gabion-agent').metadata.name,
  )
  t.ok(agent.container.resources?.limits?.['memory'])
  t.equal(agent.container.resources?.limits?.['cpu'], undefined, 'a limit of CPU would only make its looks longer')
  t.match(find<IDaemonSet>(manifests, 'DaemonSet', 'gabion-agent').spec?.updateStrategy, {
    ...{ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } },
  })
  t.end()
})

t.test('a privileged agent is what the privileged overlay makes, and nothing else of it differs', t => {
  const overlay = kustomized('deploy/kubernetes/overlays/privileged')
  const { container, pod } = agentPod(overlay)
  t.strictSame(container.securityContext, {
    ...{ runAsUser: 0, runAsGroup: 0, privileged: true, readOnlyRootFilesystem: true },
  })
  const { securityContext: _, ...rest } = container
  const { securityContext: __, ...usual } = agent.container
  t.strictSame(rest, usual)
  t.strictSame({ ...pod, containers: [] }, { ...agent.pod, containers: [] })
  const others = (of: typeof manifests) => of.filter(({ kind }) => kind !== 'DaemonSet')
  t.strictSame(others(overlay), others(manifests))
  t.end()
})

t.test('each is in a namespace whose Pod Security lets it be what it is', t => {
  const label = (name: string) =>
    find<{ metadata: { labels: Record<string, string> } }>(manifests, 'Namespace', name).metadata.labels
  t.equal(label('gabion-agent')['pod-security.kubernetes.io/enforce'], 'privileged')
  t.equal(label('gabion')['pod-security.kubernetes.io/enforce'], 'restricted')
  for (const { pod, container } of [collector, replica]) {
    t.strictSame(container.securityContext, {
      ...{ privileged: false, allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ['ALL'] },
    })
    t.match(pod.securityContext, {
      ...{ runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    })
    for (const key of ['hostNetwork', 'hostPID', 'hostIPC'] as const) t.notOk(pod[key], key)
    const kinds = pod.volumes?.flatMap(({ name: _, ...source }) => Object.keys(source)) ?? []
    const allowed = ['configMap', 'downwardAPI', 'emptyDir', 'persistentVolumeClaim', 'projected', 'secret']
    t.strictSame(
      kinds.filter(kind => !allowed.includes(kind)),
      [],
      'volumes that restricted allows',
    )
  }
  for (const { kind, metadata } of manifests) {
    if (/^(Namespace|ClusterRole|PriorityClass)/.test(kind)) t.equal(metadata.namespace, undefined, kind)
    else t.match(metadata.namespace, /^gabion(-agent)?$/, `${kind}/${metadata.name}`)
  }
  t.end()
})

t.test('the collector keeps what it has on its volume, and commands in its pod find it', t => {
  const { dataDir, advertise, grpcHost, exchangePort, enrolledPort, grpcPort } = collectorConfig(manifests)
  const [claim] = collectorSet.spec?.volumeClaimTemplates ?? []
  const mount = collector.container.volumeMounts?.find(one => one.name === claim?.metadata?.name)
  t.ok(dataDir.startsWith(`${mount?.mountPath}/`), 'below the volume, so that it makes the directory for itself')
  t.match(collector.pod.securityContext, { fsGroupChangePolicy: 'OnRootMismatch' })
  t.equal(collectorSet.spec?.replicas, 1)
  t.strictSame(advertise, ['gabion-collector.gabion.svc'])
  t.equal(grpcHost, '0.0.0.0')
  const ports = new Map(collector.container.ports?.map(({ name, containerPort }) => [name, containerPort]))
  t.strictSame(
    [...['agents', 'enrolled', 'exchange'].map(name => ports.get(name))],
    [grpcPort, enrolledPort, exchangePort],
  )
  for (const { pod, container } of [collector, replica]) {
    t.match(
      container.volumeMounts?.find(one => one.mountPath === '/etc/gabion'),
      { readOnly: true },
    )
    t.ok(
      pod.volumes?.some(volume => volume.configMap?.name?.startsWith('gabion-collector-')),
      'another one when it changes',
    )
    t.strictSame(container.args, ['serve'])
  }
  t.end()
})

t.test('collectors on PostgreSQL are the same pods, but for where they keep what they know', t => {
  const without = ({ pod, container }: Pod, ...names: readonly string[]) => ({
    ...pod,
    topologySpreadConstraints: undefined,
    securityContext: { ...pod.securityContext, fsGroupChangePolicy: undefined },
    volumes: pod.volumes?.filter(({ name }) => !names.includes(name)),
    containers: [
      {
        ...container,
        env: undefined,
        volumeMounts: container.volumeMounts?.filter(({ name }) => !names.includes(name)),
      },
    ],
  })
  const [one, many] = [without(collector, 'data'), without(replica, 'data', 'database', 'pki')].map(pod =>
    JSON.stringify(pod).replace(/"gabion-collector-\w+"/, '"gabion-collector"'),
  )
  t.equal(many, one)
  t.strictSame(replica.container.env, [
    { name: 'GABION_DATABASE', valueFrom: { secretKeyRef: { name: 'gabion-database', key: 'url' } } },
    { name: 'GABION_DATABASE_PASSWORD_FILE', value: '/var/run/secrets/gabion.io/database/password' },
  ])
  t.strictSame(environmentOf(collector.container), {
    GABION_DATABASE: `sqlite:${collectorConfig(manifests).dataDir}/collector.db`,
  })
  const { dataDir } = collectorConfig(replicated)
  t.match(
    replica.container.volumeMounts?.find(({ name }) => name === 'pki'),
    {
      ...{ mountPath: `${dataDir}/pki`, readOnly: true },
    },
  )
  const data = replica.container.volumeMounts?.find(({ name }) => name === 'data')
  t.equal(data?.mountPath, dataDir, 'the volume itself, which its group may write to')
  const set = find<IDeployment>(replicated, 'Deployment', 'gabion-collector').spec
  t.equal(set?.replicas, undefined, 'as many as the autoscaler says')
  t.match(set?.strategy, { rollingUpdate: { maxUnavailable: 0 } })
  interface Scaler {
    readonly spec: { readonly scaleTargetRef: object; readonly minReplicas: number; readonly maxReplicas: number }
  }
  t.match(find<Scaler>(replicated, 'HorizontalPodAutoscaler', 'gabion-collector').spec, {
    ...{ scaleTargetRef: { kind: 'Deployment', name: 'gabion-collector' }, minReplicas: 2, maxReplicas: 6 },
  })
  t.match(find(replicated, 'PodDisruptionBudget', 'gabion-collector'), {
    spec: { maxUnavailable: 1, selector: set?.selector },
  })
  t.end()
})

t.test('both know every option and variable that they are given', t => {
  for (const [container, program, schema] of [
    [agent.container, createAgentProgram(), AgentConfigSchema],
    [scanner.container, createAgentProgram(), AgentConfigSchema],
    [collector.container, createCollectorProgram(), CollectorConfigSchema],
  ] as const) {
    const [name, ...flags] = container.args ?? []
    const command = program.commands.find(item => item.name() === name)
    t.ok(command, `${program.name()} has a command ${name}`)
    const known = command?.options.map(one => one.long) ?? []
    for (const flag of flags) t.ok(known.includes(flag.split('=')[0]), `${program.name()} ${name} knows ${flag}`)
    const names = Object.keys(schema.shape).map(environmentName)
    for (const { name: variable } of container.env ?? []) t.ok(names.includes(variable), variable)
  }
  t.end()
})

t.test('the agent shows a token that is good for the collector only, and knows it by what it publishes', t => {
  const local = collectorConfig(manifests).kubernetes[0]
  const pairs = [
    [agent, local],
    [agentPod(member), collectorConfig(hub).kubernetes.find(({ name }) => name === 'east')],
  ] as const
  for (const [one, cluster] of pairs) {
    const { tokenFile, caFile } = agentConfig(one)
    const mount = one.container.volumeMounts?.find(({ mountPath }) => tokenFile.startsWith(`${mountPath}/`))
    t.match(mount, { readOnly: true })
    const { projected } = one.pod.volumes?.find(({ name }) => name === mount?.name) ?? {}
    t.equal(projected?.defaultMode, 0o400)
    const [token, bundle] = projected?.sources ?? []
    t.strictSame(token?.serviceAccountToken, { audience: cluster?.audience, expirationSeconds: 600, path: 'token' })
    t.equal(`${mount?.mountPath}/${token?.serviceAccountToken?.path}`, tokenFile)
    t.match(bundle?.configMap, { name: configMapName, optional: true })
    const [item] = bundle?.configMap?.items ?? []
    t.equal(item?.key, configMapKey)
    t.equal(`${mount?.mountPath}/${item?.path}`, caFile)
    t.strictSame(cluster?.serviceAccounts, [`gabion-agent:${one.pod.serviceAccountName}`])
    t.equal(cluster?.publishNamespace, 'gabion-agent', 'the bundle is where the pods that mount it are')
    const node = one.container.env?.find(({ name }) => name === 'GABION_NODE_NAME')
    t.strictSame(node?.valueFrom, { fieldRef: { fieldPath: 'spec.nodeName' } })
  }
  t.equal(ClustersSchema.parse(true)[0]?.audience, local?.audience, 'as where no list is configured')
  t.end()
})

t.test('the agent finds the collector by a name that its certificate has', t => {
  const { metadata } = find<{ metadata: { name: string; namespace: string } }>(manifests, 'Service', 'gabion-collector')
  t.equal(agentConfig(agent).collector, `${metadata.name}.${metadata.namespace}.svc:50051`)
  t.equal(`${collectorConfig(manifests).advertise[0]}:50051`, agentConfig(agent).collector)
  t.ok(collectorConfig(hub).advertise.includes(agentConfig(agentPod(member)).collector.replace(/:\d+$/, '')))
  t.end()
})

t.test('the Service and the policy let in what agents need', t => {
  interface Port {
    readonly port: number | string
    readonly targetPort?: string
  }
  interface Policy {
    readonly podSelector: { readonly matchLabels: Record<string, string> }
    readonly policyTypes: readonly string[]
    readonly ingress: readonly { readonly ports: readonly Port[]; readonly from?: readonly object[] }[]
    readonly egress: readonly { readonly ports: readonly Port[] }[]
  }
  const egress = { '': [443, 6443], postgres: [443, 6443, 5432, 53, 53], hub: [443, 6443, 53, 53] }
  for (const [name, of, one] of [
    ['', manifests, collector],
    ['postgres', replicated, replica],
    ['hub', hub, collector],
  ] as const) {
    const listening = new Map(one.container.ports?.map(port => [port.name, port.containerPort]))
    const { spec } = find<{ spec: { selector: Record<string, string>; ports: Port[] } }>(
      of,
      'Service',
      'gabion-collector',
    )
    const labels = { 'app.kubernetes.io/name': 'gabion-collector' }
    t.strictSame(spec.selector, labels)
    t.strictSame(
      spec.ports.map(({ targetPort }) => listening.get(targetPort ?? '')),
      [8080, 50_051, 50_052, 50_053],
    )
    const policy = find<{ spec: Policy }>(of, 'NetworkPolicy', 'gabion-collector').spec
    t.strictSame(policy.podSelector.matchLabels, labels)
    t.strictSame(policy.policyTypes, ['Ingress', 'Egress'])
    const open = policy.ingress.filter(({ from }) => from === undefined)
    t.strictSame(
      open.flatMap(rule => rule.ports.map(({ port }) => listening.get(String(port)))),
      [50_051, 50_052, 50_053],
      'from anywhere: what proves who it is',
    )
    const [api, ...others] = policy.ingress.filter(({ from }) => from !== undefined)
    t.strictSame(others, [])
    t.strictSame(api, {
      from: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'gabion.io/api-client': 'true' } } }],
      ports: [{ port: 'http' }],
    })
    t.strictSame(
      policy.egress.flatMap(rule => rule.ports.map(({ port }) => port)),
      egress[name],
    )
  }
  t.end()
})

t.test('nobody may more than is needed', t => {
  const onNodes = ['get /nodes *', 'list /nodes *', 'watch /nodes *']
  const inAgents = [
    ...[
      'get /pods *',
      `get /configmaps ${configMapName}`,
      `patch /configmaps ${configMapName}`,
      'create /configmaps *',
    ],
  ]
  t.strictSame(rightsOf(manifests, 'ClusterRole', 'gabion-collector'), [
    ...['create authentication.k8s.io/tokenreviews *', 'create authorization.k8s.io/subjectaccessreviews *'],
    ...onNodes,
  ])
  t.strictSame(rightsOf(manifests, 'Role', 'gabion-collector'), inAgents)
  t.strictSame(rightsOf(manifests, 'Role', 'gabion-viewer'), [
    ...['get /pods *', 'get /services *', 'list /pods *', 'list /services *', 'create /pods/portforward *'],
  ])
  t.strictSame(rightsOf(member, 'ClusterRole', 'gabion-collector'), [
    ...['create authentication.k8s.io/tokenreviews *', ...onNodes],
  ])
  t.strictSame(rightsOf(member, 'Role', 'gabion-collector'), inAgents)
  const account = (namespace: string) => ({
    roleRef: { name: 'gabion-collector' },
    subjects: [{ kind: 'ServiceAccount', name: 'gabion-collector', namespace }],
  })
  for (const kind of ['ClusterRoleBinding', 'RoleBinding']) {
    t.match(find(manifests, kind, 'gabion-collector'), account('gabion'))
    t.match(find(member, kind, 'gabion-collector'), account('gabion-agent'))
  }
  t.equal(collector.pod.serviceAccountName, 'gabion-collector')
  t.equal(
    find<{ metadata: { namespace: string } }>(manifests, 'RoleBinding', 'gabion-collector').metadata.namespace,
    'gabion-agent',
  )
  t.end()
})

t.test('who may query the API by a token of the cluster may what the same role of an API token may', t => {
  for (const [name, role] of [
    ['gabion-reader', 'viewer'],
    ['gabion-operator', 'operator'],
    ['gabion-admin', 'admin'],
  ] as const) {
    const granted = new Set(rightsOf(manifests, 'ClusterRole', name))
    for (const resource of Object.keys(resources) as Resource[]) {
      for (const verb of verbs) {
        const isGranted = [resource, '*'].some(one => granted.has(`${verb} gabion.io/${one} *`))
        t.equal(isGranted, roleMay(role, { resource, verb }), `${name}: ${verb} ${resource}`)
      }
    }
    for (const right of granted) t.match(right, /^\w+ gabion\.io\//)
  }
  t.end()
})

t.test('the API is served over TLS, and the kubelet asks it as it is served', async t => {
  for (const rendered of [manifests, replicated, hub]) {
    const { httpHost, httpBehindProxy, insecureLoopback } = collectorConfig(rendered)
    t.strictSame([httpHost, httpBehindProxy, insecureLoopback], ['0.0.0.0', false, false])
  }
  for (const { container } of [collector, replica]) {
    t.match(container.readinessProbe?.httpGet, { path: '/readyz', port: 'http', scheme: 'HTTPS' })
    t.match(container.livenessProbe?.httpGet, { path: '/healthz', port: 'http', scheme: 'HTTPS' })
    t.equal(container.ports?.find(({ name }) => name === 'http')?.containerPort, collectorConfig(manifests).httpPort)
  }
})

t.test('a token for the API server has who asks it, and nobody else', t => {
  for (const name of ['gabion-agent', 'gabion-collector']) {
    t.match(find(manifests, 'ServiceAccount', name), { automountServiceAccountToken: false })
  }
  t.equal(agent.pod.automountServiceAccountToken, false)
  t.equal(collector.pod.automountServiceAccountToken, true)
  t.equal(agent.pod.serviceAccountName, 'gabion-agent')
  t.end()
})
