// What `gabion-agent scan` does: reads the host once, judges it, prints the verdict.
import { catalog } from '../../policy/catalog.generated.ts'
import { type Result, type Severity, severities, type WaiverMark } from '../../policy/check.ts'
import { createEngine, type Engine, score } from '../../policy/engine.ts'
import { visible } from '../../policy/visible-text.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import { facets as allFacets } from '../../proto/facets.generated.ts'
import { loadRenderer } from '../../report/formats.ts'
import { createScanReport, type ScanReport } from '../../report/scan-report.ts'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import type { Probe } from '../probe.ts'
import { selectProbes } from './options.ts'
import { chosenOutputs, type Output } from './outputs.ts'
import { openRoot, readOnce } from './read-host.ts'
import { readSnapshot } from './read-snapshot.ts'
import { plainText, terminal } from './terminal.ts'
import { requireWritable, writeReport } from './write-report.ts'

export interface ScanOptions {
  readonly root: string
  readonly facts?: string
  readonly output: readonly Output[]
  readonly probe?: readonly string[]
  readonly check?: readonly string[]
  readonly profile?: readonly string[]
  readonly severity?: Severity
  readonly failOn?: Severity
  readonly all?: true
  readonly portProbes: boolean
}
  readonly kubeletTokenFile?: string
  readonly waiverNotice: number

export async function scan(options: ScanOptions): Promise<void> {
  const outputs = chosenOutputs(options.output)
  for (const { format, file } of outputs) if (file !== '') requireWritable(`--output ${format}=${file}`, file)
  const probes = selectProbes(options.probe)
  const engine = createEngine(catalog, allFacets, { verified: true })
  requireKnown('check', options.check, catalog.checks)
  requireKnown('profile', options.profile, catalog.profiles)
  const { root, states, snapshot } = await look(options, probes)
  const facets = new Map(states.map(state => [facetProperty(state.facet), state]))
  const now = new Date(systemClock.now())
  const profiles = options.profile ?? (options.probe ? [] : engine.profilesFor(facets))
  const results = judge(engine, facets, now, profiles, probes, options)
  const report = createScanReport({
    tool: { name: 'gabion-agent', version },
    root,
    scannedAt: isoTime(now.getTime()),
    ...(snapshot && { snapshot }),
    profiles,
    checks: catalog.checks,
    results,
    score: score(results, catalog.checks),
    facets: states,
  })
  await write(report, outputs, options.all === true)
  process.exitCode = exitCode(report.results, options.failOn)
}

async function write(report: ScanReport, outputs: readonly Output[], all: boolean): Promise<void> {
  for (const { format, file } of outputs) {
    const render = await loadRenderer(format)
    const text = render([report], { table: { ...(file === '' ? terminal() : plainText), all } })
    if (file === '') process.stdout.write(text)
    else writeReport(`--output ${format}=${file}`, file, text)
  }
}

interface Look {
  readonly root: string
  readonly states: readonly FacetState[]
  readonly snapshot?: ScanReport['snapshot']
}

/** What is judged: this host as it is now, or what was kept of a host. */
async function look(options: ScanOptions, probes: readonly Probe[]): Promise<Look> {
  if (options.facts === undefined) {
    const host = await openRoot(options.root, options.kubeletTokenFile)
    return { root: host.root, states: await readOnce(host, probes, options.portProbes, options.probe ?? []) }
  }
  const { file, agentVersion, readAt, root, states, unknown } = await readSnapshot(options.facts)
  for (const name of unknown) {
    process.stderr.write(
      `gabion-agent: ${visible(`${file}: facet '${name}' is not known to this version`)}: not judged\n`,
    )
  }
  return { root, states, snapshot: { file, agentVersion, readAt } }
}

function judge(
  engine: Engine,
  facets: ReadonlyMap<string, FacetState>,
  now: Date,
  profiles: readonly string[],
  probes: readonly Probe[],
  options: ScanOptions,
): readonly Result[] {
  const chosen = options.check ?? (options.probe && !options.profile ? allChecks : checksOf(profiles))
  const read = new Set(probes.map(probe => probe.facet.property))
  const worst = options.severity ? severities.indexOf(options.severity) : severities.length
  const wanted = catalog.checks.filter(
    check => chosen.includes(check.id) && severities.indexOf(check.severity) <= worst,
  )
  const judgeable = options.probe
    ? wanted.filter(check => engine.facetsOf(check.id).every(facet => read.has(facet)))
    : wanted
  return engine.evaluate({ facets, now, checks: judgeable.map(check => check.id), profiles })
}

const allChecks = catalog.checks.map(check => check.id)

const checksOf = (profiles: readonly string[]) =>
  catalog.profiles.filter(profile => profiles.includes(profile.id)).flatMap(profile => profile.checks)

function requireKnown(
  what: string,
  ids: readonly string[] | undefined,
  known: readonly { readonly id: string }[],
): void {
  const unknown = ids?.find(id => !known.some(item => item.id === id))
  if (unknown === undefined) return
  const near = known
    .map(item => item.id)
    .filter(id => id.includes(unknown) || unknown.includes(id))
    .slice(0, 5)
  const hint =
    near.length > 0
      ? `; near it: ${near.join(', ')}`
      : what === 'profile'
        ? `; there are ${known.map(item => item.id).join(', ')}`
        : ''
  throw usageError(`unknown ${what} '${unknown}'${hint}`)
}

function exitCode(
  results: readonly { readonly state: Result['state']; readonly severity: Severity; readonly waiver?: WaiverMark }[],
  failOn: Severity | undefined,
): number {
  if (!failOn) return 0
  const counting = results.filter(result => !result.waiver)
  const matters = counting.filter(result => severities.indexOf(result.severity) <= severities.indexOf(failOn))
  if (matters.some(result => result.state === 'fail')) return 1
  return matters.some(result => result.state === 'error') ? 3 : 0
}
