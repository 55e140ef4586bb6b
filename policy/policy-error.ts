// What is wrong with a catalog, an expression or a request to the engine: one clear line per problem.

export interface Problem {
  /** file and place, such as `policy/checks/ports.yaml:12:7`, when the check came from a file */
  readonly place?: string
  /** check or profile id, empty when it could not be told */
  readonly subject: string
  /** which part: `pass`, `evidence`, `remediation`, `parameters.maxDays`, … */
  readonly part: string
  readonly message: string
  /** offset in the expression, when the problem is in one */
  readonly offset?: number
}

/** Thrown for a catalog that does not type-check, or a request that names what is not there. Never for host data. */
export class PolicyError extends Error {
  readonly problems: readonly Problem[]
  constructor(problems: readonly Problem[]) {
    super(problems.map(problemLine).join('\n'))
    this.name = 'PolicyError'
    this.problems = problems
  }
}

/** `file:line:column: check kubelet-x, pass: unknown field …` */
export function problemLine(problem: Problem): string {
  const where = problem.place ? `${problem.place}: ` : ''
  const subject = [problem.subject, problem.part].filter(text => text !== '').join(', ')
  return `${where}${subject}${subject === '' ? '' : ': '}${problem.message}`
}

/** `, did you mean "x"?` when one of the known words is near, else empty. */
export function didYouMean(word: string, known: Iterable<string>): string {
  let best = ''
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best === '' ? '' : `, did you mean "${best}"?`
}

/** Letters added, lost, changed or swapped with their neighbour. Words longer than 64 characters are never near. */
function editDistance(a: string, b: string): number {
  if (a.length > 64 || b.length > 64) return Number.POSITIVE_INFINITY
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    rows.push(row)
    for (let j = 1; j <= b.length; j++) {
      const at = (up: number, left: number) => rows[i - up]?.[j - left] ?? 0
      const change = at(1, 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      row.push(Math.min(at(1, 0) + 1, at(0, 1) + 1, change, swapped ? at(2, 2) + 1 : change))
    }
  }
  return rows[a.length]?.[b.length] ?? 0
}
