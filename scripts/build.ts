// Bundles what ships: dist/gabion-agent.mjs and dist/gabion-collector.mjs, each a launcher beside one bundle.
// An argument names another directory than dist.
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build } from 'esbuild'

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

/** Programs by file name: the walk has one of its own, so that it loads nothing that it does not need. */
const programs = { agent: 'agent/main.ts', collector: 'collector/main.ts', 'walk-files': 'agent/files/walk-child.ts' }

for (const [name, source] of Object.entries(programs)) {
  await build({
    entryPoints: [join(root, source)],
    outfile: join(dist, 'lib', `${name}.mjs`),
    bundle: true,
    minify: true,
    keepNames: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: banner },
    external: [...nativePackages, ...optionalPackages],
    legalComments: 'linked',
    logLevel: 'warning',
  })
}

for (const name of ['agent', 'collector']) {
  const launcher = join(dist, `gabion-${name}.mjs`)
  const source = readFileSync(join(root, name, 'bin', `gabion-${name}.js`), 'utf8')
  if (!source.includes("'../main.ts'")) throw new Error(`${name}/bin/gabion-${name}.js does not import ../main.ts`)
  writeFileSync(launcher, source.replace("'../main.ts'", `'./lib/${name}.mjs'`))
  chmodSync(launcher, 0o755)
  const kib = Math.round(statSync(join(dist, 'lib', `${name}.mjs`)).size / 1024)
  process.stdout.write(`${relative(root, launcher)} (bundle ${kib} KiB)\n`)
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
