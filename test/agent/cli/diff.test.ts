// `gabion-agent diff` as a user meets it: exit codes like diff(1), words, JSON, standard input.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { hostDigest } from '../../../proto/canonical.ts'
import { type FacetState, facetProperty, type JsonObject } from '../../../proto/facet.ts'
import { facets } from '../../../proto/facets.generated.ts'
import { sealFailed, sealPresent } from '../../../proto/seal.ts'
import { rootFrom } from '../../host-from.ts'
import { runBin } from '../../run-bin.ts'

const directory = mkdtempSync(join(tmpdir(), 'gabion-diff-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))

const facetNamed = (name: string) => {
  const found = facets.find(facet => facet.name === name)
  if (!found) throw new Error(`no facet ${name}`)
  return found
}

/** Writes what `facts` would print. */
function snapshotOf(states: readonly FacetState[]): string {
  const head = { agentVersion: '0.1.0', readAt: '2026-11-22T12:00:00.000Z', root: '/', live: true }
  const body = Object.fromEntries(states.map(state => [facetProperty(state.facet), state]))
  return JSON.stringify({ ...head, hostDigest: hostDigest(states), facets: body })
}

function file(name: string, states: readonly FacetState[]): string {
  const path = join(directory, name)
  writeFileSync(path, snapshotOf(states))
  return path
}

const listener = (port: number, name: string): JsonObject => ({
  ...{ protocol: 'tcp', family: 'ipv4', address: '0.0.0.0', port, scope: 'any', dualStack: false, service: '' },
  holders: [{ process: name, executable: '', uid: 0, user: 'root', unit: '', container: '', podUid: '' }],
})
const ports = (listeners: readonly JsonObject[]) =>
  sealPresent(facetNamed('ports'), { listeners, unixSockets: [], gaps: [] }, { sockets: [], ephemeralUdp: 0 })
const seccompGone = sealFailed(facetNamed('seccomp'), 'unreadable', 'EACCES', '/proc/sys')

t.test('two looks at the same host are equal: 0', async t => {
  const root = rootFrom(t, { '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n', '/etc/hostname': 'a\n' })
  const before = (await runBin('agent', ['facts', '--all', '--root', root])).stdout
  const path = join(directory, 'before.json')
  writeFileSync(path, before)
  const same = await runBin('agent', ['diff', path, '-'], { input: before })
  t.match(same, { code: 0, stderr: '' })
  t.match(same.stdout, /No facet differs/)
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\neve:x:0:0::/:/bin/sh\n')
  const after = (await runBin('agent', ['facts', '--all', '--root', root])).stdout
  const changed = await runBin('agent', ['diff', path, '-'], { input: after })
  t.match(changed, { code: 1, stderr: '' })
  t.match(changed.stdout, /^accounts$/m)
  t.match(changed.stdout, /^ {2}\+ user eve added$/m)
  t.notMatch(changed.stdout, /\u001b/, 'no colours without a terminal')
})

t.test('facets come in the order of the registry, with states that turned: 1', async t => {
  const before = file('a.json', [seccompGone, ports([listener(22, 'sshd')])])
  const after = file('b.json', [ports([listener(22, 'sshd'), listener(8080, 'ngi\u001bnx')])])
  const { code, stdout, stderr } = await runBin('agent', ['diff', before, after, '--output', 'json'])
  t.match({ code, stderr }, { code: 1, stderr: '' })
  const report = JSON.parse(stdout)
  t.match(report, {
    diffVersion: 1,
    equal: false,
    before: { file: before, agentVersion: '0.1.0', readAt: '2026-11-22T12:00:00.000Z', root: '/' },
    facets: [
      {
        facet: 'ports',
        known: true,
        changes: [{ change: 'added', field: 'listeners', text: 'listener 0.0.0.0:8080/tcp by ngi\\x1bnx opened' }],
      },
      { facet: 'seccomp', changes: [{ change: 'removed', text: `seccomp was read in ${before} only` }] },
    ],
  })
  t.equal(report.facets.length, 2)
})

t.test('what is no snapshot, or twice standard input, is bad usage: 2', async t => {
  const good = file('good.json', [seccompGone])
  const cases: readonly (readonly [readonly string[], RegExp, string?])[] = [
    [[], /missing required argument 'before'/],
    [[good], /missing required argument 'after'/],
    [[good, good, good], /too many arguments/],
    [['-', '-'], /standard input can be only one of the two/],
    [[good, '/does/not/exist.json'], /^gabion-agent: \/does\/not\/exist\.json: cannot be read \(ENOENT\)\n$/],
    [[directory, good], /cannot be read \(EISDIR\)/],
    [[good, '-'], /^gabion-agent: standard input: is empty\n$/, ' '],
    [[good, '-'], /^gabion-agent: standard input: line 2: is not JSON\n$/, '{\n"a": oops}'],
    [[good, good, '-o', 'xml'], /'xml'.*table, json/],
  ]
  for (const [args, message, input] of cases) {
    const { code, stdout, stderr } = await runBin('agent', ['diff', ...args], { input: input ?? '' })
    t.equal(code, 2, args.join(' '))
    t.match(stderr, message)
    t.equal(stdout, '')
    t.notMatch(stderr, /\n {4}at /)
  }
})
