// Writes the packages of a host as a CycloneDX 1.6 bill of materials, which scanners of vulnerabilities read.
import { ComponentType } from '@cyclonedx/cyclonedx-library/Enums'
import { Bom, Component, Metadata, Property } from '@cyclonedx/cyclonedx-library/Models'
import { JSON as CycloneDxJson, JsonSerializer } from '@cyclonedx/cyclonedx-library/Serialize'
import { Spec1dot6 } from '@cyclonedx/cyclonedx-library/Spec'
import { canonicalJson, sha256 } from '../proto/canonical.ts'
import type { HostFacts } from '../proto/facets/host.ts'
import type { Package, PackagesFacts } from '../proto/facets/packages.ts'
import { type Distribution, packageUrl, sourceOf } from './package-url.ts'

export interface BillOfMaterials {
  readonly host: Pick<HostFacts, 'hostname' | 'machineId' | 'os'>
  readonly manager: PackagesFacts['manager']
  readonly packages: NonNullable<PackagesFacts['packages']>
  readonly olderVersions: NonNullable<PackagesFacts['olderVersions']>
  /** whether packages may be missing because something could not be read */
  readonly incomplete: boolean
  readonly agentVersion: string
  readonly createdAt: Date
}

/**
 * JSON text. The same host with the same packages gives the same text but for its time: the serial number comes from
 * the content. Packages that were removed and left configuration are not in it.
 */
export function writeCycloneDx(bill: BillOfMaterials): string {
  const { host, manager } = bill
  const distribution: Distribution = { id: host.os?.id ?? '', versionId: host.os?.versionId ?? '' }
  const installed = installedPackages(bill)
  const bom = new Bom({
    serialNumber: serialNumber({ host: { ...host }, manager, installed, incomplete: bill.incomplete }),
    metadata: new Metadata({ timestamp: bill.createdAt, component: hostComponent(bill) }),
  })
  bom.metadata.tools.components.add(
    new Component(ComponentType.Application, 'gabion-agent', { version: bill.agentVersion, bomRef: 'gabion-agent' }),
  )
  if (host.os) bom.components.add(systemComponent(host.os))
  for (const row of installed) bom.components.add(packageComponent(manager, distribution, row))
  const serializer = new JsonSerializer(new CycloneDxJson.Normalize.Factory(Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}

function installedPackages({ packages, olderVersions }: BillOfMaterials): readonly Package[] {
  const newest = packages.filter(({ state }) => state !== 'config-files')
  const sources = new Map(newest.map(row => [`${row.name}\n${row.architecture}`, row.source.replace(/ \(.*$/, '')]))
  const older = olderVersions.map(row => {
    const source = sources.get(`${row.name}\n${row.architecture}`) ?? ''
    return { ...row, source, state: 'installed' as const }
  })
  return [...newest, ...older]
}

/** A UUID of version 8, which leaves the bits to its maker (RFC 9562). */
function serialNumber(content: object): string {
  const hex = sha256(canonicalJson(content)).replace(/^sha256:/, '')
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ]
  return `urn:uuid:${parts.join('-')}`
}

function hostComponent({ host, incomplete }: BillOfMaterials): Component {
  const component = new Component(ComponentType.Device, host.hostname || 'host', { bomRef: 'host' })
  if (host.machineId !== '') component.properties.add(new Property('gabion:machineId', host.machineId))
  if (incomplete) component.properties.add(new Property('gabion:incomplete', 'true'))
  return component
}

/** Scanners take the distribution from a component of this type. */
function systemComponent(os: NonNullable<HostFacts['os']>): Component {
  const version = os.versionId === '' ? {} : { version: os.versionId }
  return new Component(ComponentType.OperatingSystem, os.id, {
    ...version,
    bomRef: 'operating-system',
    description: os.name,
  })
}

function packageComponent(manager: PackagesFacts['manager'], distribution: Distribution, row: Package): Component {
  const purl = packageUrl(manager, distribution, row)
  const component = new Component(ComponentType.Library, row.name, { version: row.version, purl, bomRef: purl })
  const source = sourceOf(row)
  // Advisories of distributions name source packages. Grype takes them from the purl, Trivy from properties of its own.
  component.properties.add(new Property('aquasecurity:trivy:SrcName', source.name))
  component.properties.add(new Property('aquasecurity:trivy:SrcVersion', source.version))
  if (row.state !== 'installed') component.properties.add(new Property('gabion:state', row.state))
  return component
}
