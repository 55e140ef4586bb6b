// Scans whole fixture hosts and compares every result with the golden ones; GABION_UPDATE_GOLDEN=1 writes them anew.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { probes } from '../../agent/probes.generated.ts'
import { sweep } from '../../agent/sweep.ts'
import { catalog } from '../../policy/catalog.generated.ts'
import type { Result } from '../../policy/check.ts'
import { createEngine } from '../../policy/engine.ts'
import { type FacetState, facetProperty, type Gap } from '../../proto/facet.ts'
import { facets as allFacets } from '../../proto/facets.generated.ts'
import { silentLog } from '../../runtime/log.ts'
import { createFakeClock } from '../fake-clock.ts'
import { openFixtureHost } from '../fixture-host.ts'
import { materializeFixture } from '../materialize-fixture.ts'
import { runBin } from '../run-bin.ts'

const update = process.env['GABION_UPDATE_GOLDEN'] === '1'
const freeze = ['--import', join(import.meta.dirname, '../freeze-time.js')]
/** The moment that freeze-time.js freezes. */
const noon = Date.UTC(2026, 10, 22, 12)
const engine = createEngine(catalog, allFacets)

for (const fixture of [
  'debian12-vm',
  'debian12-minimal',
  'debian12-hardened',
  'debian12-weak',
  'kubeadm-node',
  'kubeadm-control-plane',
  'rhel9',
  'k3s-1.32',
  'talos',
]) {
  const skip = process.getuid?.() === 0 ? false : 'needs root to give files their owners'
  t.test(`gabion-agent scan --root on ${fixture}`, { skip }, async t => {
    const root = materializeFixture(t, fixture)
    const { code, stdout, stderr } = await runBin('agent', ['scan', '--root', root, '-o', 'json'], { node: freeze })
    t.equal(code, 0, stderr)
    const report = JSON.parse(stdout)
    t.same(
      report.facets.filter((facet: { state: string }) => facet.state === 'error'),
      [],
      'no probe fails',
    )
    compare(t, `${fixture}.offline`, summarize(report.profiles, report.results, report.facets))
  })
}

for (const fixture of [
  'debian12-vm',
  'debian12-hardened',
  'debian12-weak',
  'kubeadm-node',
  'kubeadm-control-plane',
  'rhel9',
  'k3s-1.32',
  'talos',
]) {
  t.test(`the running ${fixture}, its commands and answers replayed`, async t => {
    const states = await sweep({
      ...{ host: await openFixtureHost(fixture), probes, clock: createFakeClock(noon), log: silentLog },
      ...{ probePorts: true, oneShot: true, memories: new Map() },
    })
    const facets = new Map(states.map(state => [facetProperty(state.facet), state]))
    const profiles = engine.profilesFor(facets)
    const results = engine.evaluate({ facets, now: new Date(noon), profiles })
    compare(t, `${fixture}.live`, summarize(profiles, results, states.map(withGaps)))
  })
}

interface FacetLine {
  readonly facet: string
  readonly state: string
  readonly gaps: readonly Gap[]
}

const withGaps = (state: FacetState): FacetLine => ({
  facet: state.facet,
  state: state.state,
  gaps: state.state === 'present' ? (state.facts['gaps'] as unknown as readonly Gap[]) : [],
})

/** What a reader of the golden file wants to see change: profiles, facets with gaps, and each check's verdict. */
function summarize(profiles: readonly string[], results: readonly Result[], facets: readonly FacetLine[]) {
  return {
    profiles,
    facets: Object.fromEntries(
      [...facets]
        .sort((a, b) => (a.facet < b.facet ? -1 : 1))
        .map(({ facet, state, gaps }) => [
          facet,
          [state, ...gaps.map(gap => `${gap.field} ${gap.effect}: ${gap.source} ${gap.state} ${gap.detail}`)],
        ]),
    ),
    results: Object.fromEntries(
      [...results]
        .sort((a, b) => (a.check < b.check ? -1 : 1))
        .map(({ check, state, reason, evidence }) => [check, [state, ...(reason ? [reason] : []), ...evidence]]),
    ),
  }
}

function compare(
  t: { same: (found: unknown, wanted: unknown, message: string) => unknown },
  name: string,
  found: object,
): void {
  const path = join(import.meta.dirname, `${name}.json`)
  if (update) writeFileSync(path, `${JSON.stringify(found, null, 2)}\n`)
  t.same(
    found,
    JSON.parse(readFileSync(path, 'utf8')),
    `equals ${name}.json; about.md of the fixture says why it is so`,
  )
}
