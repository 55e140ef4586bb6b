// The component that lets the agent ask kubelets for their configuration: one right, one token, nothing else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import type { IDaemonSet } from 'kubernetes-models/apps/v1'
import { ClusterRole, ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { AgentConfigSchema } from '../../agent/agent-config.ts'
import { kubectl } from '../kubectl.ts'

const base = resolve(import.meta.dirname, '../../deploy/kubernetes')
const overlay = mkdtempSync(join(tmpdir(), 'gabion-overlay-'))
t.teardown(() => rmSync(overlay, { recursive: true, force: true }))
writeFileSync(
  join(overlay, 'kustomization.yaml'),
  `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [${relative(overlay, base)}]
components: [${relative(overlay, join(base, 'components/kubelet-configuration'))}]
`,
)
const render = (directory: string) =>
  parseAllDocuments(kubectl('kustomize', directory)).map(document => document.toJS() as Record<string, unknown>)
const [granted, without] = [render(overlay), render('deploy/kubernetes')]
const nameOf = (one: Record<string, unknown>) => (one['metadata'] as { readonly name: string }).name
const find = (all: typeof granted, kind: string) => all.filter(one => one['kind'] === kind)

t.test('the token may get nodes/configz and never what nodes/proxy means', async t => {
  const own = 'gabion-kubelet-configuration'
  const role = find(granted, 'ClusterRole').find(one => nameOf(one) === own)
  t.match(role, { rules: [{ apiGroups: [''], resources: ['nodes/configz'], verbs: ['get'] }] })
  t.notMatch(JSON.stringify(find(granted, 'ClusterRole')), 'proxy')
  t.doesNotThrow(() => new ClusterRole(role as never).validate())
  const binding = find(granted, 'ClusterRoleBinding').find(one => nameOf(one) === own)
  t.doesNotThrow(() => new ClusterRoleBinding(binding as never).validate())
  t.match(binding, {
    roleRef: { kind: 'ClusterRole', name: own },
    subjects: [{ kind: 'ServiceAccount', name: 'gabion-agent', namespace: 'gabion-agent' }],
  })
  t.notOk(
    find(without, 'ClusterRole').some(one => nameOf(one) === own),
    'and only who asks for it gets it',
  )
})

t.test('the agent reads a token of its own, by a setting that it has', async t => {
  const agentOf = (all: typeof granted) => {
    const found = find(all, 'DaemonSet').find(one => nameOf(one) === 'gabion-agent')
    return (found as unknown as IDaemonSet).spec?.template.spec
  }
  const pod = agentOf(granted)
  const file = pod?.containers[0]?.env?.find(({ name }) => name === 'GABION_KUBELET_TOKEN_FILE')?.value ?? ''
  const mount = pod?.containers[0]?.volumeMounts?.find(one => file.startsWith(`${one.mountPath}/`))
  t.match(mount, { readOnly: true })
  const volume = pod?.volumes?.find(one => one.name === mount?.name)
  t.match(volume, {
    projected: { defaultMode: 0o400, sources: [{ serviceAccountToken: { expirationSeconds: 3600 } }] },
  })
  t.equal(`${mount?.mountPath}/${volume?.projected?.sources?.[0]?.serviceAccountToken?.path}`, file)
  t.equal(pod?.automountServiceAccountToken, false, 'no other token comes with it')
  t.ok('kubeletTokenFile' in AgentConfigSchema.shape)
  t.notMatch(JSON.stringify(agentOf(without)), /kubelet.token/i)
})
