// Stryker's way to run our tests: files with tap's own assertions, inside the worker, one after another.
import { basename, resolve } from 'node:path'
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

const Test = await importTap()

/** What the instrumented sources and the runner tell each other. */
const stryker: InstrumenterContext = {}
Object.assign(globalThis, { __stryker__: stryker })

/** Generated inputs are the same in each run; a failure need not be made small. */
const propertySettings = { seed: 20_261_122, endOnFailure: true }

/** How many test files beside its own a mutant is tried with. */
const otherFiles = 5

/** A test runner that works in the sandbox, the worker's current directory at the time of the first run. */
export function createTestRunner(): TestRunner {
  let run: ((file: string) => Promise<string | undefined>) | undefined

  const runFile = (file: string) => {
    configureGlobal(propertySettings)
    run ??= fileRunner(process.cwd())
    return run(file)
  }

  return {
    capabilities: () => ({ reloadEnvironment: true }),
    dryRun: options => dryRun(options, runFile),
    mutantRun: options => mutantRun(options, runFile),
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

type RunFile = (file: string) => Promise<string | undefined>

/** Runs one test file up to its first failure, and answers that. */
function fileRunner(folder: string): RunFile {
  const modules = freshModules(folder)
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
async function dryRun({ testFiles = [] }: DryRunOptions, runFile: RunFile): Promise<DryRunResult> {
  const covered = new Map<string, CoverageData>()
  const tests: TestResult[] = []
  for (const file of testFiles) {
    stryker.mutantCoverage = { static: {}, perTest: {} }
    stryker.currentTestId = file
    const start = performance.now()
    const failure = await runFile(file)
    const test = { id: file, name: file, fileName: file, timeSpentMs: Math.round(performance.now() - start) }
    if (failure === undefined) tests.push({ ...test, status: TestStatus.Success })
    else tests.push({ ...test, status: TestStatus.Failed, failureMessage: failure })
    covered.set(file, stryker.mutantCoverage.perTest[file] ?? {})
  }
  tests.sort((one, other) => one.timeSpentMs - other.timeSpentMs)
  const perTest = Object.fromEntries(tests.map(({ id }) => [id, covered.get(id) ?? {}]))
  return { status: DryRunStatus.Complete, tests, mutantCoverage: { static: {}, perTest } }
}

/**
 * The file that is named like the mutated one goes first, since it is the likeliest to tell. Of the others the
 * quickest few are asked: a mutant of what everything uses would else run everything. This can only lower the score.
 */
async function mutantRun(options: MutantRunOptions, runFile: RunFile): Promise<MutantRunResult> {
  const { activeMutant, testFilter = [], hitLimit = Number.POSITIVE_INFINITY } = options
  const own = basename(activeMutant.fileName).replace(/\.ts$/, '.test.ts')
  const isOwn = (file: string) => basename(file) === own
  const files = [...testFilter.filter(isOwn), ...testFilter.filter(file => !isOwn(file)).slice(0, otherFiles)]
  for (const [index, file] of files.entries()) {
    Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit })
    const failureMessage = await runFile(file)
    if ((stryker.hitCount ?? 0) > hitLimit) return { status: MutantRunStatus.Timeout, reason: 'endless loop' }
    if (failureMessage !== undefined)
      return { status: MutantRunStatus.Killed, killedBy: [file], failureMessage, nrOfTests: index + 1 }
  }
  return { status: MutantRunStatus.Survived, nrOfTests: files.length }
}
