// Reference pages made from the sources: every facet with its fields, the schema of the JSON report.
import type { Facet } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { objectShape, type Shape } from '../../proto/field-shape.ts'
import { jsonReportSchema } from '../../report/scan-report-schema.ts'
import type { GeneratedFile } from './index.ts'
import { madeHeader, markdown } from './markdown.ts'

export function reference(): readonly GeneratedFile[] {
  return [
    { path: 'docs/reference/facets.md', content: facetsPage(facets) },
    {
      path: 'docs/reference/scan-report.schema.json',
      content: `${JSON.stringify(jsonReportSchema(), null, 2)}\n`,
    },
  ]
}

function facetsPage(list: readonly Facet[]): string {
  const intro = [
    '# Facets',
    '',
    'What the agent reads of a host. Facts are digested and make drift; observations change by themselves and are kept',
    'only as the latest. In checks and queries a facet is a variable, with its observations below `observations`.',
    '',
    'A field marked *may be unknown* is left out when its source could not be read; `gaps` then says why, and a check',
    'that reads the field is an `error`. **Key** names the fields that tell the rows of a list apart.',
  ]
  const contents = list.map(({ name, title }) => `- [${name}](#${name}) — ${markdown(title)}`)
  return `${madeHeader}${[...intro, '', ...contents, '', ...list.map(facetSection)].join('\n')}`
}

function facetSection(facet: Facet): string {
  const observations = rows(objectShape(facet.observations), '')
  return [
    `## ${facet.name}`,
    '',
    `${markdown(facet.title)}. Variable \`${facet.property}\`, schema version ${facet.version}.`,
    '',
    ...table(rows(objectShape(facet.facts), '')),
    '',
    ...(observations.length === 0 ? [] : ['Observations:', '', ...table(observations), '']),
  ].join('\n')
}

interface Row {
  readonly path: string
  readonly type: string
  readonly unknown: string
  readonly description: string
}

function table(list: readonly Row[]): readonly string[] {
  return [
    '| Field | Type | | Meaning and source |',
    '|---|---|---|---|',
    ...list.map(row => `| \`${row.path}\` | ${row.type} | ${row.unknown} | ${markdown(row.description)} |`),
  ]
}

function rows(shape: Shape, path: string): readonly Row[] {
  const inner = shape.kind === 'list' ? shape.item : shape
  const marker = shape.kind === 'list' ? '[]' : ''
  const own: readonly Row[] = path === '' ? [] : [rowOf(shape, path)]
  if (inner.kind !== 'object') return own
  const fields = [...inner.fields].flatMap(([name, field]) =>
    rows(field, path === '' ? name : `${path}${marker}.${name}`),
  )
  return [...own, ...fields]
}

function rowOf(shape: Shape, path: string): Row {
  const key = shape.kind === 'list' && shape.key.length > 0 ? ` **Key**: ${shape.key.join(', ')}.` : ''
  return {
    path,
    type: typeOf(shape),
    unknown: shape.optional ? 'may be unknown' : '',
    description: `${shape.description}${key}`,
  }
}

function typeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'list':
      return { keyed: 'rows', set: `set of ${typeOf(shape.item)}`, ordered: `list of ${typeOf(shape.item)}` }[
        shape.order
      ]
    case 'enum':
      return shape.values.map(value => `\`${value === '' ? '""' : value}\``).join(', ')
    case 'object':
      return 'record'
    default:
      return shape.kind
  }
}
