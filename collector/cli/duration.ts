// Lengths of time on the command line.
import { InvalidArgumentError } from 'commander'
import { parseDuration } from '../parse-duration.ts'

/** `90s`, `30m`, `12h`, `7d` → milliseconds. @throws InvalidArgumentError */
export function duration(text: string): number {
  const ms = text.startsWith('0') ? undefined : parseDuration(text)
  if (ms === undefined) throw new InvalidArgumentError('expected a number with s, m, h or d, such as 1h.')
  return ms
}
