// Tells when the host last fetched the lists of available packages.
import type { PackagesFacts } from '../../proto/facets/packages.ts'
import { isoTime } from '../../runtime/clock.ts'
import type { Failure, Host } from '../host/host.ts'
import type { Gaps } from '../probe.ts'

interface Place {
  readonly directory: string
  /** entries that count, or directories that hold `inside` */
  readonly name: RegExp
  readonly inside?: string
}

/** apt gives its lists the time of the server, but touches them each time: the change of the inode tells. */
const places: Readonly<Record<PackagesFacts['manager'], readonly Place[]>> = {
  dpkg: [{ directory: '/var/lib/apt/lists', name: /(?:^|_)(?:InRelease|Release)$/ }],
  apk: [
    { directory: '/var/cache/apk', name: /^APKINDEX\..+\.tar\.gz$/ },
    { directory: '/etc/apk/cache', name: /^APKINDEX\..+\.tar\.gz$/ },
  ],
  rpm: [
    { directory: '/var/cache/dnf', name: /-[0-9a-f]{16}$/, inside: 'repodata/repomd.xml' },
    { directory: '/var/cache/libdnf5', name: /-[0-9a-f]{16}$/, inside: 'repodata/repomd.xml' },
    { directory: '/var/cache/zypp/raw', name: /./, inside: 'repodata/repomd.xml' },
  ],
}

/** ISO 8601, empty when there are no lists; undefined, with a gap, when a directory that has them cannot be read. */
export async function readMetadataRefreshedAt(
  host: Host,
  gaps: Gaps,
  manager: PackagesFacts['manager'],
): Promise<string | undefined> {
  let newest = 0
  let failure: Failure | undefined
  for (const { directory, name, inside } of places[manager]) {
    const entries = await host.list(directory)
    if (entries.state !== 'present') {
      if (entries.state !== 'absent') failure = entries
      continue
    }
    for (const entry of entries.value.filter(entry => name.test(entry.name))) {
      const stat = await host.stat([directory, entry.name, inside].filter(Boolean).join('/'))
      if (stat.state === 'present') newest = Math.max(newest, stat.value.changedAtMs)
    }
  }
  if (newest > 0) return isoTime(Math.floor(newest / 1000) * 1000)
  if (!failure) return ''
  gaps.note('observations.metadataRefreshedAt', 'omitted', failure)
  return undefined
}
