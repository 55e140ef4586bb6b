// The built-in checks with the rows that are their tests, which the program itself does not carry.
import { fileURLToPath } from 'node:url'
import { parseCheckFile } from '../../policy/catalog.ts'
import type { Check } from '../../policy/check.ts'
import { usageError } from '../../runtime/errors.ts'
import { readYamlFiles } from '../../runtime/yaml-files.ts'

/** Beside a bundle, and among the sources. */
const places = ['./checks', '../../policy/checks']

/** @throws GabionError (usage) where the files do not stand beside the program */
export function readBuiltInChecks(): readonly Check[] {
  const paths = places.map(place => fileURLToPath(new URL(place, import.meta.url)))
  const found = paths.map(path => readYamlFiles([path]).files).find(files => files.length > 0)
  if (!found) throw usageError('--builtin: the rows of the built-in checks are not beside this program')
  return found.flatMap(({ text, path }) => parseCheckFile(text, path).items)
}
