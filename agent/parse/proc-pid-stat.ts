// Reads /proc/PID/stat: the fields of one process that identify it, proc_pid_stat(5).

export interface ProcPidStat {
  readonly pid: number
  /** what stands between the first `(` and the last `)`: any bytes, also parentheses and line ends */
  readonly comm: string
  /** one letter, such as R, S or Z */
  readonly state: string
  readonly parentPid: number
  /** PF_KTHREAD is set: there is no executable */
  readonly isKernelThread: boolean
  /** clock ticks after boot */
  readonly startTicks: number
}

/** PF_KTHREAD of linux/sched.h */
const kernelThreadFlag = 0x00200000
/** Places of fields after comm; proc_pid_stat(5) counts from 1 and comm is number 2. */
const fieldAfterComm = { state: 0, parentPid: 1, flags: 6, startTicks: 19 } as const

/** Undefined when the text is cut short or is no stat line at all. */
export function parseProcPidStat(text: string): ProcPidStat | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return undefined
  const pid = wholeNumber(text.slice(0, open).trim())
  const fields = text
    .slice(close + 1)
    .trim()
    .split(' ')
  const state = fields[fieldAfterComm.state]
  const parentPid = wholeNumber(fields[fieldAfterComm.parentPid])
  const flags = wholeNumber(fields[fieldAfterComm.flags])
  const startTicks = wholeNumber(fields[fieldAfterComm.startTicks])
  // The field after the start time must be there, else the number itself may be cut.
  if (fields.length <= fieldAfterComm.startTicks + 1 || state?.length !== 1) return undefined
  if (pid === undefined || parentPid === undefined || flags === undefined || startTicks === undefined) return undefined
  const isKernelThread = Math.floor(flags / kernelThreadFlag) % 2 === 1
  return { pid, comm: text.slice(open + 1, close), state, parentPid, isKernelThread, startTicks }
}

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,20}$/.test(text)) return undefined
  return Number(text)
}
