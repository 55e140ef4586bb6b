// The rendered manifests: valid Kubernetes objects that grant what the agent needs and nothing else.
import { DaemonSet, type IDaemonSet, type IStatefulSet, StatefulSet } from 'kubernetes-models/apps/v1'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1'
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1'
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { createProgram as createAgentProgram } from '../../agent/main.ts'
import { ClustersSchema } from '../../collector/auth/kubernetes/cluster.ts'
import { configMapKey, configMapName } from '../../collector/auth/kubernetes/publish-authorities.ts'
import { readSettings } from '../../collector/cli/settings.ts'
import { createProgram as createCollectorProgram } from '../../collector/main.ts'
import { kubectl } from '../kubectl.ts'

const access = { ClusterRole, ClusterRoleBinding, Role, RoleBinding, ServiceAccount }
const models = { ...access, DaemonSet, Namespace, NetworkPolicy, Service, StatefulSet }

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

const manifests = parseAllDocuments(kubectl('kustomize', 'deploy/kubernetes')).map(
  document => document.toJS() as Manifest,
)

function find<T>(kind: string, name: string): T {
  const found = manifests.find(one => one.kind === kind && one.metadata.name === name)
  if (!found) throw new Error(`no ${kind} ${name}`)
  return found as unknown as T
}

const podOf = (set: IDaemonSet | IStatefulSet) => {
  const pod = set.spec?.template.spec
  const [container] = pod?.containers ?? []
  if (!pod || !container) throw new Error('no container')
  return { pod, container }
}

const agent = podOf(find<IDaemonSet>('DaemonSet', 'gabion-agent'))
const collectorSet = find<IStatefulSet>('StatefulSet', 'gabion-collector')
const collector = podOf(collectorSet)
const option = (args: readonly string[] | undefined, name: string) =>
  args?.find(arg => arg.startsWith(`--${name}=`))?.slice(name.length + 3) ?? ''

t.test('renders agents, one collector, its Service, who reaches it, and RBAC', t => {
  const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()
  t.same(names, [
    'ClusterRole/gabion-collector',
    'ClusterRoleBinding/gabion-collector',
    'DaemonSet/gabion-agent',
    'Namespace/gabion',
    'NetworkPolicy/gabion-collector',
    'Role/gabion-collector',
    'Role/gabion-viewer',
    'RoleBinding/gabion-collector',
    'RoleBinding/gabion-viewer',
    'Service/gabion-collector',
    'ServiceAccount/gabion-agent',
    'ServiceAccount/gabion-collector',
    'StatefulSet/gabion-collector',
  ])
  t.end()
})

t.test('every object validates against the schema of its kind', t => {
  for (const manifest of manifests) {
    const Model = models[manifest.kind as keyof typeof models]
    t.doesNotThrow(() => new Model(manifest as never).validate(), `${manifest.kind}/${manifest.metadata.name}`)
    if (!/^(Namespace|ClusterRole.*)$/.test(manifest.kind)) t.equal(manifest.metadata.namespace, 'gabion')
  }
  const broken = structuredClone(find<object>('DaemonSet', 'gabion-agent')) as {
    spec: { template: { spec: { containers: unknown } } }
  }
  broken.spec.template.spec.containers = 'none'
  t.throws(() => new DaemonSet(broken as never).validate(), 'and a broken one does not')
  t.end()
})

t.test('the agent is root without privileges but three, and sees the host read-only', t => {
  const { pod, container } = agent
  t.match(container.securityContext, {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], add: ['DAC_READ_SEARCH', 'SYS_PTRACE', 'NET_ADMIN'] },
    seccompProfile: { type: 'RuntimeDefault' },
  })
  t.match(pod, { hostPID: true, hostNetwork: true, automountServiceAccountToken: false })
  t.match(pod.tolerations, [{ operator: 'Exists' }], 'runs on every node, control plane included')
  const host = container.volumeMounts?.find(mount => mount.mountPath === '/host')
  t.match(host, { readOnly: true, mountPropagation: 'HostToContainer' })
  const writable = container.volumeMounts?.filter(mount => mount.readOnly !== true).map(mount => mount.mountPath)
  t.same(writable, ['/var/lib/gabion/agent'], 'writes to its own directory only')
  t.equal(container.ports, undefined, 'listens nowhere')
  t.end()
})

