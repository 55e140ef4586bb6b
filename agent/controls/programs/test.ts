// The programs of audits that ask whether something holds: test, [.
import type { FileKind } from '../../host/host.ts'
import { type AuditWorld, absolute, failed, known, type Program, refuse } from '../program.ts'

export const test: Program = async (args, _, world) => {
  const [first = '', second = '', third = ''] = args
  const answer = (holds: boolean) => ({ stdout: '', stderr: '', code: holds ? 0 : 1 })
  if (first === '!' && args.length > 1) {
    const { code } = await test(args.slice(1), '', world)
    return code > 1 ? failed('test: bad expression', 2) : answer(code === 1)
  }
  if (args.length <= 1) return answer(first !== '')
  if (args.length === 2) return answer(await holdsOne(first, second, world))
  if (args.length === 3) return answer(holdsTwo(first, second, third))
  return refuse(`test with ${args.length} arguments`)
}

const fileKinds: Readonly<Record<string, readonly FileKind[]>> = {
  ...{ '-f': ['file'], '-d': ['directory'], '-S': ['socket'], '-p': ['fifo'], '-b': ['block'], '-c': ['character'] },
}

async function holdsOne(operator: string, operand: string, { host }: AuditWorld): Promise<boolean> {
  if (operator === '-z') return operand === ''
  if (operator === '-n') return operand !== ''
  const isLink = operator === '-L' || operator === '-h'
  if (operand === '') return false
  if (!isLink && operator !== '-e' && operator !== '-s' && !fileKinds[operator]) refuse(`test ${operator}`)
  const stat = known(await host.stat(absolute(operand), { follow: !isLink }))
  if (!stat) return false
  if (isLink) return stat.kind === 'symlink'
  if (operator === '-s') return stat.sizeBytes > 0
  return fileKinds[operator]?.includes(stat.kind) ?? true
}

function holdsTwo(left: string, operator: string, right: string): boolean {
  if (operator === '=' || operator === '==') return left === right
  if (operator === '!=') return left !== right
  const relation = { '-eq': 0, '-ne': 1, '-lt': 2, '-le': 3, '-gt': 4, '-ge': 5 }[operator]
  const isNumber = /^-?\d{1,15}$/.test(left) && /^-?\d{1,15}$/.test(right)
  if (relation === undefined || !isNumber) return refuse(`test ${operator}`)
  const [a, b] = [Number(left), Number(right)]
  return [a === b, a !== b, a < b, a <= b, a > b, a >= b][relation] ?? false
}

export const bracket: Program = (args, stdin, world) =>
  args.at(-1) === ']' ? test(args.slice(0, -1), stdin, world) : refuse('[ without ]')
