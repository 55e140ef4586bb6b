// One page per check, for somebody who has to mend it at night, with an index of all of them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Check, CheckTest, Profile } from '../../policy/check.ts'
import { judgeRow } from '../../policy/check-row.ts'
import { type CompiledCheck, compileCatalog } from '../../policy/compile.ts'
import { createEngine, type Engine } from '../../policy/engine.ts'
import type { Facet } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { objectShape, type Shape } from '../../proto/field-shape.ts'
import { profilesOf, readCatalog } from './catalog.ts'
import { checkIndex } from './check-index.ts'
import { referenceLinks } from './check-references.ts'
import type { GeneratedFile } from './index.ts'
import { codeBlock, madeHeader, markdown, oneLine, table } from './markdown.ts'

const folder = 'docs/checks'

export function checkPages(root: string): readonly GeneratedFile[] {
  const sources = readCatalog(root)
  const checks = sources.checks.flatMap(file => file.items).sort((a, b) => (a.id < b.id ? -1 : 1))
  const profiles = profilesOf(sources)
  const engine = createEngine({ checks, profiles, digest: '' }, facets, { verified: true })
  const compiled = compileCatalog({ checks, profiles }, facets)
  const pages = checks.map(check => ({
    path: `${folder}/${check.id}.md`,
    content: checkPage(check, compiled.checks.get(check.id), profiles, engine),
  }))
  const files = [{ path: `${folder}/README.md`, content: checkIndex(checks, profiles) }, ...pages]
  return [...files, ...leftOver(root, new Set(files.map(file => file.path)))]
}

/** Pages of checks that are gone. */
function leftOver(root: string, wanted: ReadonlySet<string>): readonly GeneratedFile[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder))
    .map(name => `${folder}/${name}`)
    .filter(path => !wanted.has(path))
    .map(path => ({ path, content: undefined }))
}

function checkPage(
  check: Check,
  compiled: CompiledCheck | undefined,
  profiles: readonly Profile[],
  engine: Engine,
): string {
  const example = exampleOf(check, engine)
  const within = profiles.filter(profile => profile.checks.includes(check.id))
  const lines = [
    `# ${markdown(check.title)}`,
    '',
    `\`${check.id}\` · severity **${check.severity}** · ${check.pass === undefined ? 'looked at by a person' : 'judged automatically'}`,
    '',
    '## What it means',
    '',
    markdown(check.rationale),
    '',
    ...(check.manual === undefined ? [] : ['## What to look at', '', markdown(check.manual), '']),
    '## How to fix it',
    '',
    ...fix(check, example),
    '',
    ...(example ? ['## Example', '', `${sentence(example.row)} the evidence is:`, '', ...evidence(example), ''] : []),
    ...looksAt(compiled),
    ...parameters(check, within),
    ...condition(check),
    ...referenceLinks(check),
    '## Profiles',
    '',
    ...within.map(profile => `- \`${profile.id}\`: ${markdown(profile.title)}`),
    '',
    `See it on a host: \`gabion-agent scan --check ${check.id}\`. What the results mean: [all checks](README.md).`,
    '',
  ]
  return `${madeHeader}${lines.join('\n')}`
}

interface Example {
  readonly row: CheckTest
  readonly evidence: readonly string[]
  readonly remediation: string
}

/** The failing row that shows most: one whose remediation knows every value. */
function exampleOf(check: Check, engine: Engine): Example | undefined {
  const examples = check.tests
    .filter(row => row.expect === 'fail')
    .flatMap(row => {
      const result = judgeRow(engine, facets, check, row)
      return result ? [{ row, evidence: result.evidence, remediation: result.remediation }] : []
    })
  return examples.find(({ remediation }) => !/\(unknown\)|\(command left out/.test(remediation)) ?? examples[0]
}

function fix(check: Check, example: Example | undefined): readonly string[] {
  if (!check.remediation.includes('{{') || !example) return [check.remediation]
  return [example.remediation, '', '_Values are those of the example below; a scan puts in those of the host._']
}

const sentence = (row: CheckTest) => `On a host like this (${row.name})`

function evidence(example: Example): readonly string[] {
  return codeBlock('text', example.evidence.length === 0 ? '(none)' : example.evidence.join('\n'))
}

function looksAt(compiled: CompiledCheck | undefined): readonly string[] {
  const fields = new Map<string, Set<string>>()
  for (const part of [compiled?.applies, compiled?.pass, compiled?.evidence]) {
    for (const [facet, paths] of part?.().fields ?? []) {
      fields.set(facet, new Set([...(fields.get(facet) ?? []), ...paths]))
    }
  }
  const known = new Map(facets.map(facet => [facet.property, facet]))
  const rows = [...fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([property, paths]) => {
      const facet = known.get(property)
      return facet ? leaves([...paths]).map(path => fieldRow(facet, path)) : []
    })
  if (rows.length === 0) return []
  return ['## What is looked at', '', ...table(['Facet', 'Field', 'Meaning and source'], rows), '']
}

/** Paths that are no part of another one: `kubelets.settings.port` says it all. */
function leaves(paths: readonly string[]): readonly string[] {
  return paths.filter(path => !paths.some(other => other.startsWith(`${path}.`))).sort()
}

function fieldRow(facet: Facet, path: string): readonly string[] {
  const shape = fieldShape(facet, path)
  const name = `[${facet.name}](../reference/facets.md#${facet.name})`
  return [name, `\`${path}\``, markdown(shape?.description ?? '')]
}

function fieldShape(facet: Facet, path: string): Shape | undefined {
  const [first = '', ...rest] = path.split('.')
  const observed = first === 'observations'
  let shape: Shape | undefined = objectShape(observed ? facet.observations : facet.facts)
  for (const step of observed ? rest : [first, ...rest]) {
    const inner: Shape | undefined = shape?.kind === 'list' ? shape.item : shape
    shape = inner?.kind === 'object' ? inner.fields.get(step) : undefined
  }
  return shape
}

function parameters(check: Check, profiles: readonly Profile[]): readonly string[] {
  const rows = Object.entries(check.parameters).map(([name, value]) => {
    const others = profiles.flatMap(({ id, parameters }) => {
      const set = parameters[check.id]?.[name]
      return set === undefined ? [] : [`\`${id}\`: ${literal(set)}`]
    })
    return [`\`${name}\``, markdown(check.parameterNotes?.[name] ?? ''), literal(value), others.join('<br>')]
  })
  const head = ['Parameter', 'Sets', 'Default', 'In profiles']
  return rows.length === 0 ? [] : ['## Parameters', '', ...table(head, rows), '']
}

function literal(value: unknown): string {
  return `\`${oneLine(JSON.stringify(value)).replaceAll('|', '\\|')}\``
}

function condition(check: Check): readonly string[] {
  const parts = [
    ...(check.applies === undefined ? [] : ['It is judged where:', '', ...codeBlock('cel', check.applies), '']),
    ...(check.pass === undefined ? [] : ['It passes when:', '', ...codeBlock('cel', check.pass), '']),
  ]
  return parts.length === 0 ? [] : ['## The rule', '', ...parts]
}
