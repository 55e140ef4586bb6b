// Writes what is derived from the sources: registries, the check catalog, gRPC types and reference pages.
// `--check` writes nothing and fails when a file on disk differs.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type GeneratedFile, stages } from './generators/index.ts'

const root = join(import.meta.dirname, '..')
const checkOnly = process.argv.includes('--check')
const stale: string[] = []

for (const load of stages) {
  for (const generate of await load()) for (const file of await generate(root)) keep(file)
}

if (checkOnly && stale.length > 0) {
  process.stderr.write(`generated files differ from their sources, run npm run gen:\n  ${stale.join('\n  ')}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(stale.length === 0 ? 'generated files are current\n' : `wrote ${stale.join(', ')}\n`)
}

function keep({ path, content }: GeneratedFile): void {
  const file = join(root, path)
  if (current(file) === content) return
  stale.push(path)
  if (checkOnly) return
  if (content === undefined) {
    rmSync(file)
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

function current(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
