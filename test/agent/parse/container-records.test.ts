// Tests of reading names from the records of container engines.
import fc from 'fast-check'
import t from 'tap'
import { parseDockerContainer, parseOciBundle, parseStorageContainers } from '../../../agent/parse/container-records.ts'

const containerd = JSON.stringify({
  process: { env: ['TOKEN=canary'], args: ['canary'] },
  annotations: {
    'io.kubernetes.cri.container-name': 'coredns',
    'io.kubernetes.cri.container-type': 'container',
    'io.kubernetes.cri.image-name': 'registry.k8s.io/coredns/coredns:v1.11.1',
    'io.kubernetes.cri.sandbox-name': 'coredns-5d78c9869d-79bfv',
    'io.kubernetes.cri.sandbox-namespace': 'kube-system',
  },
})

t.test('bundles of containerd and CRI-O', async t => {
  t.strictSame(parseOciBundle(containerd), {
    ...{ name: 'coredns-5d78c9869d-79bfv', namespace: 'kube-system', container: 'coredns', isSandbox: false },
    image: 'registry.k8s.io/coredns/coredns:v1.11.1',
  })
  const crio = {
    'io.kubernetes.pod.name': 'web-0',
    'io.kubernetes.pod.namespace': 'shop',
    'io.kubernetes.container.name': 'POD',
    'io.kubernetes.cri-o.ContainerType': 'sandbox',
  }
  t.strictSame(parseOciBundle(JSON.stringify({ annotations: crio })), {
    ...{ name: 'web-0', namespace: 'shop', container: '', image: '', isSandbox: true },
  })
  t.equal(parseOciBundle('{"annotations": {}}'), undefined, 'a container of nobody known')
  t.equal(parseOciBundle('{"annotations": [1]}'), undefined)
})

t.test('Docker, with and without Kubernetes', async t => {
  t.strictSame(parseDockerContainer('{"Name":"/web","Config":{"Image":"nginx:1.27","Env":["A=canary"]}}'), {
    ...{ name: 'web', namespace: '', container: '', image: 'nginx:1.27', isSandbox: false },
  })
  const labels = {
    'io.kubernetes.pod.name': 'web-0',
    'io.kubernetes.pod.namespace': 'shop',
    'io.kubernetes.container.name': 'nginx',
  }
  t.match(parseDockerContainer(JSON.stringify({ Name: '/k8s_x', Config: { Image: 'sha256:1', Labels: labels } })), {
    ...{ name: 'web-0', namespace: 'shop', container: 'nginx', isSandbox: false },
  })
  t.equal(parseDockerContainer('{}'), undefined)
})

t.test('containers.json of Podman', async t => {
  const metadata = JSON.stringify({ 'image-name': 'docker.io/library/busybox:1' })
  const rows = [{ id: 'aa', names: ['web'], metadata }, { id: 'bb', names: [] }, 'x', { names: ['y'] }]
  t.strictSame(
    [...parseStorageContainers(JSON.stringify(rows))],
    [['aa', { name: 'web', namespace: '', container: '', image: 'docker.io/library/busybox:1', isSandbox: false }]],
  )
  t.equal(parseStorageContainers('[').size, 0)
})

t.test('what is no image reference may be anything', async t => {
  const image = (text: string) => parseDockerContainer(JSON.stringify({ Name: '/a', Config: { Image: text } }))?.image
  t.equal(image(`a/b:1@sha256:${'0'.repeat(64)}`), `a/b:1@sha256:${'0'.repeat(64)}`)
  for (const text of ['user:pass@host/x', 'a b', '-x', 'x'.repeat(600)]) t.equal(image(text), '')
})

t.test('every prefix of a record is nothing, and no text throws', async t => {
  for (let end = 0; end < containerd.length; end += 1) t.equal(parseOciBundle(containerd.slice(0, end)), undefined)
  fc.assert(
    fc.property(
      fc.json(),
      text => [parseOciBundle(text), parseDockerContainer(text), parseStorageContainers(text)].length === 3,
    ),
  )
  fc.assert(fc.property(fc.string(), text => parseStorageContainers(text).size === 0 || text.length > 0))
  t.pass('random records')
})
