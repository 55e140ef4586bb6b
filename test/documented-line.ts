// One line of a page as a reader would type it, for tests that run that very line.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { version } from '../runtime/version.ts'

const root = join(import.meta.dirname, '..')

/**
 * The line of a block that begins so, word for word; VERSION is that of this tree.
 * @throws when the page has none, or two that differ
 */
export function documentedLine(page: string, beginning: string): string {
  const lines = readFileSync(join(root, page), 'utf8')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line.startsWith(beginning))
  const [line, ...others] = new Set(lines)
  if (line === undefined || others.length > 0) throw new Error(`${page}: ${lines.length} lines begin with ${beginning}`)
  return line.replaceAll('VERSION', version)
}
