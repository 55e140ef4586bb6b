// Runs while an image is built: picks from the base what a program needs to run, with what tells whose each file is.
//
//   node assemble.ts agent|collector DIRECTORY
//
// DIRECTORY/base gets Node.js and its libraries, DIRECTORY/program what Gabion adds. No shell, no package manager.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

type Program = 'agent' | 'collector'

/** Programs that the agent starts in its own file system, with the one that does the work under another name. */
const tools: Readonly<Record<Program, Readonly<Record<string, string>>>> = {
  agent: {
    nft: 'nft',
    'iptables-save': 'xtables-nft-multi',
    'ip6tables-save': 'xtables-nft-multi',
    'iptables-legacy-save': 'xtables-legacy-multi',
    'ip6tables-legacy-save': 'xtables-legacy-multi',
  },
  collector: {},
}

const accounts = {
  passwd: 'root:x:0:0:root:/:/nonexistent\ngabion:x:65532:65532:gabion:/nonexistent:/nonexistent\n',
  group: 'root:x:0:\ngabion:x:65532:\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\nprotocols: files\nservices: files\n',
}

interface Tree {
  readonly directory: string
  /** paths in the base of what was copied */
  readonly files: Set<string>
  /** trees below this one in the image: what is there is not copied again */
  readonly below: readonly Tree[]
}

interface Package {
  readonly name: string
  readonly version: string
  readonly arch: string
  /** its paragraph of dpkg's status file */
  readonly status: string
}

function assemble(program: Program, out: string): void {
  const base: Tree = { directory: join(out, 'base'), files: new Set(), below: [] }
  const added: Tree = { directory: join(out, 'program'), files: new Set(), below: [base] }
  addProgram(base, realpathSync(process.execPath), '/usr/local/bin/node')
  for (const [name, text] of Object.entries(accounts)) write(base, `/etc/${name}`, text)
  mkdirSync(join(base.directory, 'tmp'), { recursive: true })
  chmodSync(join(base.directory, 'tmp'), 0o1777)
  for (const [link, name] of Object.entries(tools[program])) addTool(added, link, name)
  if (program === 'agent') addTables(added)
  const packages = [base, added].flatMap(tree => addPackages(tree))
  write(added, '/usr/share/doc/gabion/sbom.cdx.json', billOfMaterials(program, packages))
}

function addTool(tree: Tree, link: string, name: string): void {
  const found = ['/usr/sbin', '/usr/bin', '/sbin', '/bin']
    .map(place => join(place, name))
    .find(path => existsSync(path))
  if (found === undefined) throw new Error(`the base has no ${name}`)
  addProgram(tree, found, `/usr/sbin/${name}`)
  if (link !== name) symlinkSync(name, join(tree.directory, 'usr/sbin', link))
}

/** What iptables loads by name to print a rule, and the names of protocols that nft prints. */
function addTables(tree: Tree): void {
  for (const place of readdirSync('/usr/lib').map(name => `/usr/lib/${name}/xtables`)) {
    if (!existsSync(place)) continue
    for (const name of readdirSync(place)) addPath(tree, join(place, name))
  }
  for (const path of ['/etc/protocols', '/etc/services']) if (existsSync(path)) addPath(tree, path)
}

