// Parses a file of /run/systemd/sessions, in which systemd-logind keeps one session.

export interface LogindSession {
  readonly user: string
  /** process that leads the session, 0 when it is not said */
  readonly leader: number
  /** terminal, or the service that opened the session; empty when neither is said */
  readonly line: string
  /** remote host, empty when local */
  readonly from: string
  /** seconds after the epoch */
  readonly since: number
}

const maxValueLength = 256

/** Undefined for sessions of nobody who logged in (greeters, managers of users, ended ones) and for other text. */
export function parseLogindSession(text: string): LogindSession | undefined {
  const values = new Map<string, string>()
  for (const line of text.split('\n')) {
    const at = line.indexOf('=')
    if (at > 0 && line.length - at <= maxValueLength) values.set(line.slice(0, at), line.slice(at + 1))
  }
  const value = (name: string) => values.get(name) ?? ''
  const user = value('USER')
  const microseconds = /^\d{15,17}$/.exec(value('REALTIME'))?.[0]
  if (user === '' || microseconds === undefined || value('STATE') === 'closing') return undefined
  // Before version 206 there was no class; `background` is cron's, `manager` the user's own systemd.
  if (!['', 'user', 'user-early', 'user-light'].includes(value('CLASS'))) return undefined
  const leader = /^[1-9]\d{0,8}$/.exec(value('LEADER'))?.[0]
  return {
    user,
    leader: Number(leader ?? 0),
    line: value('TTY') || value('SERVICE'),
    from: value('REMOTE') === '1' ? value('REMOTE_HOST') : '',
    since: Math.trunc(Number(microseconds) / 1_000_000),
  }
}
