// `gabion-agent policy test`: judges the rows of checks and prints the outcome as TAP.
import { catalog } from '../../policy/catalog.generated.ts'
import type { Check, CheckTest } from '../../policy/check.ts'
import { rowEvaluation, rowFailures } from '../../policy/check-row.ts'
import { didYouMean } from '../../policy/policy-error.ts'
import { keepSandbox } from '../../policy/sandbox.ts'
import { createSiteJudge, type SiteJudge } from '../../policy/site-judge.ts'
import { plainPolicy, type SitePolicy } from '../../policy/site-policy.ts'
import { visible } from '../../policy/visible-text.ts'
import { facets } from '../../proto/facets.generated.ts'
import { usageError } from '../../runtime/errors.ts'
import { inspectPolicy } from '../../site/read-policy.ts'
import { startSandbox } from '../../site/start-sandbox.ts'
import { readBuiltInChecks } from '../policy/built-in-rows.ts'
import { requirePaths } from './policy-lint.ts'

export interface TestOptions {
  readonly builtin?: true
  readonly check?: readonly string[]
}

export async function testPolicy(paths: readonly string[], options: TestOptions): Promise<void> {
  const { policy, problems } = readPolicy(paths, options)
  if (problems.length > 0) {
    for (const line of problems) process.stdout.write(`Bail out! ${line}\n`)
    process.exitCode = 1
    return
  }
  const own = [...policy.ownChecks.values()].map(({ item }) => item)
  const checks = chosen([...own, ...(options.builtin ? readBuiltInChecks() : [])], options.check)
  const sandbox = keepSandbox(startSandbox)
  const judge = createSiteJudge({ policy, catalog: policy.catalog, facets, startSandbox: sandbox.start })
  try {
    process.exitCode = (await runRows(judge, checks)) ? 0 : 1
  } finally {
    sandbox.end()
  }
}

function readPolicy(
  paths: readonly string[],
  { builtin }: TestOptions,
): { readonly policy: SitePolicy; readonly problems: readonly string[] } {
  if (builtin && paths.length === 0) return { policy: plainPolicy(catalog), problems: [] }
  return inspectPolicy(requirePaths(paths))
}

function chosen(checks: readonly Check[], ids: readonly string[] | undefined): readonly Check[] {
  const known = checks.map(({ id }) => id)
  const unknown = ids?.find(id => !known.includes(id))
  if (unknown !== undefined) throw usageError(`--check: there is no check '${unknown}'${didYouMean(unknown, known)}`)
  return ids ? checks.filter(({ id }) => ids.includes(id)) : checks
}

/** Whether every row is as it expects. */
async function runRows(judge: SiteJudge, checks: readonly Check[]): Promise<boolean> {
  let count = 0
  let failed = 0
  process.stdout.write('TAP version 14\n')
  for (const check of checks) {
    if (check.tests.length === 0) process.stdout.write(`# ${check.id} has no rows\n`)
    for (const row of check.tests) {
      const failures = await judged(judge, check, row)
      if (failures.length > 0) failed++
      const outcome = failures.length === 0 ? 'ok' : 'not ok'
      process.stdout.write(`${outcome} ${++count} - ${tapText(`${check.id}: ${row.name}`)}\n`)
      for (const line of failures) process.stdout.write(`  # ${visible(line)}\n`)
    }
  }
  process.stdout.write(`1..${count}\n# ${count - failed} of ${count} rows are as expected\n`)
  return failed === 0
}

async function judged(judge: SiteJudge, check: Check, row: CheckTest): Promise<readonly string[]> {
  const [result] = await judge.evaluate(rowEvaluation(facets, check, row))
  return rowFailures(row, result)
}

/** What TAP would read as a directive is escaped. */
const tapText = (text: string) => visible(text).replace(/[\\#]/g, '\\$&')
