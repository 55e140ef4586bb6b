// Parses modules.builtin: the modules that are part of the kernel itself.
import { moduleNameOfPath } from './module-name.ts'

export interface ModuleList {
  readonly names: ReadonlySet<string>
  /** numbers of lines that name no module, from 1 */
  readonly malformed: readonly number[]
}

/** One path such as `kernel/fs/ext4/ext4.ko` per line (kbuild, Documentation/kbuild/kbuild.rst). */
export function parseModulesBuiltin(text: string): ModuleList {
  return parseModulePaths(text, line => line)
}

/** Takes the module's path out of each line that is not empty. */
export function parseModulePaths(text: string, pathOf: (line: string) => string): ModuleList {
  const names = new Set<string>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const name = moduleNameOfPath(pathOf(line))
    if (name === undefined) malformed.push(index + 1)
    else names.add(name)
  }
  return { names, malformed }
}
