// Decides the state of one check of a controls file from what its audits printed.

import { withoutEnd } from '../without-end.ts'
import { compare, operators } from './compare.ts'
import type {
  AuditOutcome,
  Audits,
  ControlsCheck,
  ControlsGroup,
  ControlsResult,
  ControlsState,
  Reading,
  TestItem,
} from './controls.ts'
import { type Found, findEnv, findFlag, findPath } from './find-value.ts'
import { PatternError } from './pattern.ts'

/** The result of a check whose audits need not be run, undefined for any other. */
export function judgeUnasked(check: ControlsCheck, group: ControlsGroup): ControlsResult | undefined {
  const result = (state: ControlsState, reason: string) => ({ ...resultOf(check, state), reason })
  const { tests, scored } = check
  if (group.type !== 'skip' && scored && check.type.trim() === '' && !tests) return result('WARN', 'There are no tests')
  if (group.type === 'skip' || check.type === 'skip') return result('INFO', 'Test marked as skip')
  if (check.type === 'manual') return result('WARN', 'Test marked as a manual test')
  if (!tests || tests.items.length === 0) return result(scored ? 'FAIL' : 'WARN', 'No tests defined')
  return undefined
}

/** What came of a check whose audits were run. */
export function judgeCheck(check: ControlsCheck, audits: Audits, reading: Reading): ControlsResult {
  const failed = failedAudit(check, audits, reading)
  if (failed !== undefined) return { ...resultOf(check, badState(check)), reason: failed }
  const texts = textsOf(audits, reading)
  const items = (check.tests?.items ?? []).map(item => judgeItem(item, check, texts, reading))
  const unanswered = items.find(item => item.unanswered !== '')
  if (unanswered) return { ...resultOf(check, 'WARN'), reason: unanswered.unanswered, unanswered: true }
  const binOp = check.tests?.binOp ?? ''
  if (!['', 'and', 'or'].includes(binOp)) {
    const reason = `unknown binary operator for tests ${binOp}`
    return { ...resultOf(check, badState(check)), reason, actual: reason }
  }
  const passed = binOp === 'or' ? items.some(item => item.passed) : items.every(item => item.passed)
  return {
    ...resultOf(check, passed ? 'PASS' : badState(check)),
    reason: items
      .map(item => item.problem)
      .filter(text => text !== '')
      .join('; '),
    actual: reading === 'strict' ? (items[0]?.text ?? '') : shownValues(items),
    expected: items.map(item => item.expected).join(binOp === 'or' ? ' OR ' : ' AND '),
  }
}

const resultOf = (check: ControlsCheck, state: ControlsState): ControlsResult => ({
  ...{ check, state, reason: '', actual: '', expected: '', unanswered: false },
})

const badState = ({ scored }: ControlsCheck): ControlsState => (scored ? 'FAIL' : 'WARN')

/** Each value once, in the order of the items. */
const shownValues = (items: readonly JudgedItem[]) => [...new Set(items.flatMap(({ shown }) => shown))].join('\n')

/** Why the audits tell nothing though they ran: the first that ended badly. A configuration that is not there may be. */
function failedAudit(check: ControlsCheck, audits: Audits, reading: Reading): string | undefined {
  const { audit, auditConfig, auditEnv } = audits
  if (isBad(auditEnv)) return complaintOf(check.auditEnv, auditEnv, reading)
  if (isBad(audit)) return complaintOf(check.audit, audit, reading)
  if (!isBad(auditConfig)) return undefined
  const isMissing = auditConfig.exitCode === 127 || auditConfig.text.includes('No such file or directory')
  const hasOther = textOf(audit, reading) !== '' || textOf(auditEnv, reading) !== ''
  return isMissing && hasOther ? undefined : complaintOf(check.auditConfig, auditConfig, reading)
}

type Done = Extract<AuditOutcome, { state: 'done' }>

const isBad = (outcome: AuditOutcome): outcome is Done => outcome.state === 'done' && outcome.exitCode !== 0

/** What a script printed may hold secrets, so that only the strict reading repeats it. */
function complaintOf(script: string, { text, exitCode, complaint }: Done, reading: Reading): string {
  if (reading === 'right') return `the audit ended with exit status ${exitCode}${complaint && `: ${complaint}`}`
  return `failed to run: ${JSON.stringify(script.trim())}, output: ${JSON.stringify(text)}, error: exit status ${exitCode}`
}

