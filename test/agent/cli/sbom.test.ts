// `gabion-agent sbom` as a user meets it.
import { Version } from '@cyclonedx/cyclonedx-library/Spec'
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation'
import t from 'tap'
import { fixtureRoot } from '../../fixture-host.ts'
import { rootFrom } from '../../host-from.ts'
import { runBin } from '../../run-bin.ts'

t.test('the packages of a root, as a valid bill of materials', async t => {
  const { code, stdout, stderr } = await runBin('agent', ['sbom', '--root', fixtureRoot('debian12-vm')])
  t.equal(code, 0, stderr)
  t.equal(stderr, '')
  t.equal(await new JsonStrictValidator(Version.v1dot6).validate(stdout), null)
  const bom = JSON.parse(stdout)
  t.equal(bom.components.length, 198, '197 packages and the operating system')
  t.ok(
    bom.components.some(({ purl }: { purl?: string }) => purl?.startsWith('pkg:deb/debian/openssh-server@1:9.2p1-2')),
  )
})

t.test('packages that cannot be told end with 3, some that cannot are said to be missing', async t => {
  const none = await runBin('agent', ['sbom', '--root', rootFrom(t, { '/etc/hostname': 'x' })])
  t.match(none, { code: 3, stdout: '', stderr: /cannot be told: packages is absent/ })
  const unread = await runBin('agent', ['sbom', '--root', rootFrom(t, { '/var/lib/dpkg/status': { fifo: true } })])
  t.match(unread, { code: 3, stdout: '', stderr: /cannot be told: \/var\/lib\/dpkg\/status notRegular/ })
  const cut = await runBin('agent', ['sbom', '--root', rootFrom(t, { '/var/lib/dpkg/status': 'Package: x\n' })])
  t.match(cut, { code: 0, stderr: /packages may be missing: \/var\/lib\/dpkg\/status malformed \(line 1\)/ })
  t.match(cut.stdout, '"gabion:incomplete"')
})

t.test('bad usage ends with 2', async t => {
  t.match(await runBin('agent', ['sbom', '--output', 'spdx']), { code: 2, stdout: '', stderr: /cyclonedx-json/ })
  t.match(await runBin('agent', ['sbom', '--root', '/does/not/exist']), { code: 2, stderr: /cannot be opened/ })
})
