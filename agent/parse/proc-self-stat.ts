// Reads /proc/PID/stat: the processor time of children that were waited for, proc_pid_stat(5).

/** Places after comm: cutime and cstime are fields 16 and 17, counted from 1, and comm is number 2. */
const places = [13, 14] as const

/** Clock ticks in user and kernel mode together; undefined when the text is cut short or is no stat line. */
export function parseChildTicks(text: string): number | undefined {
  const close = text.lastIndexOf(')')
  if (close < 0) return undefined
  const fields = text
    .slice(close + 1)
    .trim()
    .split(' ')
  // The field after them must be there, else the number itself may be cut.
  if (fields.length <= places[1] + 1) return undefined
  const ticks = places.map(place => fields[place] ?? '')
  return ticks.every(tick => /^\d{1,15}$/.test(tick)) ? ticks.reduce((sum, tick) => sum + Number(tick), 0) : undefined
}
