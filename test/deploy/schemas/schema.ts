// What every schema of Kubernetes' API offers: whose it is, of which version, and what it says against objects.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../rendered.ts'

export interface Schema {
  /** package, and the version of Kubernetes that its own files name */
  readonly title: string
  /** minor of Kubernetes 1; undefined for kinds of others */
  readonly minor: number | undefined
  /** one for each object, in their order; undefined where nothing is wrong */
  faults(manifests: readonly Manifest[]): Promise<readonly (string | undefined)[]>
}

export const packageFolder = (name: string): string => join(import.meta.dirname, '../../../node_modules', name)

export const packageVersion = (name: string): string =>
  (JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8')) as { readonly version: string }).version
