// The tables of how failures came and went, as Kysely types.

export interface HistoryTables {
  posture_hour: PostureHourTable
  turn_hour: TurnHourTable
  check_day: CheckDayTable
  fix_day: FixDayTable
  drift_item: DriftItemTable
  pruned: PrunedTable
}

/** How the fleet stood when it was last looked at within an hour. */
interface PostureHourTable {
  /** hours since the epoch */
  hour: number
  taken_at: number
  /** made by `packTally` */
  tally: string
  /** JSON of numbers of hosts by status */
  hosts: string
}

/** Failures that began and that were fixed within an hour. */
interface TurnHourTable {
  /** hours since the epoch */
  hour: number
  severity: number
  opened: number
  fixed: number
}

/** How the fleet stood on a check when it was last looked at on a day, and what turned that day. */
interface CheckDayTable {
  /** days since the epoch */
  day: number
  check_no: number
  /** JSON list of numbers in the order of `resultStates`, and how many are waived; empty when nobody looked */
  counts: string
  opened: number
  fixed: number
}

/** Failures that were fixed on a day, by how long they stood. */
interface FixDayTable {
  /** days since the epoch */
  day: number
  /** 0 for the sum over all checks */
  check_no: number
  severity: number
  /** made by `bucketOf` */
  bucket: number
  failures: number
}

/** What changed lately on a host, to tell what comes and goes again and again. */
interface DriftItemTable {
  host_no: number
  /** digest of what it is that changes */
  item: string
  /** JSON list of [time, digest of the state] of turns, oldest first */
  seen: string
  last_at: number
  /** since when it flaps, 0 while it does not */
  began_at: number
  /** turns since then */
  turns: number
  /** JSON of the latest change that was not told, empty when there is none */
  latest: string
}

/** Up to when what ended is gone. */
interface PrunedTable {
  kind: string
  before_at: number
}
