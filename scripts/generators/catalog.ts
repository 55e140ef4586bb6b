// The compiled-in catalog, from policy/checks and policy/profiles; fails when anything in it does not type-check.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ParsedFile, parseCheckFile, parseProfileFile, sealCatalog } from '../../policy/catalog.ts'
import { catalogProblems } from '../../policy/catalog-problems.ts'
import type { Check, Profile } from '../../policy/check.ts'
import { PolicyError, type Problem } from '../../policy/policy-error.ts'
import { type ProfileSource, resolveProfiles } from '../../policy/profiles.ts'
import { facets } from '../../proto/facets.generated.ts'
import type { GeneratedFile } from './index.ts'

export interface CatalogSources {
  readonly checks: readonly ParsedFile<Check>[]
  readonly profiles: readonly ParsedFile<ProfileSource>[]
}

export function catalog(root: string): readonly GeneratedFile[] {
  const sources = readCatalog(root)
  const checks = sources.checks.flatMap(file => file.items).sort((a, b) => (a.id < b.id ? -1 : 1))
  const profiles = profilesOf(sources)
  const problems = catalogProblems({ checks, profiles }, facets)
  if (problems.length > 0) throw new PolicyError(problems.map(problem => placed(problem, sources)))
  const text = JSON.stringify(sealCatalog(checks, profiles), null, 2)
  return [
    {
      path: 'policy/catalog.generated.ts',
      content: `// Made by \`npm run gen\` from policy/checks and policy/profiles. Do not edit.\nimport type { Catalog } from './check.ts'\n\nexport const catalog: Catalog = ${text}\n`,
    },
  ]
}

/** Every profile with the checks that it takes over, by id. @throws PolicyError with the place of each problem */
export function profilesOf(sources: CatalogSources): readonly Profile[] {
  try {
    const profiles = resolveProfiles(sources.profiles.flatMap(file => file.items))
    return [...profiles].sort((a, b) => (a.id < b.id ? -1 : 1))
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    throw new PolicyError(error.problems.map(problem => placed(problem, sources)))
  }
}

/** Reads every check and profile file below `root`. @throws PolicyError with the problems of all files */
export function readCatalog(root: string): CatalogSources {
  const problems: Problem[] = []
  const read = <T>(folder: string, parse: (text: string, path: string) => ParsedFile<T>) =>
    filesOf(root, folder).flatMap(path => {
      try {
        return [parse(readFileSync(join(root, path), 'utf8'), path)]
      } catch (error) {
        if (!(error instanceof PolicyError)) throw error
        problems.push(...error.problems)
        return []
      }
    })
  const sources = { checks: read('policy/checks', parseCheckFile), profiles: read('policy/profiles', parseProfileFile) }
  if (problems.length > 0) throw new PolicyError(problems)
  return sources
}

function filesOf(root: string, folder: string): readonly string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder))
    .filter(name => name.endsWith('.yaml'))
    .sort()
    .map(name => `${folder}/${name}`)
}

/** Gives a problem its file, line and column. */
function placed(problem: Problem, sources: CatalogSources): Problem {
  const files: readonly ParsedFile<{ readonly id: string }>[] = problem.subject.startsWith('profile ')
    ? sources.profiles
    : sources.checks
  const id = problem.subject.replace(/^(check|profile) /, '')
  for (const file of files) {
    const index = file.items.findIndex(item => item.id === id)
    if (index >= 0) return { ...problem, place: file.place(index, problem.part, problem.offset ?? 0) }
  }
  return problem
}
