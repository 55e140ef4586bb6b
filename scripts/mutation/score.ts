// Sums up what became of the mutants: a row per file, worst first, one line over all, and who survived.

/** What is needed of a mutant that Stryker has tried. */
export interface TriedMutant {
  /** path below the project's root */
  readonly fileName: string
  /** Stryker's word: Killed, Survived, Timeout, NoCoverage, Ignored, CompileError, RuntimeError, Pending */
  readonly status: string
  readonly mutatorName: string
  readonly replacement: string
  /** lines and columns count from 1 */
  readonly location: { readonly start: Point; readonly end: Point }
}

interface Point {
  readonly line: number
  readonly column: number
}

export interface MutationScore {
  readonly killed: number
  readonly survived: number
  readonly timedOut: number
  readonly noCoverage: number
  /** detected ÷ all that were tried or never reached, 0 to 100; 100 where there was nothing to mutate */
  readonly percent: number
}

const counted = ['Killed', 'Survived', 'Timeout', 'NoCoverage']

export function mutationScore(mutants: readonly TriedMutant[]): MutationScore {
  const count = (status: string) => mutants.filter(mutant => mutant.status === status).length
  const [killed = 0, survived = 0, timedOut = 0, noCoverage = 0] = counted.map(count)
  const all = killed + survived + timedOut + noCoverage
  return { killed, survived, timedOut, noCoverage, percent: all === 0 ? 100 : ((killed + timedOut) / all) * 100 }
}

/** The table per file, worst first, and the line over all. */
export function scoreTable(mutants: readonly TriedMutant[]): string {
  const files = [...new Set(mutants.map(mutant => mutant.fileName))]
  const width = Math.max(4, ...files.map(file => file.length))
  const row = (...[name, ...cells]: readonly [string, ...string[]]) =>
    `${name.padEnd(width)}${cells.map(cell => cell.padStart(10)).join('')}`
  const rows = files
    .map(file => ({ file, score: mutationScore(mutants.filter(mutant => mutant.fileName === file)) }))
    .sort((one, other) => one.score.percent - other.score.percent || one.file.localeCompare(other.file))
    .map(({ file, score }) =>
      row(file, percent(score), ...[score.killed, score.survived, score.timedOut, score.noCoverage].map(String)),
    )
  const total = mutationScore(mutants)
  return [
    row('file', 'score', 'killed', 'survived', 'timed out', 'uncovered'),
    ...rows,
    '',
    `mutation score: ${percent(total)} (killed ${total.killed}, survived ${total.survived}, timed out ${total.timedOut}, no coverage ${total.noCoverage})`,
  ].join('\n')
}

/** One line per mutant that no test noticed: where, what stood there and what could stand there instead. */
export function survivors(mutants: readonly TriedMutant[], textOf: (fileName: string) => string): readonly string[] {
  return mutants
    .filter(mutant => mutant.status === 'Survived' || mutant.status === 'NoCoverage')
    .map(({ fileName, status, mutatorName, replacement, location: { start, end } }) => {
      const lines = textOf(fileName)
        .split('\n')
        .slice(start.line - 1, end.line)
      const last = lines.length - 1
      const original = lines
        .map((line, index) =>
          line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined),
        )
        .join(' ')
      const mark = status === 'NoCoverage' ? ' (never reached)' : ''
      return `${fileName}:${start.line}:${start.column} ${mutatorName}${mark}: ${short(original)} → ${short(replacement)}`
    })
}

const percent = (score: MutationScore) => `${(Math.floor(score.percent * 10) / 10).toFixed(1)} %`

function short(text: string): string {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 100 ? `${line.slice(0, 97)}…` : line
}
