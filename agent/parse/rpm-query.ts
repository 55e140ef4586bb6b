// Reads what `rpm -qa` prints with the query format of this file: one package a line, fields between tabs.
import type { Package } from '../../proto/facets/packages.ts'
import type { OlderVersion, PackageList } from './dpkg-status.ts'
import { compareRpmVersions } from './rpm-version-order.ts'

export const rpmQueryFormat =
  '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\t%{SOURCERPM}\\t%{INSTALLTIME}\\n'

const maxLineLength = 1000

export interface RpmPackage {
  readonly name: string
  /** 0 where there is none */
  readonly epoch: number
  /** version and release */
  readonly version: string
  /** empty for keys */
  readonly architecture: string
  /** file name of the source package, empty for keys */
  readonly sourceRpm: string
  /** seconds after the epoch, 0 when unknown */
  readonly installedAt: number
}

export function parseRpmQuery(text: string): {
  readonly rows: readonly RpmPackage[]
  readonly malformed: readonly number[]
} {
  const rows: RpmPackage[] = []
  const malformed: number[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue
    const [name = '', epoch = '', version = '', architecture = '', source = '', installed = ''] = line.split('\t')
    const isRow = line.length <= maxLineLength && name !== '' && isNumber(epoch) && version.includes('-')
    if (isRow && isNumber(installed)) {
      const from = { architecture: unset(architecture), sourceRpm: unset(source) }
      rows.push({ name, epoch: Number(epoch), version, ...from, installedAt: Number(installed) })
    } else malformed.push(index + 1)
  }
  return { rows, malformed }
}

const isNumber = (text: string): boolean => /^\d{1,10}$/.test(text)
const unset = (text: string): string => (text === '(none)' ? '' : text)

/**
 * One row per name and architecture with the newest version; those installed beside it apart. Keys that rpm keeps among
 * its packages (`gpg-pubkey`) are left out.
 */
export function packagesOfRpm(rows: readonly RpmPackage[]): Pick<PackageList, 'packages' | 'olderVersions'> {
  const groups = new Map<string, RpmPackage[]>()
  for (const row of rows) {
    if (row.name === 'gpg-pubkey') continue
    const key = `${row.name}\n${row.architecture}`
    const group = groups.get(key)
    if (group) group.push(row)
    else groups.set(key, [row])
  }
  const packages: Package[] = []
  const olderVersions = new Map<string, OlderVersion>()
  for (const group of groups.values()) {
    const [newest, ...older] = group.sort((a, b) => b.epoch - a.epoch || compareRpmVersions(b.version, a.version))
    if (!newest) continue
    packages.push(packageOf(newest))
    for (const row of older) {
      const { name, architecture } = row
      const version = fullVersion(row)
      if (version !== fullVersion(newest)) {
        olderVersions.set(`${name}\n${architecture}\n${version}`, { name, architecture, version })
      }
    }
  }
  return { packages, olderVersions: [...olderVersions.values()] }
}

function packageOf(row: RpmPackage): Package {
  const { name, architecture } = row
  return { name, architecture, version: fullVersion(row), source: sourceOf(row), state: 'installed' }
}

function fullVersion({ epoch, version }: RpmPackage): string {
  return epoch === 0 ? version : `${epoch}:${version}`
}

/** `openssl-3.2.2-6.el9_5.src.rpm` → `openssl`, with its version only where that is another one. */
function sourceOf({ name, version, sourceRpm }: RpmPackage): string {
  const [, source = name, sourceVersion = version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(sourceRpm) ?? []
  if (sourceVersion !== version) return `${source} (${sourceVersion})`
  return source === name ? '' : source
}
