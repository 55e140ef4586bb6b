// Whether a process is there, and since when, for one that asks whether another one lives.
import { readFileSync } from 'node:fs'
import { errnoOf } from '../../runtime/errors.ts'
import { type ProcPidStat, parseProcPidStat } from '../parse/proc-pid-stat.ts'

/** Of /proc/PID/stat; `gone` when there is none, `hidden` when it is there and nothing is told of it. */
export type SeenProcess = Pick<ProcPidStat, 'startTicks' | 'state'> | 'gone' | 'hidden'

export function readProcess(pid: number): SeenProcess {
  try {
    return parseProcPidStat(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? 'hidden'
  } catch {
    return isThere(pid) ? 'hidden' : 'gone'
  }
}

/** A procfs that is mounted with hidepid shows others only to those who may look at them. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errnoOf(error) !== 'ESRCH'
  }
}
