// Asks V8 to give back at once what nobody uses any more.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

let collect: (() => void) | undefined

/** Takes as long as a full collection; for when memory is short. */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString('--expose-gc')
    const gc: unknown = runInNewContext('gc')
    // The plain collection leaves half-empty pages where they are.
    collect = typeof gc === 'function' ? () => gc({ type: 'major', flavor: 'last-resort' }) : () => undefined
  }
  collect()
}
