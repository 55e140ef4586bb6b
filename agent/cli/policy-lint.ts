// `gabion-agent policy lint`: everything that is wrong with a policy, a line each.
import { systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { chosenPaths, policyDirectory } from '../../site/policy-directory.ts'
import { inspectPolicy } from '../../site/read-policy.ts'

export function lintPolicy(paths: readonly string[]): void {
  const { policy, problems } = inspectPolicy(requirePaths(paths))
  for (const line of problems) process.stdout.write(`${line}\n`)
  for (const { item, place } of policy.waivers) {
    if (Date.parse(item.expiresAt) > systemClock.now()) continue
    process.stdout.write(
      `${place('expires')}: note: waiver ${item.id} expired at ${item.expiresAt}: it accepts nothing\n`,
    )
  }
  if (problems.length > 0) {
    process.exitCode = 1
    return
  }
  const { files, ownChecks, ownProfiles, tailoring, waivers } = policy
  const parts = [
    `${files.length} ${files.length === 1 ? 'file' : 'files'}`,
    `${ownChecks.size} checks`,
    `${ownProfiles.size} profiles`,
    `${tailoring.length} tailoring rules`,
    `${waivers.length} waivers`,
  ]
  process.stdout.write(`${parts.join(', ')}: no problems\n`)
}

/** @throws GabionError (usage) when there is nothing to look at */
export function requirePaths(paths: readonly string[]): readonly string[] {
  const chosen = paths.length > 0 ? paths : chosenPaths(undefined)
  if (chosen.length === 0) throw usageError(`name files or directories of a policy: ${policyDirectory} is not there`)
  return chosen
}
