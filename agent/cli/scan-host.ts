// What `gabion-agent scan` does: reads the host once, judges it, prints the verdict.
import { type Check, type Result, type Severity, severities } from '../../policy/check.ts'
import { score } from '../../policy/score.ts'
import { visible } from '../../policy/visible-text.ts'
import { applyWaivers, waiverNotices } from '../../policy/waivers.ts'
import { type FacetState, facetProperty } from '../../proto/facet.ts'
import { loadRenderer } from '../../report/formats.ts'
import { createScanReport, describeHost, type PolicySummary, type ScanReport } from '../../report/scan-report.ts'
import { isoTime, systemClock } from '../../runtime/clock.ts'
import { usageError } from '../../runtime/errors.ts'
import { version } from '../../runtime/version.ts'
import { openSite, type Site } from '../policy/open-site.ts'
import type { Probe } from '../probe.ts'
import { selectProbes } from './options.ts'
import { chosenOutputs, type Output } from './outputs.ts'
import type { PolicyOptions } from './policy-options.ts'
import { openRoot, readOnce } from './read-host.ts'
import { readSnapshot } from './read-snapshot.ts'
import { plainText, terminal } from './terminal.ts'
import { requireWritable, writeReport } from './write-report.ts'

export interface ScanOptions extends PolicyOptions {
  readonly root: string
  readonly facts?: string
  /** a directory, or a file whose name tells its form */
  readonly fixPlan?: string
  /** an earlier report, `-` for standard input */
  readonly since?: string
  readonly output: readonly Output[]
  readonly probe?: readonly string[]
  readonly check?: readonly string[]
  readonly profile?: readonly string[]
  readonly severity?: Severity
  readonly failOn?: Severity
  readonly all?: true
  readonly portProbes: boolean
  readonly kubeletTokenFile?: string
  readonly waiverNotice: number
  /** files and directories in kube-bench's format, judged instead of the catalog */
  readonly controls?: readonly string[]
  readonly strictCompat?: true
}

export async function scan(options: ScanOptions): Promise<void> {
  const outputs = chosenOutputs(options.output)
  for (const { format, file } of outputs) if (file !== '') requireWritable(`--output ${format}=${file}`, file)
  if (options.fixPlan !== undefined) (await import('./fix-plan.ts')).fixPlanFiles(options.fixPlan)
  const earlier = await readEarlier(options)
  const probes = selectProbes(options.probe)
  const site = await openSite(options.policy, options.label ?? {})
  const { catalog } = site.judge
  requireKnown('check', options.check, catalog.checks, site)
  requireKnown('profile', options.profile, catalog.profiles, site)
  const { root, states, snapshot } = await look(options, probes)
  const facets = new Map(states.map(state => [facetProperty(state.facet), state]))
  const now = new Date(systemClock.now())
  const profiles = await profilesOf(site, facets, options)
  const found = await judge(site, facets, now, profiles, probes, options)
  const { results, waivers } = accept(site, found, facets, now, options)
  const policy = summaryOf(site, waivers)
  const judged = createScanReport({
    tool: { name: 'gabion-agent', version },
    root,
    scannedAt: isoTime(now.getTime()),
    ...(snapshot && { snapshot }),
    profiles,
    ...(policy && { policy }),
    checks: catalog.checks,
    results,
    score: score(results, catalog.checks),
    facets: states,
  })
  const report = earlier ? await earlier.compare(judged, catalog.checks) : judged
  await write(report, outputs, options.all === true)
  if (options.fixPlan !== undefined) await (await import('./fix-plan.ts')).writeFixPlan(report, options.fixPlan)
  process.exitCode = exitCode(report.results, options.failOn)
}

interface Earlier {
  readonly compare: (report: ScanReport, checks: readonly Check[]) => Promise<ScanReport>
}

/** Read before the host is, so that a mistake is told at once. */
async function readEarlier({ since, facts }: ScanOptions): Promise<Earlier | undefined> {
  if (since === undefined) return undefined
  if (since === '-' && facts === '-') throw usageError('--since and --facts cannot both be standard input')
  const earlier = await (await import('./read-report.ts')).readReport(since)
  const compare = async (report: ScanReport, checks: readonly Check[]) =>
    (await import('./since.ts')).compareSince(report, earlier, since, checks)
  return { compare }
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

type States = ReadonlyMap<string, FacetState>

async function profilesOf({ judge }: Site, facets: States, options: ScanOptions): Promise<readonly string[]> {
  if (options.profile) return judge.versionsFor(options.profile, facets)
  return options.probe ? [] : judge.profilesFor(facets)
}

function judge(
  site: Site,
  facets: States,
  now: Date,
  profiles: readonly string[],
  probes: readonly Probe[],
  options: ScanOptions,
): Promise<readonly Result[]> {
  const { catalog, facetsOf, evaluate } = site.judge
  const inProfiles = catalog.profiles.filter(({ id }) => profiles.includes(id)).flatMap(({ checks }) => checks)
  const all = options.probe && !options.profile
  const chosen = new Set(options.check ?? (all ? catalog.checks.map(({ id }) => id) : inProfiles))
  const read = new Set(probes.map(probe => probe.facet.property))
  const worst = options.severity ? severities.indexOf(options.severity) : severities.length
  const wanted = catalog.checks.filter(check => chosen.has(check.id) && severities.indexOf(check.severity) <= worst)
  const judgeable = options.probe ? wanted.filter(({ id }) => facetsOf(id).every(facet => read.has(facet))) : wanted
  return evaluate({ facets, now, checks: judgeable.map(check => check.id), profiles, fixes: true })
}

/** Marks what is waived, and tells on standard error which waivers somebody has to look at. */
function accept({ policy, labels }: Site, found: readonly Result[], facets: States, now: Date, options: ScanOptions) {
  const { check, profile, probe, severity, waiverNotice } = options
  const { id, hostname } = describeHost([...facets.values()])
  const accepted = applyWaivers(
    found,
    policy.waivers.map(({ item }) => item),
    {
      host: { id, hostname, labels },
      now,
      noticeDays: waiverNotice,
      complete: !check && !profile && !probe && !severity,
    },
  )
  for (const notice of waiverNotices(accepted.waivers)) process.stderr.write(`gabion-agent: ${visible(notice)}\n`)
  return accepted
}

function summaryOf({ policy, labels, tailored }: Site, waivers: PolicySummary['waivers']): PolicySummary | undefined {
  if (policy.files.length === 0) return undefined
  return { files: policy.files, digest: tailored.catalog.digest, labels, disabled: tailored.disabled, waivers }
}

function requireKnown(
  what: string,
  ids: readonly string[] | undefined,
  known: readonly { readonly id: string }[],
  { tailored }: Site,
): void {
  const unknown = ids?.find(id => !known.some(item => item.id === id))
  if (unknown === undefined) return
  const off = tailored.disabled.find(({ check }) => what === 'check' && check === unknown)
  if (off) throw usageError(`check '${unknown}' is switched off at ${off.place}: ${visible(off.rationale)}`)
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

/** What is waived does not count, nor what an earlier report knew already. */
function exitCode(results: ScanReport['results'], failOn: Severity | undefined): number {
  if (!failOn) return 0
  const counting = results.filter(({ waiver, change }) => !waiver && change !== 'known')
  const matters = counting.filter(({ severity }) => severities.indexOf(severity) <= severities.indexOf(failOn))
  if (matters.some(result => result.state === 'fail')) return 1
  return matters.some(result => result.state === 'error') ? 3 : 0
}
