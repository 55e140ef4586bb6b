// The files of a package as they stand on the host that it is installed on.
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type ProgramName, writeCommandDocs } from './command-docs.ts'
import { nodeFolder } from './from-npm.ts'
import { noticeOf, noticesOf } from './notices.ts'
import { type SingleBundle, writeExecutable } from './single-file.ts'
import { root, type Target } from './target.ts'

export interface TreeOptions {
  readonly target: Target
  /** what scripts/build.ts made */
  readonly dist: string
  readonly bundle: SingleBundle
  /** seconds since the epoch */
  readonly date: number
}

/** Writes the whole tree of the agent: one executable, and the rows of the built-in checks beside it. */
export function writeAgentTree(tree: string, options: TreeOptions): void {
  const library = join(tree, 'usr/lib/gabion/agent')
  mkdirSync(library, { recursive: true })
  writeExecutable(options.bundle, options.target, join(library, 'gabion-agent'))
  cpSync(join(root, 'policy/checks'), join(library, 'checks'), { recursive: true })
  mkdirSync(join(tree, 'usr/bin'), { recursive: true })
  symlinkSync('../lib/gabion/agent/gabion-agent', join(tree, 'usr/bin/gabion-agent'))
  makePrivate(join(tree, 'var/lib/gabion/agent'))
  writeCommon(tree, 'gabion-agent', options, options.bundle.notices)
}

/** What scripts/build.ts says of each bundle. */
interface Bundled {
  readonly bundled: { readonly collector: readonly { readonly name: string }[] }
}

/** Writes the whole tree of the collector: Node.js, the bundle, and SQLite for this machine only. */
export function writeCollectorTree(tree: string, options: TreeOptions): void {
  const { dist, target } = options
  const library = join(tree, 'usr/lib/gabion/collector')
  mkdirSync(join(library, 'lib'), { recursive: true })
  copy(join(nodeFolder(target), 'bin/node'), join(library, 'node'), 0o755)
  copy(join(dist, 'gabion-collector.mjs'), join(library, 'gabion-collector.mjs'))
  const parts = readdirSync(join(dist, 'lib')).filter(name =>
    /^(?:collector|judge-checks|query-facts|merge-log).*\.mjs$/.test(name),
  )
  for (const name of parts) copy(join(dist, 'lib', name), join(library, 'lib', name))
  cpSync(join(dist, 'node_modules/better-sqlite3'), join(library, 'node_modules/better-sqlite3'), {
    recursive: true,
    filter: source => !source.endsWith('.node') || source.endsWith(`/linux-${target.npmArch}.node`),
  })
  write(join(tree, 'usr/bin/gabion-collector'), launcher, 0o755)
  makePrivate(join(tree, 'var/lib/gabion/collector'))
  const systemd = join(root, 'deploy/systemd')
  copy(join(systemd, 'gabion-collector.sysusers'), join(tree, 'usr/lib/sysusers.d/gabion-collector.conf'))
  copy(join(systemd, 'gabion-collector.tmpfiles'), join(tree, 'usr/lib/tmpfiles.d/gabion-collector.conf'))
  const { bundled } = JSON.parse(readFileSync(join(dist, 'bundled.json'), 'utf8')) as Bundled
  const inputs = bundled.collector.map(({ name }) => `node_modules/${name}/package.json`)
  writeCommon(tree, 'gabion-collector', options, noticesOf(inputs))
}

/** The one that is looked for is this package's own, whatever the machine has. */
const launcher = `#!/bin/sh
exec /usr/lib/gabion/collector/node /usr/lib/gabion/collector/gabion-collector.mjs "$@"
`

function writeCommon(tree: string, name: ProgramName, { target, date }: TreeOptions, notices: string): void {
  const systemd = join(root, 'deploy/systemd')
  copy(join(systemd, `${name}.service`), join(tree, 'usr/lib/systemd/system', `${name}.service`))
  copy(join(systemd, `${name}.preset`), join(tree, 'usr/lib/systemd/system-preset', `85-${name}.preset`))
  const configuration = `${name.replace('gabion-', '')}.yaml`
  copy(join(root, 'deploy/packages', configuration), join(tree, 'etc/gabion', configuration))
  writeCommandDocs(join(tree, 'usr/share'), name, date)
  const documents = join(tree, 'usr/share/doc', name)
  copy(join(root, 'LICENSE'), join(documents, 'copyright'))
  write(join(documents, 'changelog.gz'), gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 }))
  const node = noticeOf(nodeFolder(target))
  write(join(documents, 'THIRD-PARTY-NOTICES.gz'), gzipSync(`${notices}\n${node}`, { level: 9 }))
}

function makePrivate(directory: string): void {
  mkdirSync(directory, { recursive: true })
  chmodSync(directory, 0o700)
}

function copy(from: string, to: string, mode = 0o644): void {
  mkdirSync(dirname(to), { recursive: true })
  copyFileSync(from, to)
  chmodSync(to, mode)
}

function write(path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  chmodSync(path, mode)
}
