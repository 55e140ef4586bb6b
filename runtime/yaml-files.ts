// Reads the YAML files that somebody names, one by one or by their directory.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf } from './errors.ts'

export interface TextFile {
  readonly path: string
  readonly text: string
}

export interface YamlFiles {
  /** in the order of the paths, those of a directory by name */
  readonly files: readonly TextFile[]
  /** one line about each path that could not be read */
  readonly problems: readonly string[]
}

const maxFiles = 1000
const maxFileBytes = 4 * 1024 * 1024
/** Links may lead in circles. */
const maxDepth = 8

/**
 * Files are taken as they are named; of directories `*.yaml` and `*.yml`, at any depth, without what begins with a dot.
 * Links are followed, as a mounted ConfigMap wants it.
 */
export function readYamlFiles(paths: readonly string[]): YamlFiles {
  const files: TextFile[] = []
  const problems: string[] = []
  const fail = (path: string, reason: string) => {
    if (problems.length < maxFiles) problems.push(`${path}: ${reason}`)
  }

  function take(path: string, depth: number): void {
    try {
      const found = statSync(path)
      if (found.isDirectory()) takeAll(path, depth)
      else if (!found.isFile()) fail(path, 'is neither a file nor a directory')
      else if (found.size > maxFileBytes) fail(path, `is over the limit of ${maxFileBytes} bytes`)
      else if (files.length >= maxFiles) throw new TooMany()
      else files.push({ path, text: decode(readFileSync(path)) })
    } catch (error) {
      if (error instanceof TooMany) throw error
      fail(path, error instanceof TypeError ? 'is not UTF-8 text' : `cannot be read (${errnoOf(error)})`)
    }
  }

  function takeAll(directory: string, depth: number): void {
    const names = depth < maxDepth ? readdirSync(directory).sort() : []
    if (depth >= maxDepth) fail(directory, `lies more than ${maxDepth} directories deep`)
    for (const name of names) {
      const path = join(directory, name)
      if (name.startsWith('.')) continue
      if (/\.ya?ml$/.test(name) || isDirectory(path)) take(path, depth + 1)
    }
  }

  try {
    for (const path of paths) take(path, 0)
  } catch (error) {
    if (!(error instanceof TooMany)) throw error
    fail(paths.join(', '), `more than ${maxFiles} files`)
  }
  return { files, problems }
}

class TooMany extends Error {}

/** @throws TypeError for what is no UTF-8 */
const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes)

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
