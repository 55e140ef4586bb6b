// One check as one host sees it, for a person: what it wants, where its values come from, what it found.
import type { Check, Result } from '../policy/check.ts'
import type { JsonValue } from '../proto/facet.ts'
import { type TableOptions, wrap } from './table.ts'
import { visible } from './visible.ts'

/** A value and where it is set. */
export interface Origin {
  readonly value: JsonValue
  /** `path:line:column`, `profile cks`, or `default` */
  readonly from: string
}

export interface ExplainedParameter {
  readonly name: string
  /** the first one counts, the others are what it goes over */
  readonly origins: readonly Origin[]
  /** what it sets, empty when nobody said */
  readonly note: string
}

export interface CheckExplanation {
  readonly check: Check
  /** where it is written, `built in` for ours */
  readonly writtenIn: string
  /** as with parameters; empty for a check that is as it was written */
  readonly severities: readonly Origin[]
  readonly parameters: readonly ExplainedParameter[]
  /** profiles that list it */
  readonly profiles: readonly { readonly id: string; readonly taken: boolean }[]
  /** dotted paths into the facets */
  readonly reads: readonly string[]
  readonly facets: readonly { readonly name: string; readonly state: string; readonly reason: string }[]
  readonly result: Result
}

export function renderExplanation(
  explanation: CheckExplanation,
  options: Pick<TableOptions, 'width' | 'paint'>,
): string {
  const { check, result } = explanation
  const { paint, width } = options
  const text = (title: string, body: string) => [
    '',
    paint('bold', title),
    ...body
      .trim()
      .split('\n')
      .flatMap(line => wrap(visible(line), width, '  ', '')),
  ]
  const items = (title: string, list: readonly string[]) => {
    const lines = list.flatMap(item => wrap(visible(item), width, '  ', '  '))
    return list.length === 0 ? [] : ['', paint('bold', title), ...lines]
  }
  const references = check.references.map(({ source, version, id }) => [source, version, id].filter(Boolean).join(' '))
  const lines = [
    `${paint('bold', visible(check.title))}`,
    `${check.severity}, ${check.id}, ${visible(explanation.writtenIn)}`,
    ...items('Severity', explanation.severities.map(originText)),
    ...text('Why', check.rationale),
    ...(check.applies === undefined ? [] : text('Applies where', check.applies)),
    ...(check.pass === undefined ? [] : text('Passes when', check.pass)),
    ...(check.manual === undefined ? [] : text('To look at by hand', check.manual)),
    ...items('Parameters', explanation.parameters.map(parameterText)),
    ...items(
      'Profiles',
      explanation.profiles.map(({ id, taken }) => `${id}${taken ? ', that this host takes' : ''}`),
    ),
    ...items('Reads', explanation.reads),
    ...items('Facets of this host', explanation.facets.map(facetText)),
    ...resultLines(result, options),
    ...text(result.remediation === '' ? 'To do when it fails' : 'To do', result.remediation || check.remediation),
    ...items('See', references),
  ]
  return `${lines.join('\n')}\n`
}

function resultLines(result: Result, { paint, width }: Pick<TableOptions, 'width' | 'paint'>): readonly string[] {
  const style = ({ pass: 'green', fail: 'red', error: 'yellow', manual: 'cyan', not_applicable: 'dim' } as const)[
    result.state
  ]
  const told = [
    ...(result.reason === '' ? [] : [result.reason]),
    ...result.evidence.map(line => `• ${line}`),
    ...(result.waiver
      ? [`waived by ${result.waiver.id} until ${result.waiver.expiresAt}: ${result.waiver.reason}`]
      : []),
    ...(result.validUntil ? [`valid until ${result.validUntil}`] : []),
  ]
  const lines = told.flatMap(line => wrap(visible(line), width, '  ', '  '))
  return ['', `${paint('bold', 'On this host')}: ${paint(style, result.state)}`, ...lines]
}

const valueText = (value: JsonValue) => JSON.stringify(value)

function originText({ value, from }: Origin): string {
  return `${typeof value === 'string' ? value : valueText(value)} from ${from}`
}

function parameterText({ name, origins, note }: ExplainedParameter): string {
  const [first, ...rest] = origins
  const over = rest.map(({ value, from }) => `${valueText(value)} from ${from}`)
  const about = note === '' ? '' : `. ${note}`
  const before = over.length === 0 ? '' : `, over ${over.join(', ')}`
  return first ? `${name} = ${valueText(first.value)} from ${first.from}${before}${about}` : name
}

const facetText = ({ name, state, reason }: CheckExplanation['facets'][number]) =>
  `${name}: ${state}${reason === '' ? '' : `: ${reason}`}`
