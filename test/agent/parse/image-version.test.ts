// Tests of versions in the tags of images.
import t from 'tap'
import { imageVersion } from '../../../agent/parse/image-version.ts'

t.test('a tag tells the version, a digest or another tag does not', async t => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['registry.k8s.io/kube-apiserver:v1.30.2', '1.30.2'],
    ['registry.k8s.io/etcd:3.5.15-0', '3.5.15'],
    ['rancher/hardened-kubernetes:v1.30.1-rke2r1-build20240515', '1.30.1'],
    ['localhost:5000/kube-apiserver', undefined],
    ['localhost:5000/kube-apiserver:v1.30.2', '1.30.2'],
    [`registry.k8s.io/etcd:3.5.15-0@sha256:${'a'.repeat(64)}`, '3.5.15'],
    [`registry.k8s.io/etcd@sha256:${'a'.repeat(64)}`, undefined],
    ['etcd:latest', undefined],
    ['etcd:v1.30', undefined],
    ['etcd:1.30.2.1', undefined],
    ['', undefined],
  ]
  for (const [image, version] of rows) t.equal(imageVersion(image), version, image)
})
