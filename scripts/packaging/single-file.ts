// The agent as one executable: a CommonJS bundle and the module for extended attributes inside Node.js itself.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { build } from 'esbuild'
import { asciiSource } from './ascii-source.ts'
import { catalogAsText } from './catalog-as-text.ts'
import { nodeFolder, xattrFolder } from './from-npm.ts'
import { noticesOf } from './notices.ts'
import { root, type Target } from './target.ts'
import { undescribedFacets } from './undescribed-facets.ts'

/** Where Node.js looks for the blob: a constant of its documentation. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

export interface SingleBundle {
  readonly script: string
  /** licences of what is inside */
  readonly notices: string
}

/** @param directory an existing one, for `agent.cjs` and what is made of it */
export async function bundleSingleFile(directory: string): Promise<SingleBundle> {
  const script = join(directory, 'agent.cjs')
  const { metafile } = await build({
    entryPoints: [join(root, 'agent/bin/single-file.js')],
    outfile: script,
    plugins: [catalogAsText, undescribedFacets],
    bundle: true,
    minify: true,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['@napi-rs/xattr', 'xmlbuilder2'],
    // What stands beside the program stands beside the executable.
    define: { 'import.meta.url': 'gabionPlace' },
    banner: { js: "const gabionPlace = require('node:url').pathToFileURL(process.execPath).href;" },
    legalComments: 'none',
    logLevel: 'error',
    absWorkingDir: root,
  })
  writeFileSync(script, asciiSource(readFileSync(script, 'utf8')))
  return { script, notices: noticesOf(Object.keys(metafile.inputs)) }
}

/** Without a cache of compiled code: that would be for one machine, and not the same each time. */
export function writeExecutable({ script }: SingleBundle, target: Target, path: string): void {
  const folder = xattrFolder(target)
  const addon = readdirSync(folder).find(name => name.endsWith('.node'))
  if (addon === undefined) throw new Error(`${folder}: holds no module`)
  const blob = `${path}.blob`
  const configuration = `${path}.json`
  const assets = { 'xattr.node': join(folder, addon) }
  const options = { disableExperimentalSEAWarning: true, useSnapshot: false, useCodeCache: false }
  // The path of the script stands in the blob as it is given: without the folder, which is another one each time.
  const main = basename(script)
  writeFileSync(configuration, JSON.stringify({ main, output: blob, assets, ...options }))
  execFileSync(process.execPath, ['--experimental-sea-config', configuration], { cwd: dirname(script), stdio: 'pipe' })
  copyFileSync(join(nodeFolder(target), 'bin/node'), path)
  chmodSync(path, 0o755)
  run(
    process.execPath,
    join(root, 'node_modules/postject/dist/cli.js'),
    path,
    'NODE_SEA_BLOB',
    blob,
    '--sentinel-fuse',
    fuse,
  )
  for (const made of [blob, configuration]) rmSync(made)
}

const run = (program: string, ...args: readonly string[]) => execFileSync(program, args, { stdio: 'pipe' })