/** A program with every library that the loader names for it. */
function addProgram(tree: Tree, path: string, destination: string): void {
  const target = join(tree.directory, destination)
  if (!existsSync(target)) {
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(path, target)
    chmodSync(target, 0o755)
    tree.files.add(path)
  }
  const libraries = execFileSync('ldd', [path], { encoding: 'utf8' })
  if (libraries.includes('not found')) throw new Error(`${path}: the base lacks a library:\n${libraries}`)
  for (const [library] of libraries.matchAll(/(?<=\s)\/\S+(?= \(0x)/g)) addPath(tree, library)
}

/** Copies a file to its place, and each link that leads there as a link. */
function addPath(tree: Tree, path: string): void {
  if ([tree, ...tree.below].some(one => one.files.has(path))) return
  tree.files.add(path)
  const parts = path.split('/').slice(1)
  let at = ''
  for (const [index, part] of parts.entries()) {
    at = `${at}/${part}`
    const stats = lstatSync(at)
    const target = join(tree.directory, at)
    if (stats.isSymbolicLink()) {
      const link = readlinkSync(at)
      mkdirSync(dirname(target), { recursive: true })
      if (!existsLink(target)) symlinkSync(link, target)
      addPath(tree, join(resolve(dirname(at), link), ...parts.slice(index + 1)))
      return
    }
    if (stats.isDirectory()) mkdirSync(target, { recursive: true })
    else {
      copyFileSync(at, target)
      chmodSync(target, stats.mode & 0o755)
    }
  }
}

const existsLink = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** What scanners read of images without a package manager: a paragraph per package, and its licence. */
function addPackages(tree: Tree): readonly Package[] {
  const packages = new Map<string, Package>()
  for (const path of tree.files) {
    if (!statSync(path).isFile()) continue
    const owner = ownerOf(path)
    if (owner !== undefined && !packages.has(owner)) packages.set(owner, packageOf(owner))
  }
  const found = [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const { name, status } of found) {
    write(tree, `/var/lib/dpkg/status.d/${name}`, status)
    const copyright = `/usr/share/doc/${name}/copyright`
    if (existsSync(copyright)) write(tree, copyright, readFileSync(copyright, 'utf8'))
  }
  return found
}

/** Packages name some of their files by where they were before /usr was merged. */
function ownerOf(path: string): string | undefined {
  const real = realpathSync(path)
  for (const name of new Set([path, real, real.replace(/^\/usr/, ''), path.replace(/^\/usr/, '')])) {
    try {
      const said = execFileSync('dpkg-query', ['-S', name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      const [owner] = said.split(': ')
      if (owner !== undefined && !owner.startsWith('diversion')) return owner.split(', ')[0]
    } catch {
      // Not by this name.
    }
  }
  return undefined
}

function packageOf(owner: string): Package {
  const status = execFileSync('dpkg-query', ['-s', owner], { encoding: 'utf8' })
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(status)?.[1] ?? ''
  return { name: field('Package'), version: field('Version'), arch: field('Architecture'), status }
}

function write(tree: Tree, path: string, text: string): void {
  const target = join(tree.directory, path)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text, { mode: 0o644 })
}

interface BundledPackage {
  readonly name: string
  readonly version: string
  readonly license: string
}

/** CycloneDX 1.6 of the whole image; the same files give the same bytes. */
function billOfMaterials(program: Program, packages: readonly Package[]): string {
  const { version, bundled } = JSON.parse(readFileSync(join(import.meta.dirname, 'dist/bundled.json'), 'utf8')) as {
    readonly version: string
    readonly bundled: Readonly<Record<Program, readonly BundledPackage[]>>
  }
  const library = (name: string, itsVersion: string, purl: string) => ({
    ...{ type: 'library', 'bom-ref': purl, name, version: itsVersion, purl },
  })
  const node = process.versions.node
  const purlName = (name: string) => name.split('/').map(encodeURIComponent).join('/')
  const components = [
    { ...library('node', node, `pkg:generic/node@${node}`), type: 'application' },
    ...packages.map(one =>
      library(
        one.name,
        one.version,
        `pkg:deb/debian/${purlName(one.name)}@${encodeURIComponent(one.version)}?arch=${one.arch}`,
      ),
    ),
    ...bundled[program].map(one => ({
      ...library(one.name, one.version, `pkg:npm/${purlName(one.name)}@${one.version}`),
      ...(one.license !== '' && { licenses: [{ expression: one.license }] }),
    })),
  ]
  const name = `gabion-${program}`
  const self = { type: 'application', 'bom-ref': name, name, version, licenses: [{ expression: 'Apache-2.0' }] }
  const bill = {
    ...{ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, metadata: { component: self }, components },
    dependencies: [{ ref: name, dependsOn: components.map(component => component['bom-ref']).sort() }],
  }
  return `${JSON.stringify(bill, null, 2)}\n`
}

const [program, out] = process.argv.slice(2)
if ((program !== 'agent' && program !== 'collector') || out === undefined) {
  process.stderr.write('usage: node assemble.ts agent|collector DIRECTORY\n')
  process.exitCode = 2
} else {
  assemble(program, out)
}
