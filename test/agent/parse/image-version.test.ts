// Tests of versions in the tags of images.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
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

const part = fc.stringMatching(/^[a-z0-9]{1,8}(?:[._-][a-z0-9]{1,4})?$/)
const number = fc.nat({ max: 999 })
const suffix = fc.oneof(fc.constant(''), fc.stringMatching(/^[-_][A-Za-z0-9_.-]{0,20}$/))
const digest = fc.oneof(fc.constant(''), fc.stringMatching(/^@sha256:[0-9a-f]{64}$/))

t.test('any name with a version for a tag has that version, wherever it comes from', async () => {
  const names = fc.tuple(
    fc.constantFrom('', 'localhost:5000/', 'a.b:1.2/'),
    fc.array(part, { minLength: 1, maxLength: 3 }),
  )
  fc.assert(
    fc.property(
      names,
      fc.tuple(number, number, number),
      fc.boolean(),
      suffix,
      digest,
      ([host, path], version, v, more, end) => {
        const text = version.join('.')
        equal(imageVersion(`${host}${path.join('/')}:${v ? 'v' : ''}${text}${more}${end}`), text)
        equal(imageVersion(`${host}${path.join('/')}${end}`), undefined, 'without a tag')
      },
    ),
  )
})

t.test('whatever text has a version ends in a tag that begins with it', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[ -~]{0,12}:[v0-9.:@_+-]{0,14}$/), image => {
      const version = imageVersion(image)
      const tag = image.slice(image.lastIndexOf(':') + 1)
      equal(version === undefined || tag.replace(/^v/, '').startsWith(version), true, image)
      if (version !== undefined)
        equal(
          version
            .split('.')
            .map(Number)
            .filter(one => one <= 999).length,
          3,
        )
    }),
  )
})
