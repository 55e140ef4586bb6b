// Holds every source file to the import rules: who may know whom, and one door per danger.
import { dirname, join, normalize } from 'node:path'
import t from 'tap'
import { folders, sourceFiles } from './sources.ts'

const files = sourceFiles()

const mayImport: Readonly<Record<(typeof folders)[number], readonly string[]>> = {
  proto: ['proto'],
  policy: ['policy', 'proto'],
  report: ['report', 'policy', 'proto'],
  runtime: ['runtime', 'package.json'],
  site: ['site', 'policy', 'proto', 'runtime'],
  agent: ['agent', 'site', 'policy', 'report', 'proto', 'runtime'],
  collector: ['collector', 'site', 'policy', 'report', 'proto', 'runtime'],
}

/** Dangerous modules and the only places that may import them. */
const doors: Readonly<Record<string, (path: string) => boolean>> = {
  execa: path => path === 'agent/host/run-command.ts',
  systeminformation: path => path === 'agent/host/hardware.ts',
  'better-sqlite3': path => path === 'collector/store/sqlite/open-database.ts',
  kysely: path => path.startsWith('collector/store/'),
  pg: path => path === 'collector/store/postgres/open-client.ts',
  express: path => path.startsWith('collector/api/'),
  '@grpc/grpc-js': path => path.startsWith('agent/uplink/') || path.startsWith('collector/ingest/'),
  '@peculiar/x509': path => path === 'collector/auth/pki/sign.ts' || path === 'agent/uplink/signing-request.ts',
  pino: path => path === 'runtime/open-log.ts',
  'node:child_process': path =>
    ['runtime/own-program.ts', 'runtime/line-process.ts', 'agent/host/walk/run-walk.ts'].includes(path) ||
    // The walk reads without giving back a turn, also what a program answers.
    path === 'agent/host/walk/getcap-reader.ts',
  '@napi-rs/xattr': path => path === 'agent/host/walk/read-capability.ts',
}

/** Parts of the agent that work on its own files, not on the host's. */
const ownFiles = [
  'agent/health/meters.ts',
  'agent/health/pulse.ts',
  'agent/health/read-process.ts',
  'agent/health/read-pulse.ts',
  'agent/state-directory.ts',
  'agent/textfile.ts',
  'agent/cli/enroll.ts',
  'agent/cli/healthcheck.ts',
  'agent/cli/read-boot-attributes.ts',
  'agent/cli/read-controls.ts',
  'agent/cli/read-host.ts',
  'agent/cli/read-input.ts',
  'agent/cli/fix-plan.ts',
  'agent/cli/write-report.ts',
  'agent/watch/file-watch.ts',
]

const bare = (specifier: string) => !specifier.startsWith('.')
const target = (path: string, specifier: string) => normalize(join(dirname(path), specifier))

t.ok(files.length > 50, `the rules are held against ${files.length} files`)

for (const { path, imports } of files) {
  const folder = folders.find(item => path.startsWith(`${item}/`)) ?? 'proto'
  for (const specifier of imports) {
    if (bare(specifier)) {
      const door =
        doors[
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/')
        ] ?? doors[specifier]
      if (door) t.ok(door(path), `${path} may not import ${specifier}: it has one door`)
    } else {
      const top = target(path, specifier).split('/')[0] ?? ''
      t.ok(mayImport[folder].includes(top), `${path} imports ${specifier}: ${folder} may not know ${top}`)
    }
  }
}

t.test('probes and parsers reach the host through its door only', t => {
  for (const { path, imports } of files.filter(file => file.path.startsWith('agent/'))) {
    if (path.startsWith('agent/host/') || path.startsWith('agent/uplink/') || ownFiles.includes(path)) continue
    const forbidden = imports.filter(specifier =>
      ['node:fs', 'node:fs/promises', 'node:net', 'node:http', 'node:https', 'node:dgram', 'node:tls'].includes(
        specifier,
      ),
    )
    t.same(forbidden, [], `${path} asks the host, not node:fs or sockets`)
  }
  t.end()
})

t.test('parsers do no I/O and need no packages but the format libraries', t => {
  for (const { path, imports } of files.filter(file => file.path.startsWith('agent/parse/'))) {
    const others = imports.filter(specifier => bare(specifier) && !['yaml', 'smol-toml'].includes(specifier))
    t.same(others, [], `${path} is pure`)
  }
  t.end()
})

t.test('policy and report do no I/O', t => {
  for (const { path, imports } of files.filter(file => /^(policy|report)\//.test(file.path))) {
    t.same(
      imports.filter(specifier => specifier.startsWith('node:')),
      [],
      `${path} runs in a browser, too`,
    )
  }
  t.end()
})

t.test('the process ends in entry points only', t => {
  const entryPoints = ['agent/cli/run-program.ts', 'agent/cli/enroll.ts', 'agent/cli/run.ts', 'collector/cli/serve.ts']
  for (const { path, text } of files) {
    if (entryPoints.includes(path)) continue
    t.notMatch(text, /\bprocess\.exit\(/, `${path} does not end the process`)
  }
  t.end()
})

t.test('the clock is asked in one file', t => {
  for (const { path, text } of files) {
    if (path === 'runtime/clock.ts') continue
    t.notMatch(text, /\bDate\.now\(|\bperformance\.now\(|new Date\(\)/, `${path} takes its time from a clock`)
  }
  t.end()
})

t.test('imports have no cycles', t => {
  const graph = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter(specifier => !bare(specifier)).map(specifier => target(path, specifier)),
    ]),
  )
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      t.fail(`cycle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
      return
    }
    if (done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  t.equal(done.size >= files.length, true, 'every file was visited')
  t.end()
})
