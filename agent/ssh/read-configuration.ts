// Reads sshd_config with its Include files as one list of settings in the order in which sshd meets them.
import type { Failure, FileStat, Host } from '../host/host.ts'
import { parseSshdConfig, type SshdLine } from '../parse/sshd-config.ts'
import { isAllowedInMatch, judgedKeywords, keywordName } from '../parse/sshd-keywords.ts'
import { readValues } from '../parse/sshd-values.ts'
import { expandPaths } from './expand-paths.ts'

export interface Directive {
  /** name of a judged keyword as `keywordName` gives it */
  readonly name: string
  /** as written, in small letters */
  readonly written: string
  /** undefined when sshd refuses them */
  readonly values: readonly string[] | undefined
  /** place such as `/etc/ssh/sshd_config:12` */
  readonly origin: string
  /** criteria of the Match block it stands in, empty outside of blocks */
  readonly criteria: string
}

export interface ConfigurationFile {
  readonly path: string
  readonly stat: FileStat
}

export interface Configuration {
  readonly directives: readonly Directive[]
  /** what could not be read, with the number of directives before it; criteria of the block that includes it */
  readonly failures: readonly { readonly failure: Failure; readonly before: number; readonly criteria: string }[]
  /** criteria of all blocks in order, each once, with the keywords set in them that nobody judges */
  readonly blocks: ReadonlyMap<string, ReadonlySet<string>>
  /** lines that sshd refuses whatever their value: it does not start */
  readonly rejected: readonly { readonly path: string; readonly line: number }[]
  readonly files: readonly ConfigurationFile[]
}

const directory = '/etc/ssh'
/** sshd itself goes no deeper. */
const maxDepth = 16
const maxFiles = 500
const maxDirectives = 20_000

interface Reading {
  readonly host: Host
  readonly directives: Directive[]
  readonly failures: Configuration['failures'][number][]
  readonly blocks: Map<string, Set<string>>
  readonly rejected: { path: string; line: number }[]
  readonly files: Map<string, FileStat>
  filesRead: number
}

export async function readConfiguration(host: Host, path: string): Promise<Configuration> {
  const reading: Reading = {
    ...{ host, directives: [], failures: [], blocks: new Map(), rejected: [], files: new Map(), filesRead: 0 },
  }
  await readFile(reading, path, '', 0)
  const { directives, failures, blocks, rejected, files } = reading
  return { directives, failures, blocks, rejected, files: [...files].map(([path, stat]) => ({ path, stat })) }
}

async function readFile(reading: Reading, path: string, outer: string, depth: number): Promise<void> {
  reading.filesRead += 1
  if (depth > maxDepth || reading.filesRead > maxFiles || reading.directives.length > maxDirectives) {
    fail(reading, { state: 'tooLarge', path, detail: `over the limit of ${maxFiles} files, ${maxDepth} deep` }, outer)
    return
  }
  const text = await reading.host.readText(path)
  if (text.state !== 'present') {
    fail(reading, text, outer)
    return
  }
  const stat = await reading.host.stat(path)
  if (stat.state === 'present') reading.files.set(path, stat.value)
  const { lines, malformed } = parseSshdConfig(text.value)
  for (const line of malformed) reading.rejected.push({ path, line })
  await readLines(reading, path, lines, outer, depth)
}

/** A Match block ends with its file: after an Include the block of the including file goes on. */
async function readLines(
  reading: Reading,
  path: string,
  lines: readonly SshdLine[],
  outer: string,
  depth: number,
): Promise<void> {
  let criteria = outer
  for (const line of lines) {
    const name = keywordName(line.keyword)
    if (name === 'match') {
      criteria = joinCriteria(outer, line.arguments)
      if (!reading.blocks.has(criteria)) reading.blocks.set(criteria, new Set())
    } else if (name === 'include') {
      await include(reading, line.arguments, criteria, depth)
    } else if (name === undefined || (!isForAll(criteria) && !isAllowedInMatch(name))) {
      reading.rejected.push({ path, line: line.line })
    } else if (judgedKeywords.has(name)) {
      const values = readValues(name, line.arguments)
      const written = line.keyword.toLowerCase()
      reading.directives.push({ name, written, values, origin: `${path}:${line.line}`, criteria })
    } else if (criteria !== '') reading.blocks.get(criteria)?.add(name)
  }
}

/** Outside of blocks, or in one for everybody, where sshd takes every keyword. */
export const isForAll = (criteria: string): boolean => criteria === '' || criteria === 'all'

async function include(reading: Reading, patterns: readonly string[], criteria: string, depth: number): Promise<void> {
  for (const pattern of patterns) {
    const { paths, failures } = await expandPaths(
      reading.host,
      pattern.startsWith('/') ? pattern : `${directory}/${pattern}`,
    )
    for (const failure of failures) fail(reading, failure, criteria)
    for (const path of paths) await readFile(reading, path, criteria, depth + 1)
  }
}

/** A file that is not there was a link to nowhere: sshd does not start with it, and it sets nothing. */
function fail(reading: Reading, failure: Failure, criteria: string): void {
  if (failure.state === 'absent') return
  reading.failures.push({ failure, before: reading.directives.length, criteria })
}

const maxCriteriaLength = 500

/** Criteria of one line must all hold, and so must those of an outer block. `all` adds nothing to others. */
function joinCriteria(outer: string, words: readonly string[]): string {
  const own = words.join(' ').slice(0, maxCriteriaLength)
  if (own.toLowerCase() === 'all') return outer === '' ? 'all' : outer
  return outer === '' || outer === 'all' ? own : `${outer} ${own}`.slice(0, maxCriteriaLength)
}
