// `npm test`: everything that runs without special packages, and a word on what was left out.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { missingTools } from '../test/tools.ts'

const root = join(import.meta.dirname, '..')
const tap = join(root, 'node_modules/.bin/tap')
const args = process.argv.slice(2)
// The runner is composed of the plugins that .taprc names; a fresh clone still has the default ones.
const run = (...words: readonly string[]) =>
  spawnSync(process.execPath, [tap, ...words], { cwd: root, stdio: words[0] === 'build' ? 'ignore' : 'inherit' }).status
const status = run('build') || run(...args)

const missing = missingTools()
if (missing.length > 0) {
  process.stdout.write('\nSkipped, since this machine lacks what they need:\n')
  for (const { tool, need, skips } of missing) process.stdout.write(`  ${skips} (${tool}: ${need})\n`)
}
process.exitCode = status ?? 1
