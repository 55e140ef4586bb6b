// Folders of npm packages for any machine: the installed one, else fetched once into a cache.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root, type Target } from './target.ts'

const cache = join(root, 'node_modules/.cache/gabion-packages')

/** @throws what npm says when it cannot be had */
export const nodeFolder = ({ npmArch }: Target): string =>
  folderOf(`node-linux-${npmArch}`, versionOf('node'), ['node_modules/node/node_modules'])

/** @throws what npm says when it cannot be had */
export const xattrFolder = ({ npmArch }: Target): string =>
  folderOf(`@napi-rs/xattr-linux-${npmArch}-gnu`, versionOf('@napi-rs/xattr'), [])

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')) as { version: string }).version

function folderOf(name: string, version: string, besides: readonly string[]): string {
  const places = ['node_modules', ...besides].map(place => join(root, place, name))
  const installed = places.find(place => existsSync(join(place, 'package.json')))
  if (installed !== undefined) return installed
  const folder = join(cache, `${name.replace('/', '-')}-${version}`)
  if (!existsSync(folder)) fetchInto(folder, `${name}@${version}`)
  return folder
}

function fetchInto(folder: string, specifier: string): void {
  const aside = `${folder}.${process.pid}`
  mkdirSync(aside, { recursive: true })
  try {
    const answer = execFileSync('npm', ['pack', '--json', '--silent', specifier], {
      ...{ cwd: aside, encoding: 'utf8' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [{ filename = '' } = {}] = JSON.parse(answer) as readonly { readonly filename?: string }[]
    execFileSync('tar', ['-xzf', filename], { cwd: aside })
    renameSync(join(aside, 'package'), folder)
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}
