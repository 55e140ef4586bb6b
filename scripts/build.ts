// Bundles what ships: dist/gabion-agent.mjs and dist/gabion-collector.mjs, each a launcher beside one bundle.
// An argument names another directory than dist.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { bundledPackages } from './bundled-packages.ts'
import { asciiSource } from './packaging/ascii-source.ts'
import { catalogAsText } from './packaging/catalog-as-text.ts'
import { undescribedFacets } from './packaging/undescribed-facets.ts'

const root = join(import.meta.dirname, '..')
const dist = resolve(process.argv[2] ?? join(root, 'dist'))

/** Packages that hold a native module: they stay beside the bundle as they are. */
const nativePackages = ['better-sqlite3', '@napi-rs/xattr']

/** Packages that a library loads where they are, and does without where they are not. */
const optionalPackages = ['xmlbuilder2']

/** Bundled CommonJS packages call `require`, which an ES module does not have. */
const banner =
  "import { createRequire as createRequireOf } from 'node:module'\nconst require = createRequireOf(import.meta.url)"

rmSync(dist, { recursive: true, force: true })
mkdirSync(join(dist, 'lib'), { recursive: true })

/** Programs by file name. What runs as a process of its own has one, that loads nothing which it does not need. */
const programs = {
  agent: 'agent/main.ts',
  'agent-healthcheck': 'agent/healthcheck.ts',
  collector: 'collector/main.ts',
  'walk-files': 'agent/files/walk-child.ts',
  'judge-checks': 'site/judge-child.ts',
  'query-facts': 'collector/query/query-child.ts',
  'merge-log': 'collector/store/sqlite/merge-log-thread.ts',
}

/** What esbuild read for each program. */
const inputs: Record<string, readonly string[]> = {}
for (const [name, source] of Object.entries(programs)) {
  const { metafile } = await build({
    entryPoints: [join(root, source)],
    outdir: join(dist, 'lib'),
    entryNames: name,
    // What a command imports when it needs it is a file of its own beside the program.
    chunkNames: `${name}-[name]-[hash]`,
    outExtension: { '.js': '.mjs' },
    splitting: true,
    plugins: name === 'collector' ? [catalogAsText] : [catalogAsText, undescribedFacets],
    bundle: true,
    minify: true,
    // An agent starts often and stays small; of the collector the names of functions are worth more.
    keepNames: name === 'collector',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: banner },
    external: [...nativePackages, ...optionalPackages],
    legalComments: 'linked',
    metafile: true,
    logLevel: 'warning',
  })
  inputs[name] = Object.keys(metafile.inputs)
}

for (const part of readdirSync(join(dist, 'lib')).filter(name => name.endsWith('.mjs'))) {
  const source = readFileSync(join(dist, 'lib', part), 'utf8')
  writeFileSync(join(dist, 'lib', part), asciiSource(source))
}

for (const name of ['agent', 'collector']) {
  const launcher = join(dist, `gabion-${name}.mjs`)
  const source = readFileSync(join(root, name, 'bin', `gabion-${name}.js`), 'utf8')
  if (!source.includes("'../main.ts'")) throw new Error(`${name}/bin/gabion-${name}.js does not import ../main.ts`)
  const bundled = source.replace("'../main.ts'", `'./lib/${name}.mjs'`)
  writeFileSync(launcher, bundled.replace("'../healthcheck.ts'", `'./lib/${name}-healthcheck.mjs'`))
  chmodSync(launcher, 0o755)
  const parts = readdirSync(join(dist, 'lib')).filter(part => part.startsWith(name) && part.endsWith('.mjs'))
  const bytes = parts.reduce((sum, part) => sum + statSync(join(dist, 'lib', part)).size, 0)
  process.stdout.write(
    `${relative(root, launcher)} (bundle ${Math.round(bytes / 1024)} KiB in ${parts.length} files)\n`,
  )
}

// What runs of better-sqlite3: its JavaScript and the addons for Linux, without sources and other systems.
for (const part of ['package.json', 'LICENSE', 'lib', 'prebuilds']) {
  cpSync(join(root, 'node_modules/better-sqlite3', part), join(dist, 'node_modules/better-sqlite3', part), {
    recursive: true,
    filter: source => !source.endsWith('.node') || /\/linux(musl)?-(x64|arm64)\.node$/.test(source),
  })
}
// The attributes of files are optional: where npm found no addon for the platform, there is nothing but the directory.
mkdirSync(join(dist, 'node_modules/@napi-rs'), { recursive: true })
for (const name of ['xattr', 'xattr-linux-x64-gnu', 'xattr-linux-arm64-gnu']) {
  const source = join(root, 'node_modules/@napi-rs', name)
  if (existsSync(source)) cpSync(source, join(dist, 'node_modules/@napi-rs', name), { recursive: true })
}
cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'))
// What the bills of materials of the images name.
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }
const children = [...(inputs['walk-files'] ?? []), ...(inputs['judge-checks'] ?? []), ...(inputs['query-facts'] ?? [])]
const bundled = {
  agent: bundledPackages(
    root,
    [...(inputs['agent'] ?? []), ...children],
    readdirSync(join(dist, 'node_modules/@napi-rs')).map(name => `@napi-rs/${name}`),
  ),
  collector: bundledPackages(root, [...(inputs['collector'] ?? []), ...children], ['better-sqlite3']),
}
writeFileSync(join(dist, 'bundled.json'), `${JSON.stringify({ version, bundled }, null, 2)}\n`)
// The rows of the built-in checks, for `gabion-agent policy test --builtin`.
cpSync(join(root, 'policy/checks'), join(dist, 'lib/checks'), { recursive: true })
