// Starts the process that judges checks which people of a site wrote.
import type { Sandbox } from '../policy/sandbox.ts'
import { startProgram } from '../runtime/line-process.ts'

/** The engine itself takes some 40 MiB, the facts of a large host some more. */
const heapMiB = 128
const maxLineBytes = 1024 * 1024

export function startSandbox(): Sandbox {
  const places = [new URL('./judge-checks.mjs', import.meta.url), new URL('./judge-child.ts', import.meta.url)]
  return startProgram({ places, heapMiB, maxLineBytes })
}
