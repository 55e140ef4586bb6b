// `npm run mutate [-- FILE…]`: changes the sources in many small ways and counts the changes that the tests notice.
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { LogLevel } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { keptResults, partsOf } from './mutation/kept-results.ts'
import { importDistances } from './mutation/nearest-tests.ts'
import { mutationScore, scoreTable, survivors, type TriedMutant } from './mutation/score.ts'

/** What is measured, by which tests, and the least score over all that passes. */
const sources = ['agent/parse/*.ts', 'policy/*.ts']
const testFiles = ['test/agent/parse/*.test.ts', 'test/policy/*.test.ts']
const leastPercent = 80
/** With `--results` this many lines of source are tried at a time, which takes some minutes. */
const linesPerPart = 800

const root = join(import.meta.dirname, '..')
process.chdir(root)
// Comparisons with programs of this machine are slow, and not there on every machine.
Object.assign(process.env, { GABION_FULL: '', GABION_TOOLS: 'none' })

const { values, positionals } = commandLine()
const measured = globSync(sources).filter(path => !path.endsWith('.generated.ts'))
const files = positionals.length > 0 ? positionals.map(path => relative(root, resolve(path))) : measured.sort()
const unknown = files.filter(path => !measured.includes(path))
if (unknown.length > 0) refuse(`${unknown.join(', ')}: not a source in ${sources.join(' or ')}`)

const reachedBy = importDistances(root)
const testsOf = (file: string) => globSync(testFiles).filter(test => isTestOf(test, file))
const kept = values.results === undefined ? undefined : keptResults(resolve(values.results), root, testsOf)
const tried = new Map(files.map(file => [file, kept?.read(file)]))
const left = files.filter(file => tried.get(file) === undefined)
const parts = kept ? partsOf(left, linesOf, linesPerPart) : left.length > 0 ? [left] : []
for (const [index, part] of parts.entries()) {
  if (kept) process.stdout.write(`part ${index + 1} of ${parts.length}: ${part.join(' ')}\n`)
  const mutants = await tryMutants(part)
  for (const file of part) {
    const own = mutants.filter(({ fileName }) => fileName === file)
    tried.set(file, own)
    kept?.write(file, own)
  }
}

const all = files.flatMap(file => tried.get(file) ?? [])
if (values.survivors)
  for (const line of survivors(all, path => readFileSync(path, 'utf8'))) process.stdout.write(`${line}\n`)
process.stdout.write(`${scoreTable(all)}\n`)
if (mutationScore(all).percent < leastPercent) process.exitCode = 1

async function tryMutants(part: readonly string[]): Promise<readonly TriedMutant[]> {
  const temporary = mkdtempSync(join(tmpdir(), 'gabion-mutate-'))
  const remove = () => rmSync(temporary, { recursive: true, force: true })
  process.once('exit', remove)
  const mutants = await new Stryker({
    mutate: [...part],
    testFiles: [...new Set(part.flatMap(testsOf))],
    testRunner: 'gabion',
    plugins: [join(root, 'scripts/mutation/test-runner.ts')],
    concurrency: Number(values.concurrency),
    coverageAnalysis: 'perTest',
    // A worker keeps the modules of each run; tests of the engine keep whole catalogs with them.
    maxTestRunnerReuse: part.some(path => path.startsWith('policy/')) ? 60 : 150,
    dryRunTimeoutMinutes: 20,
    // Endless loops are cut by the count of their turns; the few without a mutant inside wait for this long, since a busy
    // machine must not be taken for one.
    timeoutMS: 30_000,
    timeoutFactor: 10,
    tempDirName: temporary,
    ignorePatterns: [
      '/*',
      ...['agent', 'policy', 'proto', 'report', 'runtime', 'scripts', 'test'].map(name => `!/${name}`),
      '/test/fixtures',
    ],
    // Fixtures are whole hosts with dangling links, which Stryker would follow to copy.
    buildCommand: `ln -s ${join(root, 'test/fixtures')} test/fixtures`,
    // TypeScript 7 has no API to rewrite it with, and nothing here reads it.
    tsconfigFile: 'none',
    reporters: ['progress-append-only'],
    logLevel: 'warn' as LogLevel,
  }).runMutationTest()
  remove()
  process.removeListener('exit', remove)
  return mutants.map(mutant => ({ ...mutant, fileName: relative(root, mutant.fileName) }))
}

function linesOf(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length
}

/** Policy is held by tests without an agent and without the whole catalog: the others take up to half a minute each. */
function isTestOf(test: string, file: string): boolean {
  const reached = reachedBy(test)
  if (!reached.has(file)) return false
  const isLong = (path: string) => path.startsWith('agent/') || path === 'policy/catalog.generated.ts'
  return !test.startsWith('test/policy/') || ![...reached.keys()].some(isLong)
}

function commandLine() {
  const options = {
    survivors: { type: 'boolean', default: false },
    results: { type: 'string' },
    concurrency: { type: 'string', default: '2' },
  } as const
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

function refuse(reason: string): never {
  process.stderr.write(`mutate: ${reason}\n`)
  process.exit(2)
}
