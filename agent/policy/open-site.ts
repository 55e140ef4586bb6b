// What this host is judged by: the built-in catalog, and the site's own policy where there is one.
import { catalog } from '../../policy/catalog.generated.ts'
import type { Labels } from '../../policy/host-selector.ts'
import { createSiteJudge, type SiteJudge } from '../../policy/site-judge.ts'
import type { SitePolicy } from '../../policy/site-policy.ts'
import type { TailoredCatalog } from '../../policy/tailoring.ts'
import { facets } from '../../proto/facets.generated.ts'
import { chosenPaths, type PolicyPaths } from '../../site/policy-directory.ts'
import { startSandbox } from '../../site/start-sandbox.ts'

export interface Site {
  readonly policy: SitePolicy
  readonly labels: Labels
  readonly tailored: TailoredCatalog
  readonly judge: SiteJudge
}

const plain: Pick<Site, 'policy' | 'tailored'> = {
  policy: { files: [], catalog, ownChecks: new Map(), ownProfiles: new Map(), tailoring: [], waivers: [], cohorts: [] },
  tailored: { catalog, disabled: [], changes: new Map() },
}

/**
 * What reads policies is loaded only where there is one.
 * @throws GabionError (config) with every problem on a line of its own
 */
export async function openSite(paths: PolicyPaths, labels: Labels): Promise<Site> {
  const chosen = chosenPaths(paths)
  const { policy, tailored } =
    chosen.length === 0 ? plain : (await import('../../site/read-policy.ts')).readTailoredPolicy(chosen, labels)
  const judge = createSiteJudge({ policy, catalog: tailored.catalog, facets, startSandbox })
  return { policy, labels, tailored, judge }
}
