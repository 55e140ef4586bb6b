// Writes what is derived from the sources: registries, the check catalog, gRPC types and reference pages.
// `--check` writes nothing and fails when a file on disk differs.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generators } from './generators/index.ts'

const root = join(import.meta.dirname, '..')
const checkOnly = process.argv.includes('--check')
const stale: string[] = []

for (const generate of generators) {
  for (const { path, content } of await generate(root)) {
    const file = join(root, path)
    if (current(file) === content) continue
    stale.push(path)
    if (checkOnly) continue
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

if (checkOnly && stale.length > 0) {
  process.stderr.write(`generated files differ from their sources, run npm run gen:\n  ${stale.join('\n  ')}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(stale.length === 0 ? 'generated files are current\n' : `wrote ${stale.join(', ')}\n`)
}

function current(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
