// Reference pages made from the sources: every facet with its fields, every check and profile, the JSON report.
import type { Check, Profile } from '../../policy/check.ts'
import type { Facet } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { objectShape, type Shape } from '../../proto/field-shape.ts'
import { jsonReportSchema } from '../../report/scan-report-schema.ts'
import { profilesOf, readCatalog } from './catalog.ts'
import type { GeneratedFile } from './index.ts'

const header = '<!-- Made by `npm run gen`. Do not edit. -->\n\n'

export function reference(root: string): readonly GeneratedFile[] {
  const sources = readCatalog(root)
  const checks = sources.checks.flatMap(file => file.items).sort(byId)
  const profiles = profilesOf(sources)
  return [
    { path: 'docs/reference/facets.md', content: facetsPage(facets) },
    { path: 'docs/reference/checks.md', content: checksPage(checks, profiles) },
    {
      path: 'docs/reference/scan-report.schema.json',
      content: `${JSON.stringify(jsonReportSchema(), null, 2)}\n`,
    },
  ]
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1)

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
  return `${header}${[...intro, '', ...contents, '', ...list.map(facetSection)].join('\n')}`
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

function checksPage(checks: readonly Check[], profiles: readonly Profile[]): string {
  const intro = [
    '# Checks',
    '',
    `${checks.length} checks in ${profiles.length} profiles. An automatic check answers \`pass\` or \`fail\`,`,
    '`not_applicable` where what it judges is not there, and `error` where what it needs is not known. A manual check',
    'says what a person is to look at.',
  ]
  const sections = [
    ...profiles.map(profile => profileSection(profile, checks)),
    ...checks.map(check => checkSection(check, profiles)),
  ]
  return `${header}${[...intro, '', '## Profiles', '', ...sections.slice(0, profiles.length), '## All checks', '', ...sections.slice(profiles.length)].join('\n')}`
}

function profileSection(profile: Profile, checks: readonly Check[]): string {
  const known = new Map(checks.map(check => [check.id, check]))
  const list = profile.checks.map(id => `- [${id}](#${id}) (${known.get(id)?.severity ?? 'unknown'})`)
  const intro = `${markdown(profile.title)}. Taken by a host where \`${oneLine(profile.appliesTo)}\`.`
  return [`### ${profile.id}`, '', intro, '', ...list, ''].join('\n')
}

function checkSection(check: Check, profiles: readonly Profile[]): string {
  const within = profiles.filter(profile => profile.checks.includes(check.id)).map(profile => profile.id)
  const references = check.references.map(({ source, version, id }) => [source, version, id].filter(Boolean).join(' '))
  const parameters = Object.entries(check.parameters).map(
    ([name, value]) => `\`${name}\` = \`${JSON.stringify(value)}\``,
  )
  const facts = [
    `${check.severity}, ${check.pass === undefined ? 'manual' : 'automatic'}`,
    ...(within.length > 0 ? [`in ${within.join(', ')}`] : []),
    ...(parameters.length > 0 ? [`parameters ${parameters.join(', ')}`] : []),
    ...(references.length > 0 ? [`see ${references.join('; ')}`] : []),
  ]
  return [
    `### ${check.id}`,
    '',
    `${markdown(check.title)}. _${markdown(facts.join('; '))}._`,
    '',
    markdown(check.rationale),
    '',
    ...(check.manual === undefined ? [] : ['Look at it:', '', markdown(check.manual), '']),
    ...expression('Where', check.applies),
    ...expression('Passes when', check.pass),
    'To do:',
    '',
    check.remediation,
    '',
  ].join('\n')
}

function expression(title: string, source: string | undefined): readonly string[] {
  return source === undefined ? [] : [`${title}:`, '', '```cel', source, '```', '']
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ')

/** Text for a table cell or a paragraph. */
function markdown(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;')
}
