// The project's own source files, for the tests that hold the house to its rules.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface SourceFile {
  /** path below the root, with `/` */
  readonly path: string
  readonly text: string
  /** specifiers of static and dynamic imports and re-exports */
  readonly imports: readonly string[]
}

export const folders = ['agent', 'collector', 'site', 'policy', 'report', 'proto', 'runtime'] as const

/** Every TypeScript source of ours that is not generated. */
export function sourceFiles(
  patterns: readonly string[] = folders.map(folder => `${folder}/**/*.{ts,tsx}`),
): readonly SourceFile[] {
  return globSync([...patterns], { cwd: root })
    .filter(
      path => !path.includes('.generated.') && !path.startsWith('proto/generated/') && !path.includes('node_modules'),
    )
    .sort()
    .map(path => {
      const text = readFileSync(join(root, path), 'utf8')
      return { path, text, imports: importsOf(text) }
    })
}

function importsOf(text: string): readonly string[] {
  const pattern = /^(?:import|export)\s+(?:[\w*{}\s,$]+?\sfrom\s+)?'([^'\n]+)'|\bimport\(\s*'([^'\n]+)'\s*\)/gm
  return [...text.matchAll(pattern)].map(match => match[1] ?? match[2] ?? '')
}
