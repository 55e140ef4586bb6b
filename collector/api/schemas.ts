// The shapes that the API answers, as the OpenAPI document names them.
import * as z from 'zod'
import { resultStates, severities } from '../../policy/check.ts'
import { apiRoles, auditOutcomes } from '../store/access-records.ts'
import { enrollmentStates, hostStandings } from '../store/identity-records.ts'
import { driftKinds } from '../store/records.ts'
import { AgentStateSchema } from './agent-health-schema.ts'
import { count, mark, time, timeOrEmpty } from './schema-parts.ts'

const facetStates = ['present', 'absent', 'unreadable', 'error'] as const

export const CountsSchema = z
  .object({ pass: count, fail: count, manual: count, not_applicable: count, error: count })
  .meta({ id: 'ResultCounts', description: 'number of results by state' })

export const SeverityCountsSchema = z
  .object({ critical: count, high: count, medium: count, low: count })
  .meta({ id: 'SeverityCounts', description: 'number of failing results by severity' })

export const SyncSchema = z
  .object({
    state: z
      .enum(['current', 'catching-up'])
      .describe('catching-up after an outage, or when there is too much to take'),
    behindMs: count.describe('age of the oldest change that is still to come, 0 when everything is here'),
    queuedChanges: count.describe('changes that are still to come, as the agent said last'),
  })
  .meta({ id: 'Sync', description: 'how far the collector is behind a host' })
/** A mark on a result: somebody accepted the failure for a time. */
const WaiverMarkSchema = z
  .object({ id: z.string(), reason: z.string(), owner: z.string(), ticket: z.string(), expiresAt: time })
  .meta({ id: 'WaiverMark' })

export const HostSchema = z
  .object({
    id: z.string().describe('the collector’s id of the host'),
    hostKey: z.string().describe('identity the agent proved, or its UUID before enrollment'),
    hostname: z.string(),
    machineId: z.string(),
    agentVersion: z.string(),
    profiles: z.array(z.string()).describe('profiles that the host takes by itself'),
    labels: z.record(z.string(), z.string()),
    firstSeen: time,
    lastSeen: time,
    connected: z.boolean().describe('whether its agent has an open stream'),
    sync: SyncSchema.optional().describe('missing while it is not connected: nobody knows then what it has queued'),
    agent: AgentStateSchema,
    standing: z.enum(hostStandings).describe('whether the host may speak; a retired one is no more'),
    ...mark,
    counts: CountsSchema.describe('as they were found, waived or not'),
    waived: count.describe('results that are waived'),
    failedBySeverity: SeverityCountsSchema.describe('without what is waived'),
  })
  .meta({ id: 'Host' })

export const FacetSummarySchema = z
  .object({
    facet: z.string(),
    state: z.enum(facetStates),
    schemaVersion: z.int(),
    digest: z.string(),
    reason: z.string().describe('why there are no facts, empty when present'),
    since: time,
    receivedAt: time,
  })
  .meta({ id: 'FacetSummary' })

const json = z.record(z.string(), z.unknown())

export const FacetSchema = z
  .object({
    hostId: z.string(),
    facet: z.string(),
    state: z.enum(facetStates),
    schemaVersion: z.int(),
    digest: z.string(),
    facts: json.optional().describe('what the probe read, when present'),
    reason: z.object({ code: z.string(), detail: z.string() }).optional().describe('why there are no facts'),
    observations: json.optional().describe('latest values that are no facts'),
    observedAt: timeOrEmpty.describe('when the observations were made'),
    since: time.describe('since when this state holds'),
    receivedAt: time,
    lastGood: z
      .object({ facts: json, digest: z.string(), since: time })
      .optional()
      .describe('facts of the last present state, when it cannot be read now'),
  })
  .meta({ id: 'Facet' })

export const FacetHistorySchema = z
  .object({
    digest: z.string(),
    state: z.enum(facetStates),
    schemaVersion: z.int(),
    validFrom: time,
    validTo: timeOrEmpty.describe('empty while it holds'),
    receivedAt: time,
  })
  .meta({ id: 'FacetHistory' })

export const GapSchema = z
  .object({
    facet: z.string(),
    from: time.describe('when the first of the changes was seen, or since when nobody looked'),
    to: time.describe('since when the state holds that ended it'),
    changes: z.int().describe('changes that nobody can tell apart any more, 0 when nobody counted'),
    receivedAt: time,
  })
  .meta({ id: 'Gap' })

