// Tests of the parser of static pod manifests.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseStaticPod } from '../../../agent/parse/static-pod.ts'
import { readsAs, survivesBrokenText } from '../../broken-documents.ts'
import { fixtureRoot } from '../../fixture-host.ts'

const manifests = join(fixtureRoot('kubeadm-control-plane'), 'etc/kubernetes/manifests')
const kubeadm = (name: string) => readFileSync(join(manifests, `${name}.yaml`), 'utf8')

function pod(text: string) {
  const parsed = parseStaticPod(text)
  if (parsed.state !== 'pod') throw new Error(`${parsed.state} ${JSON.stringify(parsed)}`)
  return parsed
}

t.test('a manifest of kubeadm says what runs and what of the host it sees', async t => {
  const { containers, hostNetwork } = pod(kubeadm('etcd'))
  t.equal(hostNetwork, true)
  t.match(containers, [{ name: 'etcd', image: 'registry.k8s.io/etcd:3.6.6-0' }])
  t.strictSame(containers[0]?.argv.slice(0, 2), ['etcd', '--advertise-client-urls=https://10.0.0.11:2379'])
  t.strictSame(containers[0]?.mounts, [
    { mountPath: '/var/lib/etcd', hostPath: '/var/lib/etcd' },
    { mountPath: '/etc/kubernetes/pki/etcd', hostPath: '/etc/kubernetes/pki/etcd' },
  ])
})

t.test('command and args follow each other, variables with a value are put in place', async t => {
  const { containers } = pod(`kind: Pod
spec:
  containers:
  - name: etcd
    command: [etcd, --name=$(NAME)]
    args: [--a=$$(NAME), "--b=$(ELSEWHERE)", "--c=$(BOTH)", --d=$(IP)]
    env:
    - {name: NAME, value: one}
    - {name: BOTH, value: $(NAME)-$(NAME)}
    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
    - {name: PORT, value: 5}
`)
  t.strictSame(containers[0]?.argv, [
    'etcd',
    '--name=one',
    '--a=$(NAME)',
    '--b=$(ELSEWHERE)',
    '--c=one-one',
    '--d=$(IP)',
  ])
  t.strictSame(
    [...(containers[0]?.environment ?? [])],
    [
      ['NAME', 'one'],
      ['BOTH', 'one-one'],
      ['PORT', '5'],
    ],
  )
})

t.test('only volumes of the host lead to the host, below their subPath', async t => {
  const { containers } = pod(`kind: Pod
spec:
  volumes:
  - {name: pki, hostPath: {path: /etc/kubernetes/pki}}
  - {name: empty, emptyDir: {}}
  - {name: odd, hostPath: {path: relative}}
  containers:
  - name: x
    volumeMounts:
    - {name: pki, mountPath: /pki}
    - {name: pki, mountPath: /one, subPath: ca.crt}
    - {name: pki, mountPath: /up, subPath: ../../shadow}
    - {name: pki, mountPath: /expr, subPathExpr: $(X)}
    - {name: empty, mountPath: /tmp}
    - {name: odd, mountPath: /odd}
    - {name: none, mountPath: /none}
`)
  t.strictSame(
    containers[0]?.mounts.map(({ mountPath, hostPath }) => [mountPath, hostPath]),
    [
      ['/pki', '/etc/kubernetes/pki'],
      ['/one', '/etc/kubernetes/pki/ca.crt'],
      ['/up', undefined],
      ['/expr', undefined],
      ['/tmp', undefined],
      ['/odd', undefined],
      ['/none', undefined],
    ],
  )
})

t.test('what is no pod is told by its kind', async t => {
  t.strictSame(parseStaticPod('kind: Policy\n'), { state: 'other', kind: 'Policy' })
  t.strictSame(parseStaticPod('spec: {containers: []}\n'), { state: 'other', kind: '' })
})

t.test('any words, variables and mounts are read back, and what is doubled is never put in place', async t => {
  const texts = fc.array(fc.string(), { maxLength: 4 })
  const path = fc.stringMatching(/^\/[a-z]{0,8}$/)
  const container = fc.record({
    ...{ name: fc.string(), image: fc.string(), command: texts, args: texts },
    variables: fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), fc.string(), { maxKeys: 3 }),
    mounts: fc.array(fc.record({ mountPath: path, of: fc.nat(3) }), { maxLength: 3 }),
  })
  const doubled = (text: string) => text.replaceAll('$', '$$$$')
  readsAs(
    fc.record({
      containers: fc.array(container, { maxLength: 3 }),
      paths: fc.array(path, { maxLength: 3 }),
      host: fc.boolean(),
    }),
    ({ containers, paths, host }) => ({
      kind: 'Pod',
      spec: {
        hostNetwork: host,
        volumes: paths.map((one, index) => ({ name: `v${index}`, hostPath: { path: one } })),
        containers: containers.map(({ name, image, command, args, variables, mounts }) => ({
          ...{ name, image, command: command.map(doubled), args: args.map(doubled) },
          env: Object.entries(variables).map(([key, value]) => ({ name: key, value: doubled(value) })),
          volumeMounts: mounts.map(({ mountPath, of }) => ({ name: `v${of}`, mountPath })),
        })),
      },
    }),
    parseStaticPod,
    ({ containers, paths, host }) => ({
      state: 'pod',
      hostNetwork: host,
      containers: containers.map(({ name, image, command, args, variables, mounts }) => ({
        ...{ name, image, argv: [...command, ...args], environment: new Map(Object.entries(variables)) },
        mounts: mounts.map(({ mountPath, of }) => ({ mountPath, hostPath: paths[of] })),
      })),
    }),
  )
  t.pass('for every document')
})

t.test('broken text never breaks it', async t => {
  survivesBrokenText(t, parseStaticPod, kubeadm('kube-scheduler'))
})
