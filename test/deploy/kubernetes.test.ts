// The rendered manifests: valid Kubernetes objects that grant what the agent needs and nothing else.
import { DaemonSet, type IDaemonSet } from 'kubernetes-models/apps/v1'
import { Role, RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1'
import { Namespace, Service, ServiceAccount } from 'kubernetes-models/v1'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { createProgram as createAgentProgram } from '../../agent/main.ts'
import { createProgram as createCollectorProgram } from '../../collector/main.ts'
import { kubectl } from '../kubectl.ts'

const models = { DaemonSet, Namespace, Role, RoleBinding, Service, ServiceAccount }

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

const manifests = parseAllDocuments(kubectl('kustomize', 'deploy/kubernetes')).map(
  document => document.toJS() as Manifest,
)

function daemonSet(name: string): IDaemonSet {
  const found = manifests.find(({ kind, metadata }) => kind === 'DaemonSet' && metadata.name === name)
  if (!found) throw new Error(`no DaemonSet ${name}`)
  return found as unknown as IDaemonSet
}

const podOf = (set: IDaemonSet) => {
  const pod = set.spec?.template.spec
  const [container] = pod?.containers ?? []
  if (!pod || !container) throw new Error('no container')
  return { pod, container }
}

t.test('renders a DaemonSet of agents, the collector, its Service and RBAC', t => {
  const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`).sort()
  t.same(names, [
    'DaemonSet/gabion-agent',
    'DaemonSet/gabion-collector',
    'Namespace/gabion',
    'Role/gabion-viewer',
    'RoleBinding/gabion-viewer',
    'Service/gabion-collector',
    'ServiceAccount/gabion-agent',
    'ServiceAccount/gabion-collector',
  ])
  t.end()
})

t.test('every object validates against the schema of its kind', t => {
  for (const manifest of manifests) {
    const Model = models[manifest.kind as keyof typeof models]
    t.doesNotThrow(() => new Model(manifest as never).validate(), `${manifest.kind}/${manifest.metadata.name}`)
    if (manifest.kind !== 'Namespace') t.equal(manifest.metadata.namespace, 'gabion', 'stands in the namespace')
  }
  const broken = structuredClone(daemonSet('gabion-agent')) as { spec: { template: { spec: { containers: unknown } } } }
  broken.spec.template.spec.containers = 'none'
  t.throws(() => new DaemonSet(broken as never).validate(), 'and a broken one does not')
  t.end()
})

t.test('the agent is root without privileges but three, and sees the host read-only', t => {
  const { pod, container } = podOf(daemonSet('gabion-agent'))
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

t.test('the collector has no capability and listens on the loopback of its own pod', t => {
  const { pod, container } = podOf(daemonSet('gabion-collector'))
  t.match(container.securityContext, { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true })
  t.same(container.securityContext?.capabilities, { drop: ['ALL'] })
  t.notOk(pod.hostNetwork, 'has a network of its own')
  t.notOk(pod.hostPID, 'sees no process of the host')
  t.ok(container.args?.includes('--http-address=127.0.0.1:8080'))
  t.end()
})

t.test('agent and collector meet on the same socket, and know every option they are given', t => {
  const socket = 'unix:/run/gabion/collector.sock'
  const agent = podOf(daemonSet('gabion-agent')).container
  const collector = podOf(daemonSet('gabion-collector')).container
  t.ok(agent.args?.includes(`--collector=${socket}`))
  t.ok(collector.args?.includes(`--grpc-address=${socket}`))
  for (const [container, program] of [
    [agent, createAgentProgram()],
    [collector, createCollectorProgram()],
  ] as const) {
    const [name, ...flags] = container.args ?? []
    const command = program.commands.find(item => item.name() === name)
    t.ok(command, `${program.name()} has a command ${name}`)
    const known = command?.options.map(option => option.long) ?? []
    for (const flag of flags) t.ok(known.includes(flag.split('=')[0]), `${program.name()} ${name} knows ${flag}`)
  }
  t.end()
})

t.test('nobody gets a token, and the viewer may only reach a collector', t => {
  for (const manifest of manifests.filter(({ kind }) => kind === 'ServiceAccount')) {
    t.match(manifest, { automountServiceAccountToken: false })
  }
  const role = manifests.find(({ kind }) => kind === 'Role') as unknown as { rules: { verbs: string[] }[] }
  const verbs = new Set(role.rules.flatMap(rule => rule.verbs))
  t.same([...verbs].sort(), ['create', 'get', 'list'])
  t.end()
})

t.test('the Service selects the collector and names a port that it has', t => {
  const service = manifests.find(({ kind }) => kind === 'Service') as unknown as {
    spec: { selector: Record<string, string>; ports: { targetPort: string }[] }
  }
  const { container } = podOf(daemonSet('gabion-collector'))
  const labels = daemonSet('gabion-collector').spec?.template.metadata?.labels ?? {}
  for (const [key, value] of Object.entries(service.spec.selector)) t.equal(labels[key], value, `selects by ${key}`)
  t.same(
    service.spec.ports.map(port => port.targetPort),
    container.ports?.map(port => port.name),
  )
  t.end()
})
