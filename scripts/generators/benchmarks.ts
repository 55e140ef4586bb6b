// Reads the lists of benchmarks and writes the pages that tell which check answers which of their items.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Benchmark, type CoveredItem, candidates, coverageOf, parseBenchmark } from '../../policy/benchmark.ts'
import type { Check, Profile } from '../../policy/check.ts'
import { profilesOf, readCatalog } from './catalog.ts'
import type { GeneratedFile } from './index.ts'
import { madeHeader, markdown, table } from './markdown.ts'

const folder = 'policy/benchmarks'

/** Every list, by source. @throws PolicyError with the problems of the first that has any */
export function readBenchmarks(root: string): readonly Benchmark[] {
  return readdirSync(join(root, folder))
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => parseBenchmark(readFileSync(join(root, folder, name), 'utf8'), `${folder}/${name}`))
}

export function coveragePages(root: string): readonly GeneratedFile[] {
  const sources = readCatalog(root)
  const checks = sources.checks.flatMap(file => file.items).sort((a, b) => (a.id < b.id ? -1 : 1))
  const profiles = profilesOf(sources)
  const benchmarks = readBenchmarks(root)
  return [
    { path: 'docs/reference/coverage.md', content: indexPage(benchmarks, checks, profiles) },
    ...benchmarks.map(benchmark => ({
      path: `docs/reference/coverage-${benchmark.source}.md`,
      content: benchmarkPage(benchmark, checks, profiles),
    })),
  ]
}

function indexPage(benchmarks: readonly Benchmark[], checks: readonly Check[], profiles: readonly Profile[]): string {
  const rows = benchmarks.map(benchmark => {
    const items = coverageOf(benchmark, checks, profiles).flatMap(section => section.items)
    return [
      `[${markdown(benchmark.title)}](coverage-${benchmark.source}.md)`,
      benchmark.versions.filter(Boolean).join(', '),
      String(items.length),
      ...(['automatic', 'manual', 'none'] as const).map(kind =>
        String(items.filter(at => answerOf(at) === kind).length),
      ),
    ]
  })
  return `${madeHeader}${[
    '# What benchmarks ask for',
    '',
    'Each list with all of its items, and the checks that answer them. *Automatic* items have a check that answers pass',
    'or fail by itself, *manual* ones a check that tells a person what to look at; for the rest the page says why there',
    'is none. The words are our own: read the benchmarks themselves at their publishers.',
    '',
    ...table(['List', 'Versions', 'Items', 'Automatic', 'Manual', 'No check'], rows),
    '',
  ].join('\n')}`
}

/** What answers an item: the best of its checks. */
export function answerOf({ checks }: CoveredItem): 'automatic' | 'manual' | 'none' {
  if (checks.length === 0) return 'none'
  return checks.some(check => check.pass !== undefined) ? 'automatic' : 'manual'
}

function benchmarkPage(benchmark: Benchmark, checks: readonly Check[], profiles: readonly Profile[]): string {
  const versioned = benchmark.versions.length > 1
  const sections = coverageOf(benchmark, checks, profiles).flatMap(({ title, items }) => [
    `## ${markdown(title)}`,
    '',
    ...table(
      ['Item', 'Asks for', ...(versioned ? ['Versions'] : []), 'Meant as', 'Checks'],
      items.map(covered => [
        markdown(covered.item.id),
        markdown(covered.item.text),
        ...(versioned ? [covered.versions.join(', ')] : []),
        covered.item.kind,
        answer(benchmark, covered),
      ]),
    ),
    '',
  ])
  const intro = [`# ${markdown(benchmark.title)}`, '', markdown(benchmark.about), '']
  return `${madeHeader}${[...intro, ...sections, ...beyond(benchmark, checks, profiles)].join('\n')}`
}

/** Checks of the profile of a list that no item of it asks for. */
function beyond(benchmark: Benchmark, checks: readonly Check[], profiles: readonly Profile[]): readonly string[] {
  if (benchmark.profile === undefined) return []
  const asked = coverageOf(benchmark, checks, profiles).flatMap(({ items }) => items.flatMap(item => item.checks))
  const others = candidates(benchmark, checks, profiles).filter(check => !asked.includes(check))
  if (others.length === 0) return []
  const lines = others.map(({ id, title }) => `- [${id}](../checks/${id}.md): ${markdown(title)}`)
  return [`## What profile ${benchmark.profile} has besides`, '', ...lines, '']
}

function answer(benchmark: Benchmark, { item, checks }: CoveredItem): string {
  if (checks.length === 0) return `none: ${markdown(benchmark.reasons[item.none ?? ''] ?? '')}`
  return checks
    .map(check => `[${check.id}](../checks/${check.id}.md)${check.pass === undefined ? ' (manual)' : ''}`)
    .join(', ')
}
