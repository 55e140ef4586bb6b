// Bundles what ships: dist/gabion-agent.mjs and dist/gabion-collector.mjs, each a launcher beside one bundle.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { build } from 'esbuild'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

/** Packages that hold a native module: they stay beside the bundle as they are. */
const nativePackages = ['better-sqlite3']

/** Packages that a library loads where they are, and does without where they are not. */
const optionalPackages = ['xmlbuilder2']

/** Bundled CommonJS packages call `require`, which an ES module does not have. */
const banner =
  "import { createRequire as createRequireOf } from 'node:module'\nconst require = createRequireOf(import.meta.url)"

rmSync(dist, { recursive: true, force: true })
mkdirSync(join(dist, 'lib'), { recursive: true })

for (const name of ['agent', 'collector'] as const) {
  const bundle = join(dist, 'lib', `${name}.mjs`)
  await build({
    entryPoints: [join(root, name, 'main.ts')],
    outfile: bundle,
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
  const launcher = join(dist, `gabion-${name}.mjs`)
  const source = readFileSync(join(root, name, 'bin', `gabion-${name}.js`), 'utf8')
  if (!source.includes("'../main.ts'")) throw new Error(`${name}/bin/gabion-${name}.js does not import ../main.ts`)
  writeFileSync(launcher, source.replace("'../main.ts'", `'./lib/${name}.mjs'`))
  chmodSync(launcher, 0o755)
  const kib = Math.round(statSync(bundle).size / 1024)
  process.stdout.write(`${relative(root, launcher)} (bundle ${kib} KiB)\n`)
}

// What runs of the native package: its JavaScript and the addons for Linux, without sources and other systems.
for (const name of nativePackages) {
  for (const part of ['package.json', 'LICENSE', 'lib', 'prebuilds']) {
    cpSync(join(root, 'node_modules', name, part), join(dist, 'node_modules', name, part), {
      recursive: true,
      filter: source => !source.endsWith('.node') || /\/linux(musl)?-(x64|arm64)\.node$/.test(source),
    })
  }
}
cpSync(join(root, 'LICENSE'), join(dist, 'LICENSE'))
