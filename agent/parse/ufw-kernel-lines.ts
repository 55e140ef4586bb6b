// Parses the lines of ufw's user.rules that it hands to the kernel, by the rule that they were made of.
import { readIptablesStep } from './iptables-step.ts'
import type { PacketStep } from './packet-step.ts'
import { readUfwTuple, ufwTuple } from './ufw-rules.ts'

export interface UfwKernelLine {
  /** of the rule among the file's rules, from 1; 0 for lines that belong to none */
  readonly position: number
  /** such as ufw-user-input, ufw6-user-forward */
  readonly chain: string
  readonly step: PacketStep
}

const userLine = /^-A (ufw6?-user-(?:input|output|forward)) (.{1,4000})$/
const isUfwChain = (name: string) => /^ufw6?-/.test(name)

/** Rules are numbered as `parseUfwRules` numbers them. Lines of other chains are those of ufw itself and left out. */
export function parseUfwKernelLines(text: string, family: 'ipv4' | 'ipv6'): readonly UfwKernelLine[] {
  const lines: UfwKernelLine[] = []
  let rules = 0
  let position = 0
  for (const line of text.split('\n')) {
    if (line.startsWith(ufwTuple)) {
      const isRule = readUfwTuple(line, family, rules + 1) !== undefined
      if (isRule) rules += 1
      position = isRule ? rules : 0
    } else if (line.startsWith('###')) position = 0
    const [, chain = '', rest = ''] = userLine.exec(line.trimEnd()) ?? []
    if (chain !== '') lines.push({ position, chain, step: readIptablesStep(rest, isUfwChain) })
  }
  return lines
}