export const ResultSchema = z
  .object({
    hostId: z.string(),
    hostname: z.string(),
    check: z.string(),
    title: z.string(),
    severity: z.enum(severities),
    state: z.enum(resultStates),
    reason: z.string().describe('why it is error, not_applicable or manual'),
    evidence: z.array(z.string()).describe('what violates the check'),
    remediation: z.string().describe('what to do on this host, empty unless fail'),
    facets: z.array(z.string()).describe('properties of the facets that were read'),
    since: time,
    failingSince: time.optional().describe('since when it fails, also while nobody can tell'),
    firstSeen: time.optional().describe('of a finding: when it failed first, as far as results are kept'),
    lastSeen: time.optional().describe('of a finding: when its host was heard of last'),
    validUntil: time.optional().describe('when time itself may change the state'),
    waiver: WaiverMarkSchema.optional().describe('who accepted it, and until when'),
  })
  .meta({ id: 'Result' })

export const DriftSchema = z
  .object({
    id: z.int().describe('ascending with the order of changes'),
    hostId: z.string(),
    hostname: z.string(),
    kind: z.enum(driftKinds),
    subject: z.string().describe('facet name, or check id for a result'),
    change: z.enum(['added', 'removed', 'changed']),
    field: z.string().describe('dotted path inside the facts; id of the cohort for a deviation'),
    text: z.string().describe('what changed, in words'),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
    flapping: z
      .enum(['begins', 'ends'])
      .optional()
      .describe('it comes and goes: what follows is not told until it rests'),
    at: time.describe('when the agent saw it, by the collector’s clock'),
    receivedAt: time,
  })
  .meta({ id: 'Drift' })

export const CheckSummarySchema = z
  .object({
    id: z.string(),
    title: z.string(),
    severity: z.enum(severities),
    profiles: z.array(z.string()),
    counts: CountsSchema.describe('as they were found, waived or not'),
    waived: count.describe('hosts on which it is waived'),
  })
  .meta({ id: 'CheckSummary' })

export const CheckSchema = CheckSummarySchema.extend({
  applies: z.string().optional().describe('CEL: whether the check concerns a host'),
  pass: z.string().optional().describe('CEL: the requirement; missing for a manual check'),
  evidence: z.string().optional().describe('CEL: what violates it'),
  manual: z.string().optional().describe('what a person has to look at'),
  rationale: z.string(),
  remediation: z.string().optional(),
  references: z.array(z.object({ source: z.string(), version: z.string(), id: z.string() })),
  parameters: json,
}).meta({ id: 'Check' })

export const ResultHistorySchema = z
  .object({
    state: z.enum(resultStates),
    reason: z.string().describe('why it was error, not_applicable or manual'),
    evidence: z.array(z.string()).describe('what violated the check'),
    remediation: z.string().describe('what was to do, empty unless fail'),
    from: time,
    to: timeOrEmpty.describe('empty while it holds'),
  })
  .meta({ id: 'ResultHistory' })

export const WaiverSchema = z
  .object({
    id: z.string(),
    hosts: z
      .object({
        ids: z.array(z.string()),
        hostnames: z.array(z.string()),
        matchLabels: z.record(z.string(), z.string()),
        matchExpressions: z.array(z.object({ key: z.string(), operator: z.string(), values: z.array(z.string()) })),
      })
      .describe('hosts that it is meant for: everything that is named must hold'),
    check: z.string().describe('id of a check, or a glob over ids'),
    reason: z.string(),
    owner: z.string(),
    ticket: z.string().describe('empty when there is none'),
    expiresAt: time,
    source: z.enum(['file', 'api']).describe('where it was written'),
    use: z.enum(['used', 'unused', 'expired']).describe('whether it accepts anything now'),
    results: count.describe('results that it accepts now'),
    expiresSoon: z.boolean().describe('within 30 days'),
  })
  .meta({ id: 'Waiver' })

