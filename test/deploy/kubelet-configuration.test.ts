// The component that lets the agent ask kubelets for their configuration: one right, one token, nothing else.
import { ClusterRole, ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1'
import t from 'tap'
import { AgentConfigSchema } from '../../agent/agent-config.ts'
import { agentPod, environmentOf, find, kustomized, type Manifest, withComponents } from './rendered.ts'

const granted = withComponents('.', 'kubelet-configuration')
const without = kustomized('deploy/kubernetes')
const rolesOf = (manifests: readonly Manifest[]) => manifests.filter(({ kind }) => kind === 'ClusterRole')

t.test('the token may get nodes/configz and never what nodes/proxy means', async t => {
  const own = 'gabion-kubelet-configuration'
  const role = find<object>(granted, 'ClusterRole', own)
  t.match(role, { rules: [{ apiGroups: [''], resources: ['nodes/configz'], verbs: ['get'] }] })
  t.notMatch(JSON.stringify(rolesOf(granted)), 'proxy')
  t.doesNotThrow(() => new ClusterRole(role as never).validate())
  const binding = find<object>(granted, 'ClusterRoleBinding', own)
  t.doesNotThrow(() => new ClusterRoleBinding(binding as never).validate())
  t.match(binding, {
    roleRef: { kind: 'ClusterRole', name: own },
    subjects: [{ kind: 'ServiceAccount', name: 'gabion-agent', namespace: 'gabion-agent' }],
  })
  t.notOk(
    rolesOf(without).some(({ metadata }) => metadata.name === own),
    'and only who asks for it gets it',
  )
})

t.test('the agent reads a token of its own, by a setting that it has', async t => {
  const { pod, container } = agentPod(granted)
  const file = environmentOf(container)['GABION_KUBELET_TOKEN_FILE'] ?? ''
  const mount = container.volumeMounts?.find(one => file.startsWith(`${one.mountPath}/`))
  t.match(mount, { readOnly: true })
  const volume = pod.volumes?.find(one => one.name === mount?.name)
  t.match(volume, {
    projected: { defaultMode: 0o400, sources: [{ serviceAccountToken: { expirationSeconds: 3600 } }] },
  })
  t.equal(`${mount?.mountPath}/${volume?.projected?.sources?.[0]?.serviceAccountToken?.path}`, file)
  t.equal(pod.automountServiceAccountToken, false, 'no other token comes with it')
  t.ok('kubeletTokenFile' in AgentConfigSchema.shape)
  t.notMatch(JSON.stringify(agentPod(without).pod), /kubelet.token/i)
})
