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
  const folders = [...beside.map(name => `node_modules/${name}`), ...packageFolders(inputs)]
  const found = new Map<string, BundledPackage>()
  for (const folder of folders) {
    const one = readPackage(join(root, folder))
    if (one) found.set(`${one.name}@${one.version}`, one)
  }
  return [...found.keys()].sort().flatMap(key => found.get(key) ?? [])
}

/** Sorted folders of the packages that the inputs are files of, each once. */
export const packageFolders = (inputs: readonly string[]): readonly string[] =>
  [...new Set(inputs.flatMap(input => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []))].sort()

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