export const SummarySchema = z
  .object({
    version: z.string().describe('of the collector'),
    catalogDigest: z.string(),
    checks: count,
    hosts: z.object({ total: count, connected: count, catchingUp: count.describe('connected, and behind') }),
    ...mark,
    counts: CountsSchema.describe('as they were found, waived or not'),
    waived: count.describe('results that are waived'),
    failedBySeverity: SeverityCountsSchema.describe('without what is waived'),
    lastDriftId: count.describe('0 before the first drift'),
  })
  .meta({ id: 'Summary' })

export const RescanSchema = z
  .object({ requestId: z.string().describe('stands in the logs of collector and agent') })
  .meta({ id: 'Rescan' })

/** A page of a list. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional().describe('absent on the last page') })

export const StandingSchema = z
  .object({ hostId: z.string(), standing: z.enum(hostStandings), reason: z.string(), since: time })
  .meta({ id: 'Standing' })

export const ProfileSummarySchema = z
  .object({ id: z.string(), title: z.string(), checks: count.describe('how many it has') })
  .meta({ id: 'ProfileSummary' })

export const ProfileSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    appliesTo: z.string().describe('CEL: whether a host takes this profile by itself'),
    checks: z.array(z.string()),
    parameters: z.record(z.string(), json).describe('check id → parameter → value'),
    versions: z
      .array(z.object({ profile: z.string(), when: z.string().describe('CEL over the facets') }))
      .optional()
      .describe('profiles that stand in for this one'),
  })
  .meta({ id: 'Profile' })

const labels = z.record(z.string(), z.string())

export const ApiTokenSchema = z
  .object({
    id: z.string(),
    description: z.string(),
    role: z.enum(apiRoles),
    labels: labels.describe('hosts that it is shown: those with all of these; every host without any'),
    state: z.enum(['valid', 'revoked', 'expired']),
    createdAt: time,
    createdBy: z.string(),
    expiresAt: time,
    lastUsedAt: timeOrEmpty.describe('to the minute; empty before the first use'),
    revokedAt: timeOrEmpty,
  })
  .meta({ id: 'ApiToken' })

export const NewApiTokenSchema = ApiTokenSchema.extend({
  token: z.string().describe('what Authorization: Bearer takes; it is answered this once'),
}).meta({ id: 'NewApiToken' })

export const EnrollmentTokenSchema = z
  .object({
    id: z.string(),
    description: z.string(),
    labels: labels.describe('labels of every host that used it'),
    state: z.enum(['valid', 'used_up', 'revoked', 'expired']),
    maxUses: count,
    uses: count,
    needsApproval: z.boolean(),
    createdAt: time,
    expiresAt: time,
    revokedAt: timeOrEmpty,
  })
  .meta({ id: 'EnrollmentToken' })

export const NewEnrollmentTokenSchema = EnrollmentTokenSchema.extend({
  enrollmentString: z.string().describe('what `gabion-agent enroll` takes; it is answered this once'),
}).meta({ id: 'NewEnrollmentToken' })

export const EnrollmentSchema = z
  .object({
    id: z.string(),
    tokenId: z.string(),
    state: z.enum(enrollmentStates),
    hostId: z.string().describe('empty while pending and when refused'),
    hostname: z.string(),
    machineId: z.string(),
    address: z.string().describe('where it came from'),
    requestedAt: time,
    decidedAt: timeOrEmpty,
  })
  .meta({ id: 'Enrollment' })

export const AuditSchema = z
  .object({
    id: z.int().describe('ascending with the order of entries'),
    at: time,
    actor: z.string().describe('such as token:1a2b3c4d5e, kubernetes:local/USER or cli:root'),
    address: z.string().describe('empty for the command line'),
    requestId: z.string().describe('X-Request-Id of the answer'),
    action: z.string().describe('resource and verb, such as hosts.delete'),
    target: z.string().describe('id of what it concerned'),
    outcome: z.enum(auditOutcomes),
    detail: json,
  })
  .meta({ id: 'AuditEntry' })

export const SessionSchema = z
  .object({
    kind: z.enum(['open', 'token', 'session', 'kubernetes']).describe('open: this collector asks nobody who it is'),
    name: z.string(),
    role: z.enum([...apiRoles, '']).describe('empty when a cluster decides about each right'),
    labels: labels.describe('only hosts with all of these are there'),
    expiresAt: timeOrEmpty.describe('empty for never'),
  })
  .meta({ id: 'Session' })

export const NewSessionSchema = z.object({ expiresAt: time }).meta({ id: 'NewSession' })
