// Reads a site's own policy from its files and tailors the catalog by it.
import { catalog } from '../policy/catalog.generated.ts'
import type { Labels } from '../policy/host-selector.ts'
import { problemLine } from '../policy/policy-error.ts'
import { inspectSitePolicy, type SitePolicy } from '../policy/site-policy.ts'
import { createTailor, type TailoredCatalog } from '../policy/tailoring.ts'
import { visible } from '../policy/visible-text.ts'
import { facets } from '../proto/facets.generated.ts'
import { GabionError } from '../runtime/errors.ts'
import { readYamlFiles } from '../runtime/yaml-files.ts'

export interface InspectedPolicy {
  readonly policy: SitePolicy
  /** one line each, with its place */
  readonly problems: readonly string[]
}

/** @throws GabionError (config) with every problem on a line of its own */
export function readTailoredPolicy(
  paths: readonly string[],
  labels: Labels,
): { readonly policy: SitePolicy; readonly tailored: TailoredCatalog } {
  const { policy, problems } = inspectPolicy(paths)
  if (problems.length > 0) {
    const count = `the policy has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}`
    throw new GabionError('config', `${count}\n${problems.map(line => `  ${line}`).join('\n')}`)
  }
  return { policy, tailored: createTailor(policy)(labels) }
}

/** What could be used, and everything that is wrong. */
export function inspectPolicy(paths: readonly string[]): InspectedPolicy {
  const { files, problems: unread } = readYamlFiles(paths)
  const { policy, problems } = inspectSitePolicy(catalog, files, facets)
  return { policy, problems: [...unread, ...problems.map(problemLine)].map(visible) }
}