t.test('the collector is nobody in particular, and its API stays on the loopback of its own pod', t => {
  const { pod, container } = collector
  t.match(container.securityContext, {
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
  })
  t.same(container.securityContext?.capabilities, { drop: ['ALL'] })
  t.match(pod.securityContext, {
    ...{ runAsNonRoot: true, runAsUser: 65532, fsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    fsGroupChangePolicy: 'OnRootMismatch',
  })
  t.notOk(pod.hostNetwork, 'has a network of its own')
  t.notOk(pod.hostPID, 'sees no process of the host')
  t.notMatch(JSON.stringify(pod.volumes), 'hostPath')
  t.equal(collectorSet.spec?.replicas, 1)
  t.equal(option(container.args, 'http-address'), '127.0.0.1:8080')
  t.notOk(container.args?.includes('--insecure-loopback'), 'speaks TLS')
  t.end()
})

t.test('the collector keeps what it has on its volume, and commands in its pod find it', t => {
  const environment = Object.fromEntries((collector.container.env ?? []).map(({ name, value }) => [name, value]))
  const { dataDir, advertise, exchangePort } = readSettings(undefined, {}, environment)
  const [claim] = collectorSet.spec?.volumeClaimTemplates ?? []
  const mount = collector.container.volumeMounts?.find(one => one.name === claim?.metadata?.name)
  t.ok(dataDir.startsWith(`${mount?.mountPath}/`), 'below the volume, so that it makes the directory for itself')
  t.same(advertise, ['gabion-collector.gabion.svc'])
  t.equal(collector.container.ports?.find(({ name }) => name === 'exchange')?.containerPort, exchangePort)
  t.end()
})

t.test('both know every option that they are given', t => {
  for (const [container, program] of [
    [agent.container, createAgentProgram()],
    [collector.container, createCollectorProgram()],
  ] as const) {
    const [name, ...flags] = container.args ?? []
    const command = program.commands.find(item => item.name() === name)
    t.ok(command, `${program.name()} has a command ${name}`)
    const known = command?.options.map(one => one.long) ?? []
    for (const flag of flags) t.ok(known.includes(flag.split('=')[0]), `${program.name()} ${name} knows ${flag}`)
  }
  t.end()
})

t.test('the agent shows a token that is good for the collector only, and knows it by what it publishes', t => {
  const { pod, container } = agent
  const [tokenFile, caFile] = [option(container.args, 'token-file'), option(container.args, 'ca-file')]
  const mount = container.volumeMounts?.find(one => tokenFile.startsWith(`${one.mountPath}/`))
  t.match(mount, { readOnly: true })
  const { projected } = pod.volumes?.find(one => one.name === mount?.name) ?? {}
  t.equal(projected?.defaultMode, 0o400)
  const [token, bundle] = projected?.sources ?? []
  t.match(token?.serviceAccountToken, { audience: ClustersSchema.parse(true)[0]?.audience, expirationSeconds: 600 })
  t.equal(`${mount?.mountPath}/${token?.serviceAccountToken?.path}`, tokenFile)
  t.match(bundle?.configMap, { name: configMapName, optional: true })
  const [item] = bundle?.configMap?.items ?? []
  t.equal(item?.key, configMapKey)
  t.equal(`${mount?.mountPath}/${item?.path}`, caFile)
  t.ok(container.args?.includes('--node-name=$(NODE_NAME)'))
  t.match(container.env, [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }])
  t.end()
})

