// Parses what `auditctl -s` prints.

export interface AuditStatus {
  /** 0 off, 1 on, 2 on and locked until reboot */
  readonly enabled: number
  /** what the kernel does when it cannot record: 0 nothing, 1 a line in its log, 2 panic */
  readonly failure: number
  readonly backlogLimit: number
  readonly lost: number
  readonly backlog: number
}

/** `name value` per line, or `name=value` on one line as auditctl 2 before 2.3 printed. Undefined for other text. */
export function parseAuditctlStatus(text: string): AuditStatus | undefined {
  const numberOf = (name: string) => {
    const found = new RegExp(`(?:^|\\s)${name}[ =](\\d{1,10})(?=\\s|$)`, 'm').exec(text)?.[1]
    return found === undefined ? undefined : Number(found)
  }
  const enabled = numberOf('enabled')
  const failure = numberOf('failure') ?? numberOf('flag')
  const backlogLimit = numberOf('backlog_limit')
  if (enabled === undefined || failure === undefined || backlogLimit === undefined) return undefined
  return { enabled, failure, backlogLimit, lost: numberOf('lost') ?? 0, backlog: numberOf('backlog') ?? 0 }
}
