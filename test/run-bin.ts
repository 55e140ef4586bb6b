// Runs one of the two bins as a user would and tells what it printed and how it ended.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { outsideOfTap } from './outside-of-tap.ts'

const root = join(import.meta.dirname, '..')

export interface BinResult {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface BinOptions {
  /** arguments for node itself, before the bin */
  readonly node?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** run as this user and group, without capabilities */
  readonly uid?: number
  /** text on standard input, empty when left out */
  readonly input?: string
}

export async function runBin(
  name: 'agent' | 'collector',
  args: readonly string[],
  options: BinOptions = {},
): Promise<BinResult> {
  const launcher = join(root, name, 'bin', `gabion-${name}.js`)
  const words = [...(options.node ?? []), launcher, ...args]
  // As another user it could not write what tap would have it write.
  const [command, rest] = options.uid === undefined ? [process.execPath, words] : outsideOfTap(process.execPath, words)
  const child = spawn(command, rest, {
    env: { PATH: process.env['PATH'], NO_COLOR: '1', ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  })
  // A program that does not read its input may end before all of it is written.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input ?? '')
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', chunk => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', chunk => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}
