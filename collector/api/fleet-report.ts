// Reports over hosts of the fleet, host by host where the form allows it, so that a large fleet takes no large memory.
import type { Check } from '../../policy/check.ts'
import { score } from '../../policy/score.ts'
import type { FacetState } from '../../proto/facet.ts'
import { loadRenderer } from '../../report/formats.ts'
import { describeHost, type Finding, type ScanReport } from '../../report/scan-report.ts'
import { isoTime } from '../../runtime/clock.ts'
import { version } from '../../runtime/version.ts'
import type { HostRecord, ResultRecord } from '../store/records.ts'
import { type HostSelection, selectHosts } from './host-selection.ts'
import { Problem } from './problem.ts'
import type { RequestContext } from './request-context.ts'
import { requireHost } from './require-host.ts'

export const reportFormats = {
  csv: { contentType: 'text/csv; charset=utf-8', head: 1 },
  ocsf: { contentType: 'application/x-ndjson', head: 0 },
  sarif: { contentType: 'application/sarif+json' },
  junit: { contentType: 'application/xml; charset=utf-8' },
  json: { contentType: 'application/json; charset=utf-8' },
  markdown: { contentType: 'text/markdown; charset=utf-8' },
  html: { contentType: 'text/html; charset=utf-8' },
} as const satisfies Readonly<Record<string, { readonly contentType: string; readonly head?: number }>>
export type ReportFormat = keyof typeof reportFormats

type Selection = HostSelection & { readonly host?: string | undefined }

/** A report is one file with its style in it, and says itself which one; nothing else is let in. */
const pagePolicy =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const mostWhole = 500
const hostsAtOnce = 50
const resultsAtOnce = 500
const table = { all: true, width: 120, paint: (_: unknown, text: string) => text }

/** @throws Problem 404 for a host that is not there, 409 when a form that is one document would get too long */
export async function fleetReport(
  format: ReportFormat,
  selection: Selection,
  context: RequestContext,
): Promise<string | AsyncIterable<string>> {
  const chosen: { readonly contentType: string; readonly head?: number } = reportFormats[format]
  const { reply, read, clock } = context
  reply.header('content-type', chosen.contentType)
  if (format === 'html') reply.header('content-security-policy', pagePolicy)
  else reply.header('content-disposition', `attachment; filename="gabion.${format}"`)
  if (selection.host !== undefined) await requireHost(read, selection.host)
  const render = await loadRenderer(format)
  const text = (reports: readonly ScanReport[]) => render(reports, { table })
  const reports = reportsOf(selection, context)
  if (chosen.head !== undefined) return rows(reports, text, chosen.head)
  const count = selection.host === undefined ? await read.hostCount(selectHosts(selection, clock.now())) : 1
  if (count > mostWhole) {
    throw new Problem(
      409,
      `${count} hosts are too many for ${format}: select ${mostWhole} at most, or take csv or ocsf`,
    )
  }
  return text(await Array.fromAsync(reports))
}

/** @param head lines at the beginning that are the same for every host */
async function* rows(
  reports: AsyncIterable<ScanReport>,
  text: (reports: readonly ScanReport[]) => string,
  head: number,
): AsyncGenerator<string> {
  const headText = head === 0 ? '' : text([])
  yield headText
  for await (const report of reports) yield text([report]).slice(headText.length)
}

async function* reportsOf(selection: Selection, context: RequestContext): AsyncGenerator<ScanReport> {
  const { read, catalog, clock } = context
  const checks = new Map(catalog.checks.map(check => [check.id, check]))
  for await (const host of hostsOf(selection, context)) {
    const results = await Array.fromAsync(resultsOf(host.id, context))
    const facet = await read.facet(host.id, 'host')
    yield reportOf(host, results, facet ? [facet.current] : [], checks, clock.now())
  }
}

async function* hostsOf(
  { host, ...selection }: Selection,
  { read, clock, signal }: RequestContext,
): AsyncGenerator<HostRecord> {
  if (host !== undefined) {
    const one = await read.host(host)
    if (one) yield one
    return
  }
  const filter = { ...selectHosts(selection, clock.now()), sort: 'hostname' } as const
  let cursor: string | undefined
  do {
    const page = await read.hosts(filter, { limit: hostsAtOnce, ...(cursor === undefined ? {} : { cursor }) })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== undefined && !signal.aborted)
}

async function* resultsOf(hostId: string, { read }: RequestContext): AsyncGenerator<ResultRecord> {
  let cursor: string | undefined
  do {
    const page = await read.results({ hostId }, { limit: resultsAtOnce, ...(cursor === undefined ? {} : { cursor }) })
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== undefined)
}

function reportOf(
  host: HostRecord,
  results: readonly ResultRecord[],
  facets: readonly FacetState[],
  checks: ReadonlyMap<string, Check>,
  nowMs: number,
): ScanReport {
  const { os, kernel } = describeHost(facets)
  return {
    tool: { name: 'gabion-collector', version },
    host: { hostname: host.hostname, id: host.id, os, kernel, root: '/' },
    scannedAt: isoTime(nowMs),
    profiles: host.profiles,
    score: score(results, [...checks.values()]),
    results: results.map(result => findingOf(result, checks.get(result.check))),
    facets: [],
  }
}

function findingOf(
  { hostId: _, hostname: __, since: ___, ...result }: ResultRecord,
  check: Check | undefined,
): Finding {
  return { ...result, rationale: check?.rationale ?? '', references: check?.references ?? [] }
}
