// The worked examples of CONTRIBUTING.md, carried out: each touches the files it names, and what it adds works.
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

const root = join(import.meta.dirname, '..')
const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')

const parser = `// Parses /proc/swaps.

export interface SwapArea {
  readonly path: string
  readonly sizeKiB: number
  readonly usedKiB: number
}

/** Rows after the heading. @source proc(5) */
export function parseProcSwaps(text: string): readonly SwapArea[] {
  return text
    .split('\\n')
    .slice(1)
    .filter(line => line.trim() !== '')
    .map(line => {
      const [path = '', , size = '0', used = '0'] = line.split(/\\s+/)
      return { path, sizeKiB: Number(size), usedKiB: Number(used) }
    })
}
`

/** A copy of the project as git has it and the working tree changed it, with the same packages. */
const copy = mkdtempSync(join(tmpdir(), 'gabion-guide-'))
t.teardown(() => rmSync(copy, { recursive: true, force: true }))
const files = git(root, 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0')
for (const path of files.filter(path => path !== '' && !path.startsWith('test/fixtures/'))) {
  mkdirSync(dirname(join(copy, path)), { recursive: true })
  cpSync(join(root, path), join(copy, path), { verbatimSymlinks: true, force: true, errorOnExist: false })
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
node('scripts/generate.ts')
git(copy, 'init', '-q')
git(copy, 'add', '-A')
git(copy, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'before')

t.test('a probe is a schema, a probe file and its parser; registry and reference follow', t => {
  write('proto/facets/swap.ts', block('// Facet `swap`'))
  write('agent/probes/swap.ts', block('// Probe `swap`'))
  write('agent/parse/proc-swaps.ts', parser)
  node('scripts/generate.ts')
  t.same(changed(), [
    'A agent/parse/proc-swaps.ts',
    'A agent/probes/swap.ts',
    'A proto/facets/swap.ts',
    'M agent/probes.generated.ts',
    'M docs/reference/facets.md',
    'M proto/facets.generated.ts',
  ])
  const state = JSON.parse(node('agent/bin/gabion-agent.js', 'facts', 'swap')).facets.swap
  t.equal(state.state, 'present')
  t.ok(Array.isArray(state.facts.areas), 'the new facet is read on this machine')
  git(copy, 'add', '-A')
  git(copy, '-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-q', '-m', 'probe')
  t.end()
})

t.test('a check is one entry and a line in a profile; its rows run', t => {
  const entry = block('- id: swap-is-off')
  const [check] = parse(entry)
  t.equal(check.tests.length, 4, 'the example has its four rows')
  write('policy/checks/swap.yaml', entry)
  const profile = join(copy, 'policy/profiles/cks.yaml')
  const text = readFileSync(profile, 'utf8')
  writeFileSync(
    profile,
    text.replace(/^( *)checks:\n/m, (line, indent) => `${line}${indent}  - ${check.id}\n`),
  )
  node('scripts/generate.ts')
  t.same(changed(), [
    'A docs/checks/swap-is-off.md',
    'A policy/checks/swap.yaml',
    'M docs/checks/README.md',
    'M docs/reference/coverage-cks.md',
    'M policy/catalog.generated.ts',
    'M policy/profiles/cks.yaml',
  ])
  const output = node('test/policy/checks.test.ts')
  t.match(output, /swap-is-off/, 'its rows are run with all others')
  t.notMatch(output, /^not ok/m)
  appendFileSync(join(copy, 'policy/checks/swap.yaml'), '\n- id: misspelt\n')
  t.throws(() => node('scripts/generate.ts'), /swap\.yaml/, 'and a mistake stops the generation, naming the file')
  t.end()
})

t.test('a route is one file and its test; router and OpenAPI find it', t => {
  git(copy, 'add', '-A')
  git(copy, 'reset', '-q', '--hard')
  write('collector/api/routes/version.ts', block('// GET /api/v1/version: which'))
  write('test/collector/api/routes/version.test.ts', block('// GET /api/v1/version: the version'))
  node('scripts/generate.ts')
  t.same(changed(), [
    'A collector/api/routes/version.ts',
    'A test/collector/api/routes/version.test.ts',
    'M collector/api/routes.generated.ts',
  ])
  t.match(node('test/collector/api/routes/version.test.ts'), /^ok 2 - takes no parameters/m)
  t.match(node('test/collector/api/app.test.ts'), /^ok \d+ - /m, 'documented as all others are')
  t.end()
})

/** The fenced block of the guide that starts with this text, without its indent. */
function block(start: string): string {
  const blocks = [...guide.matchAll(/^( *)```\w+\n([\s\S]*?)^\1```/gm)]
  const texts = blocks.map(([, indent = '', body = '']) => body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
  const found = texts.find(body => body.startsWith(start))
  if (found === undefined) throw new Error(`CONTRIBUTING.md has no example that starts with ${start}`)
  return found
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(copy, path)), { recursive: true })
  writeFileSync(join(copy, path), content)
}

function node(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
}

/** What stands otherwise than in the last commit, as `A path` or `M path`. */
function changed(): readonly string[] {
  return git(copy, 'status', '--porcelain', '-uall')
    .split('\n')
    .filter(line => line !== '')
    .map(line => `${line.startsWith('??') ? 'A' : 'M'} ${line.slice(3)}`)
    .sort()
}
