// Tests of package URLs: examples of the purl specification and of what scanners expect.
import fc from 'fast-check'
import t from 'tap'
import { packageUrl, sourceOf } from '../../report/package-url.ts'

const debian = { id: 'debian', versionId: '12' }
const row = (name: string, version: string, source = '', architecture = 'amd64') => ({
  ...{ name, version, source, architecture },
})

t.test('Debian, Alpine and Red Hat', async t => {
  for (const [url, wanted] of [
    [packageUrl('dpkg', debian, row('curl', '7.88.1-10')), 'pkg:deb/debian/curl@7.88.1-10?arch=amd64&distro=debian-12'],
    [
      packageUrl('dpkg', debian, row('libssl3', '3.0.17-1~deb12u3', 'openssl')),
      'pkg:deb/debian/libssl3@3.0.17-1~deb12u3?arch=amd64&distro=debian-12&upstream=openssl',
    ],
    [
      packageUrl('dpkg', debian, row('openssh-server', '1:9.2p1-2+deb12u10', 'openssh')),
      'pkg:deb/debian/openssh-server@1:9.2p1-2%2Bdeb12u10?arch=amd64&distro=debian-12&upstream=openssh',
    ],
    [
      packageUrl('dpkg', debian, row('libstdc++6', '12.2.0-14', 'gcc-12 (12.2.0-13)')),
      'pkg:deb/debian/libstdc%2B%2B6@12.2.0-14?arch=amd64&distro=debian-12&upstream=gcc-12%4012.2.0-13',
    ],
    [
      packageUrl('apk', { id: 'alpine', versionId: '3.19.1' }, row('libcrypto3', '3.1.4-r5', 'openssl', 'x86_64')),
      'pkg:apk/alpine/libcrypto3@3.1.4-r5?arch=x86_64&distro=alpine-3.19.1&upstream=openssl',
    ],
    [
      packageUrl('rpm', { id: 'rhel', versionId: '9.5' }, row('openssl-libs', '1:3.2.2-6.el9_5', 'openssl', 'x86_64')),
      'pkg:rpm/rhel/openssl-libs@3.2.2-6.el9_5?arch=x86_64&distro=rhel-9.5&epoch=1&upstream=openssl-3.2.2-6.el9_5.src.rpm',
    ],
    [packageUrl('dpkg', { id: '', versionId: '' }, row('a', '1', '', '')), 'pkg:deb/a@1'],
  ]) {
    t.equal(url, wanted)
  }
})

t.test('the source of a package', async t => {
  t.strictSame(sourceOf(row('a', '1')), { name: 'a', version: '1' })
  t.strictSame(sourceOf(row('a', '1', 'b')), { name: 'b', version: '1' })
  t.strictSame(sourceOf(row('a', '1', 'b (2)')), { name: 'b', version: '2' })
})

t.test('whatever a host calls its packages, the URL keeps its shape', async t => {
  const property = fc.property(fc.string(), fc.string(), fc.string(), (name, version, source) => {
    const url = packageUrl('dpkg', debian, row(`n${name}`, `1${version}`, source))
    return /^pkg:deb\/debian\/[^/@?#\s]+@[^/@?#\s]+\?arch=amd64&distro=debian-12(&upstream=[^/@?#&\s]+)?$/.test(url)
  })
  t.doesNotThrow(() => fc.assert(property))
})
