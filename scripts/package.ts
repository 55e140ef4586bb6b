// `npm run package`: everything that is given out, into dist/packages. Options: --arch, --only, --out; --help tells.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { writeNpmPackage } from './packaging/npm-package.ts'
import { bundleSingleFile } from './packaging/single-file.ts'
import { root, sourceDate, type Target, targets } from './packaging/target.ts'
import { type TreeOptions, writeAgentTree, writeCollectorTree } from './packaging/tree.ts'
import { type PackageOptions, writeDeb, writeRpm, writeTarball } from './packaging/write-packages.ts'

const help = `npm run package [-- OPTION…]
  --arch LIST   amd64, arm64 (default: both; one whose Node.js cannot be fetched is told and left out)
  --only LIST   deb, rpm, tarball, npm (default: all)
  --out DIR     (default: dist/packages)
`
const formats = { deb: writeDeb, rpm: writeRpm, tarball: writeTarball } as const
const formatNames = Object.keys(formats) as (keyof typeof formats)[]
const allFormats = [...formatNames, 'npm'] as const
type Format = (typeof allFormats)[number]

const { values } = parseArgs({
  options: {
    arch: { type: 'string', default: 'amd64,arm64' },
    only: { type: 'string', default: 'deb,rpm,tarball,npm' },
    out: { type: 'string', default: join(root, 'dist/packages') },
    help: { type: 'boolean', default: false },
  },
})

async function packageAll(archs: readonly string[], only: readonly Format[], out: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'gabion-package-'))
  try {
    const dist = join(work, 'dist')
    execFileSync(process.execPath, [join(root, 'scripts/build.ts'), dist], { stdio: 'pipe' })
    rmSync(out, { recursive: true, force: true })
    mkdirSync(out, { recursive: true })
    if (only.includes('npm')) tell(writeNpmPackage(dist, work, out))
    const common = { dist, bundle: await bundleSingleFile(work), date: sourceDate() }
    for (const target of targets.filter(({ arch }) => archs.includes(arch))) {
      packageTarget({ ...common, target }, only, work, out)
    }
    writeChecksums(out)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function packageTarget(options: TreeOptions, only: readonly Format[], work: string, out: string): void {
  const { target, date } = options
  const wanted = formatNames.filter(format => only.includes(format))
  if (wanted.length === 0) return
  for (const [name, write] of [
    ['gabion-agent', writeAgentTree],
    ['gabion-collector', writeCollectorTree],
  ] as const) {
    const tree = join(work, `${name}-${target.arch}`)
    try {
      write(tree, options)
    } catch (error) {
      if (!isForeign(target)) throw error
      process.stdout.write(`${name} for ${target.arch} is left out: ${firstLine(error)}\n`)
      continue
    }
    const each: PackageOptions = { name, target, tree, work, out, date }
    for (const format of wanted) if (format !== 'tarball' || name === 'gabion-agent') tell(formats[format](each))
    rmSync(tree, { recursive: true })
  }
}

/** What is made for another machine was not run here. */
const isForeign = ({ npmArch }: Target) => npmArch !== process.arch

const firstLine = (error: unknown) => (error instanceof Error ? error.message.split('\n')[0] : String(error))

function writeChecksums(out: string): void {
  const lines = readdirSync(out)
    .sort()
    .map(
      name =>
        `${createHash('sha256')
          .update(readFileSync(join(out, name)))
          .digest('hex')}  ${name}\n`,
    )
  writeFileSync(join(out, 'SHA256SUMS'), lines.join(''))
}

function tell(path: string): void {
  const foreign = targets.find(target => isForeign(target) && basename(path).match(`${target.arch}|${target.rpmArch}`))
  const note = foreign ? ', not run on this machine' : ''
  process.stdout.write(`${basename(path)} (${Math.round(statSync(path).size / 1024 / 1024)} MiB${note})\n`)
}

/** The words of an option. @throws Error for one that means nothing */
function wordsOf<Word extends string>(option: string, text: string, known: readonly Word[]): readonly Word[] {
  const words = text.split(',')
  const unknown = words.find(word => !known.some(one => one === word))
  if (unknown !== undefined) throw new Error(`${option}: expected some of ${known.join(', ')}, found ${unknown}`)
  return known.filter(word => words.includes(word))
}

if (values.help) process.stdout.write(help)
else {
  const archs = targets.map(({ arch }) => arch)
  await packageAll(
    wordsOf('--arch', values.arch, archs),
    wordsOf('--only', values.only, allFormats),
    resolve(values.out),
  )
}
