// Which test files reach a source by their imports, and over how many steps.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const importPattern = /\b(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g

/**
 * Tells, per test file, the sources that it reaches with their distance: 1 for what it imports itself, 2 for what that
 * imports. Each file is read once.
 *
 * @param root folder that paths are relative to
 */
export function importDistances(root: string): (test: string) => ReadonlyMap<string, number> {
  const importsOf = once((path: string) => readImports(root, path))
  return once((test: string) => distancesFrom(test, importsOf))
}

function once<T>(answer: (path: string) => T): (path: string) => T {
  const known = new Map<string, T>()
  return path => {
    const value = known.get(path) ?? answer(path)
    known.set(path, value)
    return value
  }
}

function distancesFrom(test: string, importsOf: (path: string) => readonly string[]): ReadonlyMap<string, number> {
  const distances = new Map([[test, 0]])
  for (const [path, distance] of distances)
    for (const imported of importsOf(path)) if (!distances.has(imported)) distances.set(imported, distance + 1)
  return distances
}

/** Paths of ours that a file names in an import. */
function readImports(root: string, path: string): readonly string[] {
  const file = join(root, path)
  if (!existsSync(file)) return []
  return [...readFileSync(file, 'utf8').matchAll(importPattern)].map(match => join(dirname(path), match[1] ?? ''))
}
