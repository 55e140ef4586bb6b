// Tests of reading what static pods declare of their rights.
import fc from 'fast-check'
import t from 'tap'
import { parsePodSecurity } from '../../../agent/parse/pod-security.ts'

const read = (text: string) => {
  const parsed = parsePodSecurity(text)
  if (parsed.state !== 'pod') throw new Error(parsed.state)
  return parsed.containers
}

const manifest = `apiVersion: v1
kind: Pod
metadata:
  name: etcd
  namespace: kube-system
  annotations:
    container.apparmor.security.beta.kubernetes.io/etcd: localhost/k8s-etcd
spec:
  hostNetwork: true
  hostPID: true
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile: { type: Localhost, localhostProfile: profiles/a.json }
  initContainers:
  - name: setup
    image: busybox
    securityContext: { privileged: true, runAsUser: 0 }
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.6.1-0
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: { drop: [ALL], add: [CAP_NET_BIND_SERVICE, "not a name"] }
    volumeMounts:
    - { name: data, mountPath: /var/lib/etcd }
    - { name: data, mountPath: /again, readOnly: true }
    - { name: conf, mountPath: /c, readOnly: true }
    - { name: tmp, mountPath: /tmp }
  volumes:
  - { name: data, hostPath: { path: /var/lib/etcd, type: DirectoryOrCreate } }
  - { name: conf, hostPath: { path: /etc/kubernetes/pki } }
  - { name: tmp, emptyDir: {} }
`

t.test('a hardened container, and an init container that is not', async t => {
  const [etcd, setup] = read(manifest)
  t.strictSame(etcd, {
    ...{ pod: 'etcd', namespace: 'kube-system', hostNamespaces: ['net', 'pid'], container: 'etcd', init: false },
    ...{ image: 'registry.k8s.io/etcd:3.6.1-0', privileged: false, allowPrivilegeEscalation: false },
    ...{ runAsNonRoot: true, runAsUser: 1000, readOnlyRootFilesystem: true },
    ...{ capabilitiesAdded: ['NET_BIND_SERVICE'], capabilitiesDropped: ['ALL'] },
    ...{ seccomp: 'Localhost:profiles/a.json', apparmor: 'Localhost:k8s-etcd' },
    hostPaths: [
      { path: '/var/lib/etcd', readOnly: false },
      { path: '/etc/kubernetes/pki', readOnly: true },
    ],
  })
  t.match(setup, { init: true, privileged: true, runAsUser: 0, allowPrivilegeEscalation: true, apparmor: '' })
})

t.test('what is not said has the meaning that Kubernetes gives it', async t => {
  t.strictSame(read('kind: Pod\nspec: { containers: [{ name: a }] }'), [
    {
      ...{
        pod: '',
        namespace: 'default',
        hostNamespaces: [],
        container: 'a',
        init: false,
        image: '',
        privileged: false,
      },
      ...{ allowPrivilegeEscalation: true, runAsNonRoot: false, runAsUser: -1, readOnlyRootFilesystem: false },
      ...{ capabilitiesAdded: [], capabilitiesDropped: [], seccomp: '', apparmor: '', hostPaths: [] },
    },
  ])
  const [escalating] = read(
    '{"kind":"Pod","spec":{"containers":[{"name":"a","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"add":["SYS_ADMIN"]}}}]}}',
  )
  t.equal(escalating?.allowPrivilegeEscalation, true, 'SYS_ADMIN brings it along')
})

t.test('other documents, and such as are none', async t => {
  t.strictSame(parsePodSecurity('kind: List\n'), { state: 'other' })
  t.match(parsePodSecurity('kind: Pod\n  x: [\n'), { state: 'malformed', detail: 'not YAML' })
  t.match(parsePodSecurity(''), { state: 'malformed', detail: 'empty' })
  t.strictSame(read('kind: Pod\nspec: []\n'), [])
  t.strictSame(read('kind: Pod\nspec: { containers: [1, null, [x]] }\n'), [])
})

t.test('every prefix is read, another document or malformed', async t => {
  for (let end = 0; end <= manifest.length; end += 1) t.ok(parsePodSecurity(manifest.slice(0, end)).state)
})

t.test('whatever stands where a setting should, reading ends', async t => {
  const value = fc.jsonValue({ maxDepth: 3 })
  fc.assert(
    fc.property(value, value, value, (security, volumes, mounts) => {
      const spec = {
        securityContext: security,
        volumes,
        containers: [{ securityContext: security, volumeMounts: mounts }],
      }
      return parsePodSecurity(JSON.stringify({ kind: 'Pod', spec })).state !== 'other'
    }),
  )
  t.pass('random manifests')
})
