// Lengths of time on the command line.
import { InvalidArgumentError } from 'commander'

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `30m`, `12h`, `7d` → milliseconds. @throws InvalidArgumentError */
export function duration(text: string): number {
  const match = /^(?<count>[1-9]\d{0,5})(?<unit>[smhd])$/.exec(text)
  if (!match) throw new InvalidArgumentError('expected a number with s, m, h or d, such as 1h.')
  return Number(match.groups?.['count']) * units[match.groups?.['unit'] as keyof typeof units]
}
