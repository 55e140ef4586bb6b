// The package for npm: both bundles behind their launchers, and of dependencies only those with native modules.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { manifest, root } from './target.ts'

/**
 * @param dist what scripts/build.ts made
 * @param work an empty directory of its own
 * @returns the path of the tarball
 */
export function writeNpmPackage(dist: string, work: string, out: string): string {
  const folder = join(work, 'npm')
  mkdirSync(folder)
  for (const name of ['gabion-agent.mjs', 'gabion-collector.mjs', 'lib', 'LICENSE'])
    cpSync(join(dist, name), join(folder, name), { recursive: true })
  cpSync(join(root, 'README.md'), join(folder, 'README.md'))
  const { version, description, license, dependencies, optionalDependencies } = manifest
  const published = {
    ...{ name: 'gabion', version, description, license, type: 'module', os: ['linux'] },
    engines: { node: '>=24' },
    bin: { 'gabion-agent': 'gabion-agent.mjs', 'gabion-collector': 'gabion-collector.mjs' },
    files: ['gabion-agent.mjs', 'gabion-collector.mjs', 'lib'],
    dependencies: { 'better-sqlite3': dependencies['better-sqlite3'] },
    optionalDependencies,
  }
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(published, null, 2)}\n`)
  execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: folder, stdio: 'pipe' })
  rmSync(folder, { recursive: true })
  return join(out, `gabion-${version}.tgz`)
}
