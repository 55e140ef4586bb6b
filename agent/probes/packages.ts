// Probe `packages`: what is installed, whether the newest of it runs, and how old the knowledge of updates is.
import { PackagesFacet } from '../../proto/facets/packages.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { readKernels } from '../packages/kernels.ts'
import { readMetadataRefreshedAt } from '../packages/metadata-age.ts'
import type { PackageDatabase } from '../packages/package-database.ts'
import { databasePaths, readPackageDatabase } from '../packages/read-database.ts'
import { rpmDirectories } from '../packages/read-rpm.ts'
import { readRebootRequired, rebootMarks } from '../packages/reboot-required.ts'
import { readReplacedFiles } from '../packages/replaced-files.ts'
import { absent, defineProbe, type Gaps, present, watch } from '../probe.ts'

export const packages = defineProbe({
  facet: PackagesFacet,
  triggers: [watch(databasePaths.dpkg, ...databasePaths.apk, ...rpmDirectories, '/boot', ...rebootMarks)],
  deadlineMs: 20_000,
  async run(host, context) {
    const { gaps } = context
    const database = await readPackageDatabase(host, context.memory)
    if (!database) return absent('notSupported', 'there is no database of dpkg, apk or rpm')
    noteFailures(gaps, database)
    const replacedFiles = await readReplacedFiles(host, gaps, await context.processes())
    const metadataRefreshedAt = await readMetadataRefreshedAt(host, gaps, database.manager)
    return present(
      {
        manager: database.manager,
        ...(database.packages && { packages: [...database.packages], olderVersions: [...database.olderVersions] }),
        ...(await readKernels(host, gaps, database)),
        ...(await readRebootRequired(host, gaps, database)),
        ...(replacedFiles && { replacedFiles }),
      },
      { ...(metadataRefreshedAt !== undefined && { metadataRefreshedAt }) },
    )
  },
})

function noteFailures(gaps: Gaps, { packages, failures, damages, malformed }: PackageDatabase): void {
  const effect = packages ? 'incomplete' : 'omitted'
  for (const failure of failures) {
    gaps.note('packages', effect, failure)
    if (!packages) gaps.note('olderVersions', effect, failure)
  }
  for (const { path, detail } of damages) {
    gaps.add({ field: 'packages', effect, source: path, state: 'malformed', detail })
    gaps.add({ field: 'olderVersions', effect, source: path, state: 'malformed', detail })
  }
  for (const { path, lines } of malformed) noteMalformedLines(gaps, 'packages', 'incomplete', path, lines)
}
