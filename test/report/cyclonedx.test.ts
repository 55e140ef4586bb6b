// Tests of the bill of materials: held against the schema of CycloneDX 1.6, deterministic, with hostile names.
import { Version } from '@cyclonedx/cyclonedx-library/Spec'
import { JsonStrictValidator } from '@cyclonedx/cyclonedx-library/Validation'
import t from 'tap'
import { type BillOfMaterials, writeCycloneDx } from '../../report/cyclonedx.ts'

const validator = new JsonStrictValidator(Version.v1dot6)
const bill: BillOfMaterials = {
  host: {
    hostname: 'web-1',
    machineId: '0123456789abcdef0123456789abcdef',
    os: {
      ...{ id: 'debian', idLike: [], versionId: '12', codename: 'bookworm' },
      ...{ name: 'Debian GNU/Linux 12 (bookworm)', supportEndsOn: '2028-06-30' },
    },
  },
  manager: 'dpkg',
  packages: [
    { name: 'bash', architecture: 'amd64', version: '5.2.15-2+b2', source: 'bash (5.2.15-2)', state: 'installed' },
    { name: 'libssl3', architecture: 'amd64', version: '3.0.17-1', source: 'openssl', state: 'held' },
    { name: 'libssl3', architecture: 'i386', version: '3.0.17-1', source: 'openssl', state: 'installed' },
    { name: 'telnet', architecture: 'all', version: '0.17', source: '', state: 'config-files' },
  ],
  olderVersions: [],
  incomplete: false,
  agentVersion: '1.2.3',
  createdAt: new Date('2026-11-22T12:00:00Z'),
}

async function read(changes: Partial<BillOfMaterials> = {}) {
  const text = writeCycloneDx({ ...bill, ...changes })
  const problem = await validator.validate(text)
  if (problem !== null) throw new Error(`not valid: ${JSON.stringify(problem)}`)
  return JSON.parse(text)
}

t.test('it is valid and says what is installed on which host', async t => {
  const bom = await read()
  t.match(bom, {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      timestamp: '2026-11-22T12:00:00.000Z',
      component: { type: 'device', name: 'web-1' },
      tools: { components: [{ name: 'gabion-agent', version: '1.2.3' }] },
    },
  })
  const rows: readonly Record<string, string>[] = bom.components
  t.strictSame(rows.map(({ type, name, version, purl = '' }) => `${type} ${name} ${version} ${purl}`).sort(), [
    'library bash 5.2.15-2+b2 pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64&distro=debian-12&upstream=bash%405.2.15-2',
    'library libssl3 3.0.17-1 pkg:deb/debian/libssl3@3.0.17-1?arch=amd64&distro=debian-12&upstream=openssl',
    'library libssl3 3.0.17-1 pkg:deb/debian/libssl3@3.0.17-1?arch=i386&distro=debian-12&upstream=openssl',
    'operating-system debian 12 ',
  ])
  t.match(JSON.stringify(bom), '{"name":"gabion:state","value":"held"}')
  t.match(JSON.stringify(bom), '{"name":"aquasecurity:trivy:SrcName","value":"openssl"}')
})

t.test('the same packages give the same text but for the time', async t => {
  const later = writeCycloneDx({ ...bill, createdAt: new Date('2027-01-01T00:00:00Z') })
  t.equal(writeCycloneDx(bill), later.replace('2027-01-01T00:00:00.000Z', '2026-11-22T12:00:00.000Z'))
  const { serialNumber } = await read()
  t.match(serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  const fewer = await read({ packages: bill.packages.slice(1) })
  t.not(fewer.serialNumber, serialNumber)
})

t.test('what may be missing is said, and what nobody knows is left out', async t => {
  const bom = await read({
    incomplete: true,
    host: { hostname: '', machineId: '' },
    packages: [],
    olderVersions: [],
  })
  t.strictSame(bom.components ?? [], [])
  t.match(bom.metadata.component, { name: 'host', properties: [{ name: 'gabion:incomplete', value: 'true' }] })
})

t.test('versions side by side are components of their own', async t => {
  const kernel = { name: 'kernel-core', architecture: 'x86_64' }
  const bom = await read({
    manager: 'rpm',
    packages: [{ ...kernel, version: '5.14.0-503.el9', source: 'kernel', state: 'installed' }],
    olderVersions: [{ ...kernel, version: '5.14.0-427.el9' }],
  })
  t.strictSame(
    bom.components
      .filter(({ type }: { type: string }) => type === 'library')
      .map(({ version }: { version: string }) => version),
    ['5.14.0-427.el9', '5.14.0-503.el9'],
  )
})

t.test('hostile names stay data', async t => {
  const name = '"}],"x":[{"\\\\x00\u202e<script>\n'
  const bom = await read({ packages: [{ name, architecture: name, version: name, source: name, state: 'installed' }] })
  t.equal(bom.components.length, 2)
  t.ok(bom.components.some((component: { name: string }) => component.name === name))
})
