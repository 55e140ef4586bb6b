// What lists of files tell of one of them: whether it can be looked at, mode and owner.
import type { FileStat, Outcome } from './host/host.ts'
import { octalMode } from './octal-mode.ts'

export interface StatRow {
  readonly state: 'present' | 'absent' | 'unreadable'
  /** octal, empty where it is not known; -1 for owner and group */
  readonly mode: string
  readonly uid: number
  readonly gid: number
}

export function statRow(stat: Outcome<FileStat>): StatRow {
  if (stat.state !== 'present') {
    return { state: stat.state === 'absent' ? 'absent' : 'unreadable', mode: '', uid: -1, gid: -1 }
  }
  const { mode, uid, gid } = stat.value
  return { state: 'present', mode: octalMode(mode), uid, gid }
}
