// A fix plan as a shell script that does nothing unless it is asked to, and keeps what it changes.
import type { FixStep } from '../policy/check.ts'
import { shellWord } from '../policy/remediation.ts'
import { shown } from './escape.ts'
import { hostName } from './findings.ts'
import type { FixPlan, PlannedFix } from './fix-plan.ts'
import { scriptEnd, scriptStart } from './fix-script-parts.ts'

export function renderFixScript(plan: FixPlan): string {
  const { fixes, prose, host } = plan
  return [
    ...heading(plan).map(comment),
    '# Names and titles stand in single quotes, where nothing is expanded and every character is itself:',
    '# shellcheck disable=SC1112,SC2016',
    '',
    'set -uo pipefail',
    ...rootLines(host.root),
    `readonly machine_id=${shellWord(/^[0-9a-f]{32}$/.test(host.id) ? host.id : '')}`,
    `readonly ids=(${fixes.map(({ check }) => shellWord(check)).join(' ')})`,
    '',
    scriptStart,
    ...fixes.flatMap(fixFunction),
    ...dispatch('fix', fixes, ({ check }) => functionName(check)),
    ...dispatch(
      'about',
      fixes,
      ({ check, severity, title }) => `echo ${shellWord(`[${severity}] ${check}: ${title}`)}`,
    ),
    ...(prose.length > 0 ? ['# What only words tell how to fix:', '', ...prose.flatMap(proseLines)] : []),
    scriptEnd,
  ].join('\n')
}

/** Files of a host that was mounted are below that directory. */
const rootLines = (root: string): readonly string[] =>
  root === '/'
    ? [`readonly root="\${GABION_ROOT:-}"`]
    : [`readonly reported_root=${shellWord(root)}`, `readonly root="\${GABION_ROOT:-$reported_root}"`]

function heading({ tool, host, scannedAt, fixes, prose }: FixPlan): readonly string[] {
  return [
    '!/usr/bin/env bash',
    `Fix plan for ${shown(hostName(host))}${host.id && ` (${shown(host.id)})`}, judged ${scannedAt} by ${tool.name} ${tool.version}`,
    `${fixes.length} findings with steps, ${prose.length} in words only.`,
    '',
    'Read it first. It does nothing by itself:',
    '  bash fix-plan.sh                     lists what it could do',
    '  bash fix-plan.sh --show ID...        shows the steps of some of them',
    '  bash fix-plan.sh --apply ID...       does them, after asking for each',
    '  bash fix-plan.sh --apply --yes ID... does them without asking',
    '  bash fix-plan.sh --apply --all       does every one of them, after asking for each',
    'What it changes is kept in a directory that it names, with an undo.sh that puts it back.',
  ]
}

const comment = (text: string) => (text === '' ? '#' : `#${text.startsWith('!') ? '' : ' '}${text}`)

const functionName = (check: string) => `fix_${check.replaceAll('-', '_')}`

function fixFunction({ check, title, severity, about, steps }: PlannedFix): readonly string[] {
  return [
    ...[`[${severity}] ${title}`, ...about].map(comment),
    `${functionName(check)}() {`,
    `  ${steps.map(stepCommand).join(' &&\n    ')}`,
    '}',
    '',
  ]
}

const proseLines = ({ check, title, severity, about }: PlannedFix): readonly string[] => [
  ...[`[${severity}] ${check}: ${title}`, ...about].map(comment),
  '',
]

function stepCommand(step: FixStep): string {
  if ('file' in step) return words(['write_file', step.file, step.mode, ...step.lines])
  if ('run' in step) return words(['run', String(step.undo.length), ...step.undo, ...step.run])
  const rights = step.mode === '' ? [] : [words(['set_mode', step.mode, ...step.paths])]
  return [...(step.owner === '' ? [] : [words(['set_owner', step.owner, ...step.paths])]), ...rights].join(' &&\n    ')
}

const words = (list: readonly string[]) => list.map(shellWord).join(' ')

/** A function that knows every fix by its id, so that each is called by name. */
function dispatch(name: string, fixes: readonly PlannedFix[], command: (fix: PlannedFix) => string) {
  return [
    `${name}_of() {`,
    '  case "$1" in',
    ...fixes.map(fix => `    ${fix.check}) ${command(fix)} ;;`),
    '    *) return 2 ;;',
    '  esac',
    '}',
    '',
  ]
}
