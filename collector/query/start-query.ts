// Starts the process that asks the fleet.
import { type LineProcess, startProgram } from '../../runtime/line-process.ts'

/** Facts of many hosts are kept there. */
const heapMiB = 384
/** A question reads tens of megabytes of facts, most of them once. */
const youngMiB = 32
const maxLineBytes = 16 * 1024 * 1024

/** It reads the database with the settings of PostgreSQL that this process has. */
export function startQuery(): LineProcess {
  const places = [new URL('./query-facts.mjs', import.meta.url), new URL('./query-child.ts', import.meta.url)]
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('PG')))
  return startProgram({ places, heapMiB, youngMiB, maxLineBytes, env: env as Record<string, string> })
}
