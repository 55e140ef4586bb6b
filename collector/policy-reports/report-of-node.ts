// What a node failed, as an object of its own cluster: everything counted, what fails in words, and never too large.
import { createHash } from 'node:crypto'
import { severities } from '../../policy/check.ts'
import { bounded, visible } from '../../policy/visible-text.ts'
import type { HostRecord, ResultRecord } from '../store/records.ts'
import { type PolicyReportKind, reportKinds } from './report-kinds.ts'

export interface NodeToReport {
  /** whose reports these are, see `reportOwner` */
  readonly owner: string
  /** as the API server knows it */
  readonly node: { readonly name: string; readonly uid: string }
  readonly host: Pick<HostRecord, 'id' | 'counts'>
  /** its results that fail or could not be judged, waived or not */
  readonly failing: readonly ResultRecord[]
}

export interface NodeReport {
  readonly name: string
  /** of everything else in it: equal digests are equal reports */
  readonly digest: string
  /** for server-side apply */
  readonly object: Readonly<Record<string, unknown>>
}

/** Results of a report, and characters of their JSON: etcd takes 1.5 MiB, and keeps 5,000 nodes in a few gigabytes. */
export const reportLimits = { results: 200, characters: 96 * 1024 } as const
const limits = { evidence: 10, message: 600, property: 200 } as const

const managedBy = { 'app.kubernetes.io/managed-by': 'gabion' }
/** Several collectors of databases of their own may write into one cluster. */
const ownerLabel = 'gabion.io/collector'
export const digestAnnotation = 'gabion.io/digest'
const leftOutAnnotation = 'gabion.io/left-out'

/** What all collectors on one database have in common, and no other has. @param pin of their CA */
export const reportOwner = (pin: string): string => createHash('sha256').update(pin).digest('hex').slice(0, 12)

/** What names the reports of one owner begin with. */
export const reportPrefix = (owner: string): string => `gabion-${owner}-`

/** Labels of the reports of one owner. */
export const reportLabels = (owner: string): Readonly<Record<string, string>> => ({ ...managedBy, [ownerLabel]: owner })

/** @returns undefined for a uid that cannot be in the name of an object */
export function reportName(owner: string, uid: string): string | undefined {
  return /^[0-9a-z](?:[0-9a-z.-]{0,126}[0-9a-z])?$/.test(uid) ? reportPrefix(owner) + uid : undefined
}

/** @returns undefined where no report can be named */
export function reportOfNode(
  kind: PolicyReportKind,
  { owner, node, host, failing }: NodeToReport,
): NodeReport | undefined {
  const name = reportName(owner, node.uid)
  if (name === undefined) return undefined
  const { apiVersion, kind: objectKind, fields } = reportKinds[kind]
  const reference = { apiVersion: 'v1', kind: 'Node', name: node.name, uid: node.uid }
  const { kept, leftOut } = withinLimits(failing.toSorted(byUrgency).map(result => resultOf(kind, result)))
  const stated = leftOut > 0 && { [leftOutAnnotation]: `${leftOut} of ${failing.length} results: ask the collector` }
  const content = { ...fields, scope: reference, summary: summaryOf(host, failing), results: kept }
  const about = { 'gabion.io/host-id': host.id, ...stated }
  const digest = createHash('sha256')
    .update(JSON.stringify([about, content]))
    .digest('hex')
    .slice(0, 32)
  const metadata = {
    name,
    labels: reportLabels(owner),
    annotations: { ...about, [digestAnnotation]: digest },
    ownerReferences: [reference],
  }
  return { name, digest, object: { apiVersion, kind: objectKind, metadata, ...content } }
}

/** What is accepted is a requirement that is not met and not scored; what people look at themselves was not selected. */
function summaryOf({ counts }: NodeToReport['host'], failing: readonly ResultRecord[]) {
  const number = (outcome: string) => failing.filter(result => outcomeOf(result) === outcome).length
  const known = { pass: counts.pass, skip: counts.manual + counts.not_applicable }
  return { ...known, fail: number('fail'), error: number('error'), warn: number('warn') }
}

const outcomeOf = ({ state, waiver }: ResultRecord) => (waiver ? 'warn' : state === 'fail' ? 'fail' : 'error')

const urgency = ['fail', 'error', 'warn'] as const

function byUrgency(a: ResultRecord, b: ResultRecord): number {
  return (
    urgency.indexOf(outcomeOf(a)) - urgency.indexOf(outcomeOf(b)) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.check < b.check ? -1 : 1)
  )
}

function resultOf(kind: PolicyReportKind, result: ResultRecord) {
  const { check, severity, since, waiver } = result
  const written = reportKinds[kind].severities[severity]
  const properties = {
    ...(written !== severity && { severity }),
    ...(waiver && { waiver: waiver.id, waivedBy: waiver.owner, reason: waiver.reason, until: waiver.expiresAt }),
  }
  return {
    ...{ source: 'gabion', policy: check, category: 'Host hardening', severity: written },
    ...{ result: outcomeOf(result), scored: !waiver, message: messageOf(result), timestamp: timestampOf(since) },
    ...(Object.keys(properties).length > 0 && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, text]) => [key, shown(text, limits.property)]),
      ),
    }),
  }
}

/** In it may be anything that a host wrote. */
function messageOf({ title, state, reason, evidence }: ResultRecord): string {
  const said = state === 'fail' ? evidence.slice(0, limits.evidence).join('; ') : reason
  return shown(said === '' ? title : `${title}: ${said}`, limits.message)
}

const shown = (text: string, limit: number) => bounded(visible(text.slice(0, 4 * limit)), limit)

function timestampOf(since: string) {
  const ms = Date.parse(since)
  return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1_000_000 }
}

function withinLimits<T>(results: readonly T[]): { readonly kept: readonly T[]; readonly leftOut: number } {
  const kept: T[] = []
  let characters = 0
  for (const result of results) {
    characters += JSON.stringify(result).length
    if (kept.length === reportLimits.results || characters > reportLimits.characters) break
    kept.push(result)
  }
  return { kept, leftOut: results.length - kept.length }
}