const textOf = (outcome: AuditOutcome, reading: Reading) =>
  outcome.state === 'done' ? (reading === 'strict' ? outcome.text : outcome.stdout) : ''

interface Text {
  readonly text: string
  /** why there is no text, empty when there is */
  readonly unanswered: string
}

interface Texts {
  readonly audit: Text
  readonly config: Text
  readonly env: Text
}

/** A configuration that could not be read and was forgiven is as good as none. */
function textsOf({ audit, auditConfig, auditEnv }: Audits, reading: Reading): Texts {
  const take = (outcome: AuditOutcome): Text =>
    outcome.state === 'unanswered'
      ? { text: '', unanswered: outcome.reason }
      : { text: outcome.exitCode === 0 ? textOf(outcome, reading) : '', unanswered: '' }
  return { audit: take(audit), config: take(auditConfig), env: take(auditEnv) }
}

interface JudgedItem {
  readonly passed: boolean
  readonly found: boolean
  readonly expected: string
  /** the whole text that was consulted last */
  readonly text: string
  /** `--flag: value` of what was found */
  readonly shown: readonly string[]
  readonly problem: string
  readonly unanswered: string
}

/** A flag beats the configuration, the configuration beats the environment. */
function judgeItem(item: TestItem, check: ControlsCheck, texts: Texts, reading: Reading): JudgedItem {
  const { multiple } = check
  const config = configText(item, check, texts, reading)
  const flag = judgeText(item.flag, texts.audit, text => findFlag(text, item, reading), item, multiple, reading)
  if (flag.found || (item.flag !== '' && texts.audit.unanswered !== '')) return flag
  const byPath = (text: string) => findPath(text, item.path, reading)
  const isAsked = item.path !== '' || reading === 'strict'
  const hasConfig = isAsked && (config.text !== '' || (config.unanswered !== '' && item.path !== ''))
  const path = hasConfig ? judgeText(item.path, config, byPath, item, multiple, reading) : flag
  if (item.env === '' || path.found || path.unanswered !== '') return path
  return judgeText(item.env, texts.env, text => findEnv(text, item.env, reading), item, multiple, reading)
}

/** Where a check has no audit of a configuration, its one audit is meant to print it; kube-bench does not see that. */
function configText(item: TestItem, check: ControlsCheck, texts: Texts, reading: Reading): Text {
  if (check.auditConfig !== '') return texts.config
  return reading === 'right' && item.path !== '' ? texts.audit : { text: '', unanswered: '' }
}

function judgeText(
  name: string,
  { text, unanswered }: Text,
  find: (text: string) => Found,
  item: TestItem,
  multiple: boolean,
  reading: Reading,
): JudgedItem {
  const trimmed = withoutEnd(text, ' \n')
  const shown: string[] = []
  let row: JudgedRow = { passed: false, found: false, expected: '', value: '', problem: '' }
  for (const line of multiple ? trimmed.split('\n') : [trimmed]) {
    row = judgeRow(name, find, line, item, reading)
    if (row.found) shown.push(`${name}: ${row.value}`)
    if (!row.passed) break
  }
  return { ...row, text: trimmed, shown, unanswered: name === '' ? '' : unanswered }
}

interface JudgedRow {
  readonly passed: boolean
  readonly found: boolean
  readonly expected: string
  readonly value: string
  readonly problem: string
}

function judgeRow(
  name: string,
  find: (text: string) => Found,
  text: string,
  item: TestItem,
  reading: Reading,
): JudgedRow {
  const missing: JudgedRow = { passed: false, found: false, expected: '', value: '', problem: '' }
  try {
    const found = find(text)
    if ('problem' in found) return { ...missing, problem: found.problem }
    const known = { found: found.found, value: found.value, problem: '' }
    if (!item.set) return { ...known, passed: !found.found, expected: `'${name}' is not present` }
    if (!found.found || item.op === '') return { ...known, passed: found.found, expected: `'${name}' is present` }
    const { passed, expected } = compare({ op: item.op, actual: found.value, wanted: item.value, name }, reading)
    const isKnown = reading === 'strict' || operators.some(op => op === item.op)
    return { ...known, passed, expected, problem: isKnown ? '' : `there is no operator ${item.op}` }
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    return { ...missing, problem: `the expression ${item.op === 'regex' ? item.value : item.flag} ${error.message}` }
  }
}
