// The tables as Kysely types: names, columns and what they hold.
import type { Generated } from 'kysely'
import type { EnrollmentState, HostStanding } from '../identity-records.ts'
import type { CohortTables } from './cohort-tables.ts'
import type { HistoryTables } from './history-tables.ts'

/** Times are milliseconds since the epoch; states and severities are the codes of `codes.ts`. */
export interface Tables extends CohortTables, HistoryTables {
  migration: { number: number; name: string; applied_at: number; works_with: Generated<number> }
  host: HostTable
  blob: BlobTable
  facet_current: FacetCurrentTable
  facet_history: FacetHistoryTable
  observation: ObservationTable
  outbox_progress: OutboxProgressTable
  check_known: CheckKnownTable
  result_detail: ResultDetailTable
  replica: ReplicaTable
  policy_in_force: PolicyInForceTable
  authority: { id: number; pin: string; since: number }
  result_current: ResultCurrentTable
  result_count: ResultCountTable
  drift: DriftTable
  judgement_pending: JudgementPendingTable
  policy_version: PolicyVersionTable
  waiver: WaiverTable
  result_history: ResultHistoryTable
  enrollment_token: EnrollmentTokenTable
  enrollment: EnrollmentTable
  credential: CredentialTable
  facet_gap: FacetGapTable
  agent_health: AgentHealthTable
  api_token: ApiTokenTable
  api_session: ApiSessionTable
  audit: AuditTable
  notification_receiver: NotificationReceiverTable
  notification_group: NotificationGroupTable
  notification: NotificationTable
  notification_alert: NotificationAlertTable
}

interface HostTable {
  host_no: Generated<number>
  id: string
  host_key: string
  hostname: string
  machine_id: string
  boot_id: string
  agent_version: string
  /** JSON object of strings */
  labels: string
  skew_ms: number
  first_seen: number
  last_seen: number
  score: number
  coverage: number
  tally: string
  /** JSON list of strings */
  profiles: string
  judged_with: string
  next_judgement: number
  /** JSON object of strings, given at the enrollment or by its cluster */
  granted_labels: string
  /** JSON object of strings: those that its agent says itself */
  agent_labels: string
  standing: HostStanding
  standing_reason: string
  standing_since: number
  judged_revision: number
}

interface BlobTable {
  blob_no: Generated<number>
  digest: string
  facet: string
  schema_version: number
  state: string
  /** empty when it is packed */
  body: string
  /** raw deflate of the body, empty when that is plain */
  packed: Uint8Array
}

interface FacetCurrentTable {
  host_no: number
  facet: string
  blob_no: number
  since: number
  received_at: number
  revision: number
  agent_version: string
  /** 0 when there is none */
  good_blob_no: number
  good_since: number
}

interface FacetHistoryTable {
  host_no: number
  facet: string
  revision: number
  blob_no: number
  valid_from: number
  /** 0 while it holds */
  valid_to: number
  observed_at: number
  received_at: number
}

interface ObservationTable {
  host_no: number
  facet: string
  /** empty when it is packed */
  body: string
  /** as `BlobTable` */
  packed: Generated<Uint8Array>
  observed_at: number
  received_at: number
}

interface OutboxProgressTable {
  host_no: number
  outbox_id: string
  applied_sequence: number
  updated_at: number
}

interface CheckKnownTable {
  check_no: Generated<number>
  id: string
  severity: number
  title: string
  /** JSON list of facet properties */
  facets: string
  in_force: number
}

interface ReplicaTable {
  id: string
  /** JSON list of numbers */
  hosts: string
  seen_at: number
  /** newest schema that it knows */
  schema_number: number
  /** version of the policy that it judges by, empty while it has none */
  policy: string
}

/** One row. */
interface PolicyInForceTable {
  id: number
  /** of program, catalog, tailoring, waivers and cohorts of files */
  version: string
  put_at: number
  /** grows with every policy that is put and with every waiver of the API that comes or goes */
  revision: number
  /** collector that put it */
  put_by: string
  /** JSON of checks and profiles, empty on SQLite */
  catalog: string
}

