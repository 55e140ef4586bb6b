// Lists of benchmarks and guides: what they ask for, and which checks answer it or why none does.
import { parse, YAMLParseError } from 'yaml'
import * as z from 'zod'
import type { Check, Profile } from './check.ts'
import { didYouMean, PolicyError, type Problem } from './policy-error.ts'

const text = z.string().min(1)

const ItemSchema = z.strictObject({
  /** number or name in the list */
  id: text,
  /** what it asks for, in words of our own */
  text,
  /** how the list means it to be looked at */
  kind: z.enum(['automated', 'manual']),
  /** versions that have it, all of the list when left out */
  versions: z.array(z.string()).optional(),
  /** checks besides those that refer to it; a star stands for any part of an id */
  checks: z.array(text).optional(),
  /** name of the reason why no check answers it */
  none: text.optional(),
})

const BenchmarkSchema = z.strictObject({
  /** as references of checks name it */
  source: text,
  title: text,
  about: text,
  /** newest last; one empty text for a list without versions */
  versions: z.array(z.string()).min(1),
  /** profile whose checks the items share out among themselves */
  profile: text.optional(),
  reasons: z.record(z.string(), text),
  sections: z.array(z.strictObject({ title: text, items: z.array(ItemSchema).min(1) })).min(1),
})

export type BenchmarkItem = z.infer<typeof ItemSchema>
export type Benchmark = z.infer<typeof BenchmarkSchema>

/** Reads one list. @throws PolicyError with every problem */
export function parseBenchmark(source: string, path: string): Benchmark {
  let value: unknown
  try {
    value = parse(source)
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error
    throw new PolicyError([{ place: path, subject: '', part: '', message: error.message }])
  }
  const parsed = BenchmarkSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => {
    return { place: path, subject: '', part: issue.path.map(String).join('.'), message: issue.message }
  })
  throw new PolicyError(problems)
}

/** An item with the checks that answer it, sorted by id. */
export interface CoveredItem {
  readonly item: BenchmarkItem
  /** versions of the list that have it */
  readonly versions: readonly string[]
  readonly checks: readonly Check[]
}

export interface CoveredSection {
  readonly title: string
  readonly items: readonly CoveredItem[]
}

/** Which checks answer what a list asks for. */
export function coverageOf(
  benchmark: Benchmark,
  checks: readonly Check[],
  profiles: readonly Profile[],
): readonly CoveredSection[] {
  const own = candidates(benchmark, checks, profiles)
  return benchmark.sections.map(section => ({
    title: section.title,
    items: section.items.map(item => {
      const versions = item.versions ?? benchmark.versions
      const named = (item.checks ?? []).map(patternOf)
      const answers = checks.filter(check => {
        const refers = check.references.some(
          reference =>
            reference.source === benchmark.source && reference.id === item.id && versions.includes(reference.version),
        )
        return refers || (own.includes(check) && named.some(pattern => pattern.test(check.id)))
      })
      return { item, versions, checks: answers }
    }),
  }))
}

/**
 * What is wrong with lists and references: items without an answer, references to what no list has, reasons that are
 * not given or not needed, and names that fit no check.
 */
export function coverageProblems(
  benchmarks: readonly Benchmark[],
  checks: readonly Check[],
  profiles: readonly Profile[],
): readonly Problem[] {
  const problems: Problem[] = []
  for (const benchmark of benchmarks) inspectBenchmark(benchmark, checks, profiles, problems)
  const lists = new Map(benchmarks.map(benchmark => [benchmark.source, itemsOf(benchmark)]))
  for (const check of checks) {
    for (const { source, version, id } of check.references) {
      const items = lists.get(source)
      if (!items || items.has(`${version} ${id}`)) continue
      problems.push({ subject: `check ${check.id}`, part: 'references', message: `${source} ${version} has no ${id}` })
    }
  }
  return problems
}

function inspectBenchmark(
  benchmark: Benchmark,
  checks: readonly Check[],
  profiles: readonly Profile[],
  problems: Problem[],
): void {
  const report = (part: string, message: string) =>
    problems.push({ subject: `benchmark ${benchmark.source}`, part, message })
  const unused = new Set(Object.keys(benchmark.reasons))
  const seen = new Set<string>()
  for (const { items } of coverageOf(benchmark, checks, profiles)) {
    for (const { item, versions, checks: answers } of items) {
      for (const version of versions) {
        if (seen.has(`${version} ${item.id}`)) report(item.id, 'stands twice')
        seen.add(`${version} ${item.id}`)
      }
      if (item.none !== undefined) unused.delete(item.none)
      if (item.none !== undefined && !Object.hasOwn(benchmark.reasons, item.none)) {
        report(item.id, `there is no reason "${item.none}"${didYouMean(item.none, Object.keys(benchmark.reasons))}`)
      }
      if (answers.length === 0 && item.none === undefined) report(item.id, 'has neither a check nor a reason for none')
      if (answers.length > 0 && item.none !== undefined) report(item.id, 'has a check and a reason for none')
      for (const name of item.checks ?? []) {
        const found = candidates(benchmark, checks, profiles).some(check => patternOf(name).test(check.id))
        if (!found) report(item.id, `there is no check "${name}"`)
      }
    }
  }
  for (const reason of unused) report('reasons', `nothing uses "${reason}"`)
}

/** Checks that the items of a list may name: those of its profile, all where it has none. */
export function candidates(
  { profile: id }: Benchmark,
  checks: readonly Check[],
  profiles: readonly Profile[],
): readonly Check[] {
  const profile = profiles.find(candidate => candidate.id === id)
  return profile ? checks.filter(check => profile.checks.includes(check.id)) : checks
}

/** Versions and ids that a list has, joined by a blank. */
function itemsOf(benchmark: Benchmark): ReadonlySet<string> {
  return new Set(
    benchmark.sections.flatMap(({ items }) =>
      items.flatMap(item => (item.versions ?? benchmark.versions).map(version => `${version} ${item.id}`)),
    ),
  )
}

function patternOf(name: string): RegExp {
  const parts = name.split('*').map(part => part.replaceAll(/[^a-z0-9-]/g, ''))
  return new RegExp(`^${parts.join('[a-z0-9-]*')}$`)
}
