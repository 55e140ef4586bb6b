// Package URLs (purl) of a host's packages, in the form in which scanners of vulnerabilities know them.
import type { PackagesFacts } from '../proto/facets/packages.ts'

export interface Distribution {
  /** ID of os-release such as debian, empty when not known */
  readonly id: string
  /** VERSION_ID of os-release, empty on rolling releases */
  readonly versionId: string
}

export interface InstalledPackage {
  readonly name: string
  readonly architecture: string
  readonly version: string
  /** as in the facet: `name`, `name (version)`, or empty when the package is its own source */
  readonly source: string
}

const types: Readonly<Record<PackagesFacts['manager'], string>> = { dpkg: 'deb', apk: 'apk', rpm: 'rpm' }

/** `pkg:deb/debian/libssl3@3.0.17-1?arch=amd64&distro=debian-12&upstream=openssl` */
export function packageUrl(
  manager: PackagesFacts['manager'],
  distribution: Distribution,
  { name, architecture, version, source }: InstalledPackage,
): string {
  const [, epoch = '', rest = version] = (manager === 'rpm' && /^(\d+):(.*)$/s.exec(version)) || []
  const qualifiers = {
    arch: architecture,
    distro: [distribution.id, distribution.versionId].filter(Boolean).join('-'),
    epoch,
    upstream: upstream(manager, name, rest, source),
  }
  const namespace = distribution.id === '' ? '' : `${encode(distribution.id.toLowerCase())}/`
  const query = Object.entries(qualifiers)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${encode(value)}`)
    .join('&')
  const shownName = encode(manager === 'rpm' ? name : name.toLowerCase())
  return `pkg:${types[manager]}/${namespace}${shownName}@${encode(rest)}${query === '' ? '' : `?${query}`}`
}

export interface SourcePackage {
  readonly name: string
  readonly version: string
}

/** The source package of a row, with the package's own name and version where the row says nothing else. */
export function sourceOf({ name, version, source }: InstalledPackage): SourcePackage {
  const [, sourceName = '', sourceVersion = version] = /^(\S+)(?: \((\S+)\))?$/.exec(source) ?? []
  return { name: sourceName || name, version: sourceVersion }
}

/** rpm's is a file name; of the others it is the source package, with its version where that is another one. */
function upstream(manager: PackagesFacts['manager'], name: string, version: string, source: string): string {
  const from = sourceOf({ name, version, architecture: '', source })
  if (manager === 'rpm') return `${from.name}-${from.version}.src.rpm`
  if (from.version !== version) return `${from.name}@${from.version}`
  return from.name === name ? '' : from.name
}

/** Percent-encoding of the purl specification: a colon stays. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, percent)
    .replaceAll('%3A', ':')
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`
}
