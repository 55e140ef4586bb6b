// The steps of a fix as a person types them, with how they are taken back.
import type { FixStep } from '../../policy/check.ts'
import { shellWord } from '../../policy/remediation.ts'

export interface TypedSteps {
  /** lines of a shell */
  readonly take: readonly string[]
  readonly undo: readonly string[]
  /** what the undo leaves behind, in words */
  readonly notes: readonly string[]
}

type FileStep = Extract<FixStep, { readonly file: string }>
type RightsStep = Extract<FixStep, { readonly paths: readonly string[] }>
type RunStep = Extract<FixStep, { readonly run: readonly string[] }>

const words = (argv: readonly string[]) => argv.map(shellWord).join(' ')

/** The steps of a fix as `--fix-plan` does them; the undo takes back the last one first, then applies what is left. */
export function typedSteps(steps: readonly FixStep[]): TypedSteps {
  const take = steps.flatMap(step =>
    'file' in step ? write(step) : 'paths' in step ? setRights(step) : words(step.run),
  )
  const back = steps
    .toReversed()
    .flatMap(step => ('file' in step ? restore(step) : 'paths' in step ? oldRights(step) : undoOf(step)))
  const again = steps.flatMap(step => ('run' in step ? applyAgain(step) : []))
  const notes = again.includes(systemWide)
    ? [
        'A kernel parameter that no file sets any more keeps its value until the next boot; `sysctl NAME=VALUE` sets it.',
      ]
    : []
  return { take, undo: [...back, ...again], notes }
}

function write({ file, lines, mode }: FileStep): readonly string[] {
  const path = shellWord(file)
  return [
    `[ ! -e ${path} ] || cp -a ${path} ${path}.before`,
    `printf '%s\\n' ${lines.map(shellWord).join(' ')} > ${path}`,
    `chmod ${mode} ${path}`,
  ]
}

function restore({ file }: FileStep): string {
  const path = shellWord(file)
  return `if [ -e ${path}.before ]; then mv ${path}.before ${path}; else rm ${path}; fi`
}

function setRights({ paths, mode, owner }: RightsStep): readonly string[] {
  const list = words(paths)
  const look = `stat -c '%a %U:%G %n' ${list}  # note it down for the way back`
  return [
    look,
    ...(owner === '' ? [] : [`chown -h ${owner} ${list}`]),
    ...(mode === '' ? [] : [`chmod ${mode} ${list}`]),
  ]
}

function oldRights({ paths, mode, owner }: RightsStep): readonly string[] {
  const list = words(paths)
  return [...(mode === '' ? [] : [`chmod MODE ${list}`]), ...(owner === '' ? [] : [`chown -h OWNER ${list}`])]
}

const undoOf = ({ undo }: RunStep): readonly string[] => (undo.length > 0 ? [words(undo)] : [])

const systemWide = 'sysctl --system'

/** What makes a change take effect has to run once more where the change was taken back. */
function applyAgain({ run, undo }: RunStep): readonly string[] {
  if (undo.length > 0) return []
  const [program, option, ...rest] = run
  if (program === 'sysctl') return [systemWide]
  if (program === 'modprobe' && option === '-r') return [words(['modprobe', ...rest])]
  return program === 'systemctl' || program === 'sshd' ? [words(run)] : []
}
