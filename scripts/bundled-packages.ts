// The npm packages whose code a bundle holds, for the bill of materials of an image.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface BundledPackage {
  readonly name: string
  readonly version: string
  /** SPDX expression, empty where the package names none */
  readonly license: string
}

/**
 * Sorted, each version once.
 * @param inputs what esbuild read, from the root of the repository
 * @param beside names of packages that stand beside the bundle; those that are not installed are left out
 */
export function bundledPackages(
  root: string,
  inputs: readonly string[],
  beside: readonly string[],
): readonly BundledPackage[] {
  const folders = new Set(beside.map(name => `node_modules/${name}`))
  for (const input of inputs) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]
    if (folder !== undefined) folders.add(folder)
  }
  const found = new Map<string, BundledPackage>()
  for (const folder of folders) {
    const one = readPackage(join(root, folder))
    if (one) found.set(`${one.name}@${one.version}`, one)
  }
  return [...found.keys()].sort().flatMap(key => found.get(key) ?? [])
}

function readPackage(folder: string): BundledPackage | undefined {
  let text: string
  try {
    text = readFileSync(join(folder, 'package.json'), 'utf8')
  } catch {
    return undefined
  }
  const { name = '', version = '', license = '' } = JSON.parse(text) as Readonly<Record<string, unknown>>
  return { name: String(name), version: String(version), license: typeof license === 'string' ? license : '' }
}
