// Keeps what became of each source's mutants in a folder, so that a run that was cut short goes on where it stopped.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TriedMutant } from './score.ts'

export interface KeptResults {
  /** Mutants of a source, undefined when it or a test that reaches it has changed since, or it was never tried. */
  read(file: string): readonly TriedMutant[] | undefined
  write(file: string, mutants: readonly TriedMutant[]): void
}

/**
 * @param folder made when it is not there
 * @param root paths are relative to it
 * @param testsOf test files that reach a source
 */
export function keptResults(folder: string, root: string, testsOf: (file: string) => readonly string[]): KeptResults {
  mkdirSync(folder, { recursive: true })
  const placeOf = (file: string) => join(folder, `${file.replaceAll('/', '-')}.json`)
  const textOf = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '')
  const keyOf = (file: string) => {
    const hash = createHash('sha256')
    for (const path of [file, ...testsOf(file).toSorted()]) hash.update(`${path}\0${textOf(path)}\0`)
    return hash.digest('hex')
  }
  return {
    read(file) {
      if (!existsSync(placeOf(file))) return undefined
      const { key, mutants }: Kept = JSON.parse(readFileSync(placeOf(file), 'utf8'))
      return key === keyOf(file) ? mutants : undefined
    },
    write(file, mutants) {
      const kept: Kept = {
        key: keyOf(file),
        mutants: mutants.map(({ fileName, status, mutatorName, replacement, location }) => ({
          ...{ fileName, status, mutatorName, replacement, location },
        })),
      }
      writeFileSync(`${placeOf(file)}.new`, JSON.stringify(kept))
      renameSync(`${placeOf(file)}.new`, placeOf(file))
    },
  }
}

interface Kept {
  readonly key: string
  readonly mutants: readonly TriedMutant[]
}

/** Files in their order, in parts that each take some minutes: of one folder, and of some lines at most. */
export function partsOf(
  files: readonly string[],
  linesOf: (file: string) => number,
  most: number,
): readonly string[][] {
  const parts: string[][] = []
  let lines = 0
  let folder = ''
  for (const file of files) {
    const own = file.slice(0, file.lastIndexOf('/'))
    const part = parts.at(-1)
    if (!part || own !== folder || lines + linesOf(file) > most) {
      parts.push([file])
      lines = 0
    } else part.push(file)
    folder = own
    lines += linesOf(file)
  }
  return parts
}
