// Reading a snapshot: whole and verified, or one error that names the file and the place in it.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import t from 'tap'
import { readSnapshot } from '../../../agent/cli/read-snapshot.ts'
import { probes } from '../../../agent/probes.generated.ts'
import { canonicalJson, facetDigest, hostDigest } from '../../../proto/canonical.ts'
import type { FacetState, JsonObject } from '../../../proto/facet.ts'
import { facets } from '../../../proto/facets.generated.ts'
import { sealFailed } from '../../../proto/seal.ts'
import { GabionError } from '../../../runtime/errors.ts'
import { materializeFixture } from '../../materialize-fixture.ts'
import { runBin } from '../../run-bin.ts'

const directory = mkdtempSync(join(tmpdir(), 'gabion-snapshot-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))
const path = join(directory, 'one.json')

interface Document {
  agentVersion: string
  readAt: string
  root: string
  live: boolean
  hostDigest: string
  facets: Record<string, FacetState>
}

const root = materializeFixture(t, 'debian12-vm')
const { stdout: whole } = await runBin('agent', ['facts', '--all', '--root', root])
const document = (): Document => JSON.parse(whole)

async function messageOf(content: string | Uint8Array): Promise<string> {
  writeFileSync(path, content)
  const error: unknown = await readSnapshot(path).then(
    () => new Error('was accepted'),
    (error: unknown) => error,
  )
  if (!(error instanceof GabionError)) throw error
  t.equal(error.code, 'usage')
  return error.message.replaceAll(path, 'FILE')
}

/** The document after a change, its digests made anew. */
function resealed(change: (document: Document) => void): string {
  const changed = document()
  change(changed)
  for (const [property, state] of Object.entries(changed.facets)) {
    const body = canonicalJson(state.state === 'present' ? state.facts : state.reason)
    const digest = facetDigest(state.facet, state.schemaVersion, state.state, body)
    changed.facets[property] = { ...state, digest }
  }
  return JSON.stringify({ ...changed, hostDigest: hostDigest(Object.values(changed.facets)) })
}

const setFacts = (document: Document, property: string, facts: JsonObject) => {
  const state = document.facets[property]
  if (state?.state !== 'present') throw new Error(`${property} is not present`)
  document.facets[property] = { ...state, facts: { ...state.facts, ...facts } }
}

t.test('what facts printed is read as it was', async t => {
  writeFileSync(path, whole)
  const snapshot = await readSnapshot(path)
  t.same(snapshot.states, Object.values(document().facets))
  t.equal(snapshot.states.length, probes.length)
  t.match(snapshot, { file: path, root, live: false, unknown: [], hostDigest: document().hostDigest })
})

t.test('what is no text, no JSON or no snapshot is named', async t => {
  t.equal(await messageOf(''), 'FILE: is empty')
  t.equal(await messageOf(Buffer.from([0x7b, 0xff, 0x7d])), 'FILE: is not UTF-8 text')
  t.equal(await messageOf('{"a":\n1,}'), 'FILE: line 2: is not JSON')
  t.match(await messageOf('[]'), /^FILE: is not a snapshot of 'gabion-agent facts' \(Invalid input: expected object/)
  t.match(await messageOf('{"reportVersion":1}'), /^FILE: is not a snapshot .*\(agentVersion: Invalid input/)
  t.match(await messageOf('['.repeat(200_000)), /^FILE: line 1: is not JSON$/)
  t.match(await messageOf(JSON.stringify({ ...document(), readAt: 'yesterday' })), /\(readAt: Invalid ISO datetime\)/)
})

t.test('a file over the limit is not taken in', async t => {
  truncateSync(path, 65 * 1024 * 1024)
  const error = await readSnapshot(path).catch((error: Error) => error.message.replaceAll(path, 'FILE'))
  t.equal(error, 'FILE: over the limit of 67108864 bytes')
})

t.test('a changed fact, reason or set of facets does not fit its digest', async t => {
  const fact = document()
  setFacts(fact, 'host', { hostname: 'other' })
  const changed = 'the file was changed after it was written'
  t.equal(await messageOf(JSON.stringify(fact)), `FILE: facets.host.digest: does not fit the facts: ${changed}`)
  const reason = document()
  const kubelet = sealFailed(facets[0] as (typeof facets)[0], 'error', 'probe', 'x')
  reason.facets = { [facets[0]?.property ?? '']: { ...kubelet, reason: { code: 'probe', detail: 'y' } } as FacetState }
  t.match(await messageOf(JSON.stringify(reason)), /digest: does not fit the reason/)
  const fewer = document()
  delete fewer.facets['ports']
  t.equal(await messageOf(JSON.stringify(fewer)), `FILE: hostDigest: does not fit the facets: ${changed}`)
})

t.test('facts that no digest can be made of are named with their place', async t => {
  const broken = async (facts: unknown) => {
    const changed = document()
    setFacts(changed, 'host', facts as JsonObject)
    return messageOf(JSON.stringify(changed))
  }
  t.match(await broken({ hostname: null }), /^FILE: facets\.host\.facts\.hostname: null has no place/)
  t.match(await broken({ hostname: 1.5 }), /^FILE: facets\.host\.facts\.hostname: not a safe integer/)
  const deep = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`)
  t.match(await broken({ deep }), /nested deeper than 64 levels$/)
})

t.test('a newer schema is refused, an older one is taken, and one that is not known is kept', async t => {
  const version = (schemaVersion: number) => (document: Document) => {
    const host = document.facets['host'] as FacetState
    document.facets['host'] = { ...host, schemaVersion }
  }
  const current = facets.find(facet => facet.name === 'host')?.version
  t.match(
    await messageOf(resealed(version(99))),
    new RegExp(`^FILE: facets.host.schemaVersion: version 99 is newer than the ${current} .*; use a newer agent$`),
  )
  const unknown = { ...(document().facets['host'] as FacetState), facet: 'future-thing', schemaVersion: 7 }
  writeFileSync(
    path,
    resealed(document => {
      document.facets['futureThing'] = unknown
    }),
  )
  const snapshot = await readSnapshot(path)
  t.same(snapshot.unknown, ['future-thing'])
  t.equal(snapshot.states.length, probes.length + 1)
})

t.test('facts that break the schema they claim are named with their place', async t => {
  const wrong = resealed(document => setFacts(document, 'host', { hostname: 7 }))
  t.match(await messageOf(wrong), /^FILE: facets\.host\.facts\.hostname: Invalid input: expected string/)
  const row = resealed(document => setFacts(document, 'accounts', { users: [{ name: 'a', uid: 'x' }] }))
  t.match(await messageOf(row), /^FILE: facets\.accounts\.facts\.users\[0\]\.uid: Invalid input: expected number/)
  const gaps = resealed(document => setFacts(document, 'host', { gaps: 'none' }))
  t.match(await messageOf(gaps), /^FILE: facets\.host\.facts\.gaps: Invalid input: expected array/)
  const misplaced = resealed(document => {
    document.facets['ports'] = document.facets['host'] as FacetState
  })
  t.match(await messageOf(misplaced), /^FILE: facets\.ports\.facet: 'host' does not belong under this name$/)
})

t.test('whatever a file holds, it is read or refused with one line', async () => {
  writeFileSync(path, whole)
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string(), cut()), async text => {
      writeFileSync(path, text)
      const error: unknown = await readSnapshot(path).catch((error: unknown) => error)
      return error instanceof GabionError && error.code === 'usage' && !/[\n\u001b]/.test(error.message)
    }),
    { numRuns: 100 },
  )
})

const cut = () => fc.nat(whole.length - 3).map(length => whole.slice(0, length))

t.test('scan --facts judges as scan of the root did, and says when the facts were read', async t => {
  writeFileSync(path, whole)
  const scan = async (...args: string[]) => {
    const { code, stdout, stderr } = await runBin('agent', ['scan', '-o', 'json', ...args])
    t.same({ code, stderr }, { code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const [direct, stored] = [await scan('--root', root), await scan('--facts', path)]
  const verdicts = (report: { results: { check: string; state: string; evidence: string[] }[] }) =>
    report.results.map(({ check, state, evidence }) => ({ check, state, evidence }))
  t.same(verdicts(stored), verdicts(direct))
  t.ok(stored.results.length > 30)
  t.match(stored, { host: direct.host, snapshot: { file: path, readAt: document().readAt }, profiles: direct.profiles })
  t.ok(stored.scannedAt > document().readAt)
  const table = await runBin('agent', ['scan', '--facts', '-'], { input: whole })
  t.match(table.stdout, `standard input: facts read ${document().readAt} by gabion-agent`)
})

t.test('scan --facts says what it does not know, and takes no root or probes besides', async t => {
  const future = { ...(document().facets['host'] as FacetState), facet: 'x\u001b' }
  writeFileSync(
    path,
    resealed(document => {
      document.facets['x\u001b'] = future
    }),
  )
  const { code, stderr } = await runBin('agent', ['scan', '--facts', path])
  t.equal(code, 0)
  t.equal(stderr, `gabion-agent: ${path}: facet 'x\\x1b' is not known to this version: not judged\n`)
  for (const other of [['--root', root], ['--probe', 'host'], ['--no-port-probes']]) {
    const refused = await runBin('agent', ['scan', '--facts', path, ...other])
    t.equal(refused.code, 2)
    t.match(refused.stderr, /option '--facts <file>' cannot be used with option/)
  }
})
