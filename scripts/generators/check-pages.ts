// One page per check, for somebody who has to mend it at night, with an index of all of them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Check, CheckTest, FixStep, Profile } from '../../policy/check.ts'
import { rowEvaluation } from '../../policy/check-row.ts'
import { type CompiledCheck, compileCatalog } from '../../policy/compile.ts'
import { createEngine, type Engine } from '../../policy/engine.ts'
import type { Facet } from '../../proto/facet.ts'
import { facets } from '../../proto/facets.generated.ts'
import { objectShape, type Shape } from '../../proto/field-shape.ts'
import { commandsByHand, placeholderLines } from './by-hand.ts'
import { profilesOf, readCatalog } from './catalog.ts'
import { checkIndex } from './check-index.ts'
import { referenceLinks } from './check-references.ts'
import { typedSteps } from './fix-steps.ts'
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
    ...whatFails(check, example),
    '## Why it matters',
    '',
    markdown(check.rationale),
    '',
    ...seeByHand(check, compiled),
    ...howToFix(check, example),
    ...looksAt(compiled),
    ...parameters(check, within),
    ...condition(check),
    ...referenceLinks(check),
    '## Profiles',
    '',
    ...within.map(profile => `- \`${profile.id}\`: ${markdown(profile.title)}`),
    '',
    'What results and severities mean: [all checks](README.md).',
    '',
  ]
  return `${madeHeader}${lines.join('\n')}`
}

interface Example {
  readonly row: CheckTest
  readonly evidence: readonly string[]
  readonly remediation: string
  readonly fix: readonly FixStep[]
}

/** The failing row that shows most: one whose fix, and whose remediation, knows every value. */
function exampleOf(check: Check, engine: Engine): Example | undefined {
  const examples = check.tests
    .filter(row => row.expect === 'fail')
    .flatMap(row => {
      const [result] = engine.evaluate({ ...rowEvaluation(facets, check, row), fixes: true })
      if (!result) return []
      return [{ row, evidence: result.evidence, remediation: result.remediation, fix: result.fix ?? [] }]
    })
  const isWhole = ({ remediation }: Example) => !/\(unknown\)|\(command left out/.test(remediation)
  return examples.find(example => isWhole(example) && example.fix.length > 0) ?? examples.find(isWhole) ?? examples[0]
}

function whatFails(check: Check, example: Example | undefined): readonly string[] {
  if (check.manual !== undefined) return ['## What to look at', '', markdown(check.manual), '']
  if (!example) return []
  const evidence = example.evidence.length === 0 ? '(none)' : example.evidence.join('\n')
  return [
    '## What fails',
    '',
    `On a host like this (${example.row.name}) the evidence is:`,
    '',
    ...codeBlock('text', evidence),
    '',
  ]
}

/** What shows the same without an agent, then with it. */
function seeByHand(check: Check, compiled: CompiledCheck | undefined): readonly string[] {
  if (check.manual !== undefined) return []
  const fields = [...new Set([compiled?.pass, compiled?.evidence].flatMap(part => fieldsOf(part?.())))]
  const commands = [...commandsByHand(fields, check.pass ?? ''), `gabion-agent scan --check ${check.id}`]
  const block = codeBlock('sh', commands.join('\n'))
  return ['## See it by hand', '', ...block, '', ...putIn([block.join('\n')])]
}

function fieldsOf(expression: { readonly fields: ReadonlyMap<string, ReadonlySet<string>> } | undefined) {
  return [...(expression?.fields ?? [])].flatMap(([property, paths]) => [...paths].map(path => `${property}.${path}`))
}

function putIn(texts: readonly string[]): readonly string[] {
  const lines = placeholderLines(texts)
  return lines.length === 0 ? [] : ['Put in:', '', ...lines, '']
}

function howToFix(check: Check, example: Example | undefined): readonly string[] {
  const isFilled = example !== undefined && check.remediation.includes('{{')
  const text = isFilled ? example.remediation : check.remediation
  const steps = typedSteps(example?.fix ?? [])
  const take = codeBlock('sh', steps.take.join('\n'))
  const back = codeBlock('sh', steps.undo.join('\n'))
  const hasSteps = steps.take.length > 0
  return [
    ...['## Fix it', '', text, ''],
    ...(hasSteps
      ? ['Typed as root, one line after the other, stopping at the first that fails:', '', ...take, '']
      : []),
    ...(isFilled || hasSteps ? [...exampleNote(check), ''] : []),
    ...putIn([text, take.join('\n')]),
    ...[
      '## Take it back',
      '',
      ...(hasSteps ? [...back, ...steps.notes.flatMap(note => ['', note])] : keepBefore(check)),
      '',
    ],
    ...(hasSteps ? putIn([back.join('\n')]) : []),
  ]
}

function exampleNote({ id, fix }: Check): readonly string[] {
  const values = `Values are those of the host above; \`gabion-agent scan --check ${id}\` puts in those of yours`
  if (!fix) return [`${values}.`]
  return [`${values}, and with \`--fix-plan fix.sh\` writes them into a script that keeps what it changes.`]
}

/** What no program does: files, or objects of a cluster. */
function keepBefore({ manual = '', remediation }: Check): readonly string[] {
  if (/kubectl/.test(manual + remediation) && manual !== '') {
    return [
      'Before you change an object of the cluster, keep it: `kubectl get KIND NAME -o yaml > before.yaml`. Then',
      '`kubectl replace -f before.yaml` takes the change back.',
    ]
  }
  return [
    'Before you change a file, keep it: `cp -a FILE FILE.before`. Putting it back with `mv FILE.before FILE`, and',
    'restarting what was restarted, takes the change back.',
  ]
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
