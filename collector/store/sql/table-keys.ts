// Every table with its key, each after those that it refers to: for whatever goes over all of them.
import type { Tables } from './tables.ts'

export type DataTable = Exclude<keyof Tables, 'migration'>

export const tableKeys = {
  host: ['host_no'],
  blob: ['blob_no'],
  check_known: ['check_no'],
  facet_current: ['host_no', 'facet'],
  facet_history: ['host_no', 'facet', 'revision'],
  facet_gap: ['id'],
  observation: ['host_no', 'facet'],
  outbox_progress: ['host_no', 'outbox_id'],
  result_detail: ['detail_no'],
  replica: ['id'],
  result_current: ['host_no', 'check_no'],
  result_count: ['check_no', 'severity', 'state'],
  result_history: ['id'],
  judgement_pending: ['host_no'],
  policy_version: ['version'],
  waiver: ['id'],
  drift: ['id'],
  agent_health: ['host_no'],
  cohort: ['cohort_no'],
  cohort_member: ['cohort_no', 'host_no'],
  cohort_state: ['cohort_no', 'facet', 'blob_no'],
  cohort_pin: ['cohort_no', 'facet'],
  cohort_deviation: ['cohort_no', 'facet', 'host_no'],
  enrollment_token: ['id'],
  enrollment: ['request_id'],
  credential: ['serial_number'],
  api_token: ['id'],
  api_session: ['id_hash'],
  audit: ['id'],
  notification_receiver: ['name'],
  notification_group: ['receiver', 'group_key'],
  notification: ['id'],
  notification_alert: ['receiver', 'alert_key'],
} as const satisfies Readonly<Record<DataTable, readonly string[]>>

/** Keys that the database counts up by itself. */
export const countedKeys: ReadonlyMap<DataTable, string> = new Map([
  ['host', 'host_no'],
  ['blob', 'blob_no'],
  ['result_detail', 'detail_no'],
  ['check_known', 'check_no'],
  ['facet_gap', 'id'],
  ['result_history', 'id'],
  ['drift', 'id'],
  ['audit', 'id'],
  ['cohort', 'cohort_no'],
  ['notification', 'id'],
])
