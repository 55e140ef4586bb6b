// Reads alive.json of the state directory: the sign of life that a resident agent writes.

const uplinks = ['none', 'connected', 'away'] as const
/** `none`: without a collector; `away`: what changes is kept until the collector is back */
export type Uplink = (typeof uplinks)[number]

export interface PulseRecord {
  readonly pid: number
  /** start of the process in clock ticks after boot, -1 when unknown */
  readonly startTicks: number
  /** what pid is a number in, such as `pid:[4026531836]`; '' when unknown */
  readonly pidNamespace: string
  readonly version: string
  /** when the main loop was there, by CLOCK_MONOTONIC in milliseconds */
  readonly turnedMs: number
  /** when probes had looked last, -1 before they have */
  readonly lookedMs: number
  /** a main loop that is away for longer is stuck */
  readonly patienceMs: number
  readonly uplink: Uplink
  /** changes that wait for the collector */
  readonly queued: number
  /** whether it was told to end, and did */
  readonly ended: boolean
}

const patterns = { version: /^[0-9A-Za-z.+-]{1,64}$/, pidNamespace: /^(?:pid:\[\d{1,20}\])?$/ } as const
const most = Number.MAX_SAFE_INTEGER
/** Numbers with their least and their most. */
const bounds = {
  pid: [1, 2 ** 31 - 1],
  startTicks: [-1, most],
  turnedMs: [0, most],
  lookedMs: [-1, most],
  patienceMs: [0, 86_400_000],
  queued: [0, most],
} as const

/** Undefined for what no agent writes. */
export function parsePulse(text: string): PulseRecord | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return isRecord(value) ? value : undefined
}

function isRecord(value: unknown): value is PulseRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const fields = value as Readonly<Record<string, unknown>>
  const numbers = Object.entries(bounds).every(([name, [least, greatest]]) => {
    const number = fields[name]
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= least && number <= greatest
  })
  const texts = Object.entries(patterns).every(([name, pattern]) => {
    const text = fields[name]
    return typeof text === 'string' && pattern.test(text)
  })
  return numbers && texts && typeof fields['ended'] === 'boolean' && uplinks.some(uplink => uplink === fields['uplink'])
}
