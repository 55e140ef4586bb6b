// Runs work on a database in a process of its own, to its end or to its death.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Ran {
  /** whether it died of SIGKILL */
  readonly killed: boolean
  /** moments that it passed, 0 when it did not come to its end */
  readonly moments: number
  readonly ms: number
  /** the highest sequence that was acknowledged, by host */
  readonly acknowledged: ReadonlyMap<string, number>
  readonly code: number | null
  readonly output: string
}

export interface Death {
  /** at this moment */
  readonly at?: number
  /** or after this time */
  readonly afterMs?: number
}

export async function runWork(
  kind: string,
  { directory, url = '' }: { readonly directory: string; readonly url?: string },
  { at = 0, afterMs }: Death = {},
  more = '',
): Promise<Ran> {
  const startedMs = performance.now()
  const script = join(import.meta.dirname, 'work.ts')
  const child = spawn(process.execPath, [script, kind, directory, url, String(at), more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GABION_CONFIG: '' },
  })
  const timer = afterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), afterMs)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
  }
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  clearTimeout(timer)
  const acknowledged = new Map<string, number>()
  for (const [, key = '', sequence] of output.matchAll(/^acknowledged (\w+) (\d+)$/gm)) {
    acknowledged.set(key, Number(sequence))
  }
  const moments = Number(/^passed (\d+)$/m.exec(output)?.[1] ?? 0)
  const ran = { killed: signal === 'SIGKILL', moments, ms: performance.now() - startedMs, acknowledged, code, output }
  if (!ran.killed && code !== 0 && afterMs === undefined && at === 0)
    throw new Error(`${kind} ended with ${code}: ${output}`)
  return ran
}
