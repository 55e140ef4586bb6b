// Loads the project's modules anew for each run, so that a mutant is there from a module's first line on.
import { readFileSync } from 'node:fs'
import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Address of the module that stands in for tap; a run has its own. */
const tapStandIn = 'gabion-tap:'

/** Never mutated and costly to evaluate: one copy for all runs. */
const kept = /\/(?:proto|runtime|node_modules)\/|\.generated\.ts$/

export interface FreshModules {
  /** Imports a file below the folder, and what it imports there, as if for the first time; `tap` becomes `test`. */
  importAnew(path: string, test: unknown): Promise<void>
}

/**
 * Hooks into this process's module loading, for TypeScript below one folder. Types are stripped once per file.
 * Modules of earlier runs stay in memory: a process can serve some hundred runs.
 *
 * @param activeMutant its id while one is tried; the others are then taken out of the sources
 */
export function freshModules(folder: string, activeMutant: () => string | undefined): FreshModules {
  const prefix = `${pathToFileURL(folder).href}/`
  const sourceOf = mutatedSources(activeMutant)
  const tests = new Map<string, unknown>()
  Object.assign(globalThis, { gabionTapOf: (url: string) => tests.get(url) })
  let run = 0

  registerHooks({
    resolve(specifier, context, next) {
      const parent = context.parentURL ?? ''
      const parentRun = /\?run=(\d+)$/.exec(parent)?.[1]
      if (specifier === 'tap' && parentRun) return { url: `${tapStandIn}${parentRun}`, shortCircuit: true }
      const result = next(specifier, context)
      const fresh = parentRun && result.url.startsWith(prefix) && !kept.test(result.url.slice(prefix.length - 1))
      return fresh ? { ...result, url: `${result.url}?run=${parentRun}` } : result
    },
    load(url, context, next) {
      if (url.startsWith(tapStandIn))
        return { format: 'module', source: 'export default gabionTapOf(import.meta.url)', shortCircuit: true }
      if (!url.startsWith(prefix) || !/\.ts(?:\?|$)/.test(url)) return next(url, context)
      return { format: 'module', source: sourceOf(fileURLToPath(url)), shortCircuit: true }
    },
  })

  return {
    async importAnew(path, test) {
      run += 1
      tests.set(`${tapStandIn}${run}`, test)
      await import(`${pathToFileURL(path).href}?run=${run}`)
    },
  }
}

/** Text of a module by its path, without types and without the mutants that are not on. */
function mutatedSources(activeMutant: () => string | undefined): (path: string) => string {
  const stripped = new Map<string, string>()
  const unmutated = new Map<string, string>()
  return path => {
    const text = remembered(stripped, path, () => stripTypeScriptTypes(readFileSync(path, 'utf8')))
    const mutant = activeMutant()
    if (mutant === undefined) return text
    if (text.includes(`("${mutant}")`)) return withMutant(text, mutant)
    return remembered(unmutated, path, () => withMutant(text, ''))
  }
}

function remembered(known: Map<string, string>, key: string, make: () => string): string {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** An instrumented source asks at each step which mutant is on; without most of the questions it is ten times faster. */
function withMutant(text: string, mutant: string): string {
  return text
    .replace(/\bstryMutAct_\w+\("(\d+)"\)/g, (question, id: string) => (id === mutant ? question : 'false'))
    .replace(/\bstryCov_\w+\("[^)]*\)/g, '0')
}
