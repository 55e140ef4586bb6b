// The machines that packages are made for, and what is the same for all packages of one build.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

export interface Target {
  /** as Debian and the names of downloads have it */
  readonly arch: 'amd64' | 'arm64'
  /** as npm and Node.js have it */
  readonly npmArch: 'x64' | 'arm64'
  readonly rpmArch: 'x86_64' | 'aarch64'
}

export const targets: readonly Target[] = [
  { arch: 'amd64', npmArch: 'x64', rpmArch: 'x86_64' },
  { arch: 'arm64', npmArch: 'arm64', rpmArch: 'aarch64' },
]

export interface Manifest {
  readonly version: string
  readonly description: string
  readonly license: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly optionalDependencies: Readonly<Record<string, string>>
}

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

/**
 * Seconds since the epoch that every file of every package has, so that the same sources make the same packages:
 * SOURCE_DATE_EPOCH, else the time of the commit, else that of package.json.
 */
export function sourceDate(environment: Readonly<Record<string, string | undefined>> = process.env): number {
  const given = environment['SOURCE_DATE_EPOCH'] ?? ''
  if (/^\d{1,11}$/.test(given)) return Number(given)
  try {
    const git = { cwd: root, encoding: 'utf8' } as const
    const text = execFileSync('git', ['log', '-1', '--format=%ct'], { ...git, stdio: ['ignore', 'pipe', 'ignore'] })
    return Number(text.trim())
  } catch {
    return Math.floor(statSync(join(root, 'package.json')).mtimeMs / 1000)
  }
}