interface ResultDetailTable {
  detail_no: Generated<number>
  /** `detailKey` of the text */
  key: string
  /** made by `packDetail` */
  detail: string
  /** day of the last result that was put with it, in days since the epoch */
  used_at: number
}

interface ResultCurrentTable {
  host_no: number
  check_no: number
  state: number
  severity: number
  detail_no: number
  since: number
  /** since when it fails, also while nobody can tell; 0 when it does not */
  failing_since: number
  valid_until: number
  /** id of a waiver, empty for none */
  waiver: string
}

interface ResultHistoryTable {
  id: Generated<number>
  host_no: number
  check_no: number
  state: number
  severity: number
  detail_no: number
  since: number
  until: number
}

interface JudgementPendingTable {
  host_no: number
  token: number
  /** JSON list of marks */
  marks: string
}

interface PolicyVersionTable {
  version: string
  /** JSON object: check → digest */
  digests: string
  put_at: number
}

interface WaiverTable {
  id: string
  source: 'file' | 'api'
  /** JSON of a host selector */
  hosts: string
  check_pattern: string
  reason: string
  owner: string
  ticket: string
  /** ISO 8601 */
  expires_at: string
  in_force: number
}

interface ResultCountTable {
  check_no: number
  severity: number
  state: number
  hosts: number
}

interface DriftTable {
  id: Generated<number>
  host_no: number
  kind: string
  subject: string
  change: string
  field: string
  text: string
  /** JSON, empty when there is none */
  before: string
  after: string
  at: number
  received_at: number
  /** empty, begins or ends */
  flapping: string
}

interface EnrollmentTokenTable {
  id: string
  description: string
  secret_hash: string
  created_at: number
  expires_at: number
  max_uses: number
  uses: number
  /** JSON object of strings */
  labels: string
  needs_approval: number
  /** 0 while it is not */
  revoked_at: number
}

interface EnrollmentTable {
  request_id: string
  token_id: string
  state: EnrollmentState
  host_id: string
  hostname: string
  machine_id: string
  request_hash: string
  address: string
  requested_at: number
  decided_at: number
}

interface CredentialTable {
  serial_number: string
  host_id: string
  issued_at: number
  expires_at: number
  revoked_at: number
}

interface ApiTokenTable {
  id: string
  description: string
  secret_hash: string
  role: string
  /** JSON object of strings */
  labels: string
  created_at: number
  created_by: string
  expires_at: number
  last_used_at: number
  /** 0 while it is not */
  revoked_at: number
}

interface ApiSessionTable {
  id_hash: string
  token_id: string
  created_at: number
  expires_at: number
}

interface AuditTable {
  id: Generated<number>
  at: number
  actor: string
  address: string
  request_id: string
  action: string
  target: string
  outcome: string
  /** JSON object */
  detail: string
}

interface FacetGapTable {
  id: Generated<number>
  host_no: number
  facet: string
  valid_from: number
  valid_to: number
  /** 0 when nobody counted */
  changes: number
  received_at: number
}

interface AgentHealthTable {
  host_no: number
  received_at: number
  /** JSON of the condition, for lists */
  condition: string
  /** JSON of the health */
  body: string
}

interface NotificationReceiverTable {
  name: string
  /** collector that tells it, empty for none */
  owner: string
  beat: number
  last_drift: number
  untold: number
  dropped: number
  last_success: number
  last_error_at: number
  last_error: string
  updated_at: number
}

interface NotificationGroupTable {
  receiver: string
  group_key: string
  /** 0 when nothing waits */
  due_at: number
  /** 0 before the first time */
  told_at: number
  /** JSON */
  body: string
}

interface NotificationTable {
  id: Generated<number>
  receiver: string
  message_id: string
  changes: number
  attempts: number
  next_at: number
  created_at: number
  /** JSON */
  body: string
}

interface NotificationAlertTable {
  receiver: string
  alert_key: string
  host_no: number
  kind: string
  subject: string
  /** JSON */
  body: string
}
