// What a database of installed packages told, and what could not be read of it.
import type { Package, PackagesFacts } from '../../proto/facets/packages.ts'
import type { Failure } from '../host/host.ts'
import type { OlderVersion } from '../parse/dpkg-status.ts'

export interface PackageDatabase {
  readonly manager: PackagesFacts['manager']
  readonly path: string
  /** undefined when the database could not be read at all */
  readonly packages: readonly Package[] | undefined
  readonly olderVersions: readonly OlderVersion[]
  /** what could not be read of it */
  readonly failures: readonly Failure[]
  /** what of a binary database is damaged, by file */
  readonly damages: readonly { readonly path: string; readonly detail: string }[]
  /** by name, seconds after the epoch at which the newest of that name was installed; empty where that is not kept */
  readonly installTimes: ReadonlyMap<string, number>
  /** lines that could not be understood, by file */
  readonly malformed: readonly { readonly path: string; readonly lines: readonly number[] }[]
}