t.test('the agent finds the collector by a name that its certificate has', t => {
  const address = option(agent.container.args, 'collector')
  const advertised = collector.container.env?.find(({ name }) => name === 'GABION_ADVERTISE')?.value
  t.equal(advertised?.split(',')[0], address.split(':')[0])
  const service = find<{ metadata: { name: string; namespace: string }; spec: object }>('Service', 'gabion-collector')
  t.equal(address, `${service.metadata.name}.${service.metadata.namespace}.svc:50051`)
  t.end()
})

t.test('the Service and the policy let in what agents need, and not the API', t => {
  interface Port {
    readonly port: number | string
    readonly targetPort?: string
  }
  const { spec } = find<{ spec: { selector: Record<string, string>; ports: Port[] } }>('Service', 'gabion-collector')
  const labels = collectorSet.spec?.template.metadata?.labels ?? {}
  for (const [key, value] of Object.entries(spec.selector)) t.equal(labels[key], value, `selects by ${key}`)
  const listening = new Map(collector.container.ports?.map(port => [port.name, port.containerPort]))
  t.same(
    spec.ports.map(({ targetPort }) => listening.get(targetPort ?? '')),
    [50_051, 50_052, 50_053],
  )
  interface Policy {
    readonly podSelector: { readonly matchLabels: Record<string, string> }
    readonly policyTypes: readonly string[]
    readonly ingress: readonly { readonly ports: readonly Port[] }[]
    readonly egress: readonly { readonly ports: readonly Port[] }[]
  }
  const policy = find<{ spec: Policy }>('NetworkPolicy', 'gabion-collector').spec
  for (const [key, value] of Object.entries(policy.podSelector.matchLabels)) t.equal(labels[key], value)
  t.same(policy.policyTypes, ['Ingress', 'Egress'])
  t.same(
    policy.ingress.flatMap(rule => rule.ports.map(({ port }) => listening.get(String(port)))),
    [50_051, 50_052, 50_053],
  )
  t.same(
    policy.egress.flatMap(rule => rule.ports.map(({ port }) => port)),
    [443, 6443],
  )
  t.end()
})

interface Rule {
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

const rulesOf = (kind: string, name: string) =>
  find<{ rules: readonly Rule[] }>(kind, name).rules.flatMap(({ resources, resourceNames = ['*'], verbs }) =>
    verbs.map(verb => `${verb} ${resources.join()} ${resourceNames.join()}`),
  )

t.test('nobody may more than is needed', t => {
  t.same(rulesOf('ClusterRole', 'gabion-collector'), ['create tokenreviews *', 'get nodes *'])
  t.same(rulesOf('Role', 'gabion-collector'), [
    ...['get pods *', `get configmaps ${configMapName}`, `patch configmaps ${configMapName}`, 'create configmaps *'],
  ])
  t.same(rulesOf('Role', 'gabion-viewer'), [
    'get pods gabion-collector-0',
    'get pods/portforward gabion-collector-0',
    'create pods/portforward gabion-collector-0',
  ])
  for (const kind of ['ClusterRoleBinding', 'RoleBinding']) {
    t.match(find(kind, 'gabion-collector'), {
      roleRef: { kind: kind.replace('Binding', ''), name: 'gabion-collector' },
      subjects: [{ kind: 'ServiceAccount', name: collector.pod.serviceAccountName, namespace: 'gabion' }],
    })
  }
  t.end()
})

t.test('a token for the API server has who asks it, and nobody else', t => {
  for (const name of ['gabion-agent', 'gabion-collector']) {
    t.match(find('ServiceAccount', name), { automountServiceAccountToken: false })
  }
  t.equal(agent.pod.automountServiceAccountToken, false)
  t.equal(collector.pod.automountServiceAccountToken, true)
  t.same(ClustersSchema.parse(true)[0]?.serviceAccounts, [], 'by default the agent of the collector’s own namespace')
  t.equal(agent.pod.serviceAccountName, 'gabion-agent')
  t.end()
})
