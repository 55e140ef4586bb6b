// Stryker's way to run our tests: files with tap's own assertions, inside the worker, one after another.
import { basename, relative, resolve } from 'node:path'
import type { CoverageData, InstrumenterContext } from '@stryker-mutator/api/core'
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner'
import { configureGlobal } from 'fast-check'
import type { Test as TapTest } from 'tap'
import { freshModules } from './fresh-modules.ts'
import { importDistances } from './nearest-tests.ts'

const Test = await importTap()

/** What the instrumented sources and the runner tell each other. */
const stryker: InstrumenterContext = {}
Object.assign(globalThis, { __stryker__: stryker })

/** Generated inputs are the same in each run; a failure need not be made small. */
const propertySettings = { seed: 20_261_122, numRuns: 40, endOnFailure: true }

/** How many test files a mutant is tried with. */
const testsPerMutant = 4

/** What a test file takes, in milliseconds and with whatever it imports, that is tried only where no quicker one is. */
const longMs = 1_500

/** A test runner that works in the sandbox, the worker's current directory at the time of the first run. */
export function createTestRunner(): TestRunner {
  let sandbox: Sandbox | undefined
  const open = () => {
    configureGlobal(propertySettings)
    sandbox ??= { run: fileRunner(process.cwd()), nearest: nearestTests(process.cwd()) }
    return sandbox
  }
  return {
    capabilities: () => ({ reloadEnvironment: true }),
    dryRun: options => dryRun(options, open()),
    mutantRun: options => mutantRun(options, open()),
  }
}
createTestRunner.inject = [] as const

export const strykerPlugins = [{ kind: 'TestRunner', name: 'gabion', factory: createTestRunner }]

/** Tap, without the word about its time limit that it sends to whoever has started the process. */
async function importTap(): Promise<typeof TapTest> {
  const { send } = process
  Object.assign(process, { send: undefined })
  process.env['TAP_TIMEOUT'] = '0'
  const tap = await import('tap')
  Object.assign(process, { send })
  return tap.Test
}

interface Sandbox {
  /** runs one test file up to its first failure, and answers that */
  readonly run: (file: string) => Promise<string | undefined>
  /** sorts test files by their distance to a source */
  readonly nearest: (source: string, files: readonly string[]) => readonly string[]
}

function fileRunner(folder: string): Sandbox['run'] {
  const modules = freshModules(folder, () => stryker.activeMutant)
  return async file => {
    const root = new Test({ name: file, bail: true })
    root.resume()
    const failed = new Promise<string>(tell => root.once('bailout', tell))
    const done = root.test(file, t => modules.importAnew(resolve(folder, file), t))
    // After an error outside of any test `done` never settles.
    return Promise.race([failed, done.then(result => (result?.ok === false ? file : undefined))])
  }
}

/**
 * Each file is one test: what it makes run, from its first import on, is what it covers. The quickest come first in
 * the coverage, and so in the filters made from it.
 */
async function dryRun({ testFiles = [] }: DryRunOptions, { run }: Sandbox): Promise<DryRunResult> {
  const covered = new Map<string, CoverageData>()
  const tests: TestResult[] = []
  for (const file of testFiles) {
    stryker.mutantCoverage = { static: {}, perTest: {} }
    stryker.currentTestId = file
    const start = performance.now()
    const failure = await run(file)
    const test = { id: file, name: file, fileName: file, timeSpentMs: Math.round(performance.now() - start) }
    if (failure === undefined) tests.push({ ...test, status: TestStatus.Success })
    else tests.push({ ...test, status: TestStatus.Failed, failureMessage: failure })
    covered.set(file, stryker.mutantCoverage.perTest[file] ?? {})
  }
  tests.sort((one, other) => one.timeSpentMs - other.timeSpentMs)
  const perTest = coverageOf(tests, covered)
  return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: {}, perTest } }
}

/** Long tests are left out where quicker ones cover a mutant, too: with them its score could only rise. */
function coverageOf(tests: readonly TestResult[], covered: ReadonlyMap<string, CoverageData>) {
  const byQuick = new Set<string>()
  const perTest: Record<string, CoverageData> = {}
  for (const { id, timeSpentMs } of tests) {
    const mutants = Object.entries(covered.get(id) ?? {})
    const isLong = timeSpentMs > longMs
    perTest[id] = Object.fromEntries(isLong ? mutants.filter(([mutant]) => !byQuick.has(mutant)) : mutants)
    if (!isLong) for (const [mutant] of mutants) byQuick.add(mutant)
  }
  return perTest
}

/** A mutant is tried with the few tests that are nearest to it; with more its score could only rise. */
async function mutantRun(options: MutantRunOptions, { run, nearest }: Sandbox): Promise<MutantRunResult> {
  const { activeMutant, testFilter = [] } = options
  // Stryker's limit is a hundred times the hits of all tests together, and an endless loop that fills a list dies first.
  const hitLimit = Math.max(10_000, (options.hitLimit ?? 0) / 20)
  const files = nearest(options.sandboxFileName, testFilter).slice(0, testsPerMutant)
  for (const [index, file] of files.entries()) {
    Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit })
    const failureMessage = await run(file)
    if ((stryker.hitCount ?? 0) > hitLimit) return { status: MutantRunStatus.Timeout, reason: 'endless loop' }
    if (failureMessage !== undefined)
      return { status: MutantRunStatus.Killed, killedBy: [file], failureMessage, nrOfTests: index + 1 }
  }
  return { status: MutantRunStatus.Survived, nrOfTests: files.length }
}

/** The test of the source's own name comes first; equally near ones stay in their order. */
function nearestTests(folder: string): Sandbox['nearest'] {
  const reachedBy = importDistances(folder)
  return (source, files) => {
    const own = basename(source).replace(/\.ts$/, '.test.ts')
    const distance = (file: string) =>
      basename(file) === own ? 0 : (reachedBy(relative(folder, file)).get(relative(folder, source)) ?? 100)
    return files.toSorted((one, other) => distance(one) - distance(other))
  }
}
