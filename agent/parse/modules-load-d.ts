// Parses modules-load.d files and /etc/modules: the modules that are loaded at boot.
import { isModuleName } from './module-name.ts'

export interface AutoloadFile {
  readonly names: readonly string[]
  /** numbers of lines that name no module, from 1 */
  readonly malformed: readonly number[]
}

/** One name per line, parameters may follow; `#` and `;` begin comment lines (modules-load.d(5), modules(5)). */
export function parseModulesLoadD(text: string): AutoloadFile {
  const names = new Set<string>()
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const name = (/^\S+/.exec(line)?.[0] ?? '').replaceAll('-', '_')
    if (isModuleName(name)) names.add(name)
    else malformed.push(index + 1)
  }
  return { names: [...names], malformed }
}
