// Labels on the command line.
import { InvalidArgumentError } from 'commander'

/** `key=value`, gathered over repeated options. @throws InvalidArgumentError */
export function label(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const match = /^(?<key>[\w./-]{1,320})=(?<value>[^\p{C}]{0,256})$/u.exec(text)
  if (!match) throw new InvalidArgumentError('expected KEY=VALUE.')
  return { ...before, [match.groups?.['key'] ?? '']: match.groups?.['value'] ?? '' }
}
