// Changes that come twice, late, from several outboxes and beside others that fail: held against a model.
import * as fc from 'fast-check'
import t, { type Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { checkDatabase } from '../../../collector/store/sqlite/check-database.ts'
import type { FacetState } from '../../../proto/facet.ts'
import { sealAbsent, sealFailed } from '../../../proto/seal.ts'
import { SmallFacet, smallState } from '../../small-facet.ts'
import { changeOf, type Domain, openDomain } from '../open-domain.ts'

/** States to choose from: the same one often, so that unchanged states occur. */
const states: readonly FacetState[] = [
  smallState({ a: 1 }),
  smallState({ a: 2 }),
  smallState({ a: 30, b: 4 }, 'note'),
  sealAbsent(SmallFacet, 'notInstalled', ''),
  sealFailed(SmallFacet, 'unreadable', 'EACCES', ''),
  sealFailed(SmallFacet, 'error', 'timeout', ''),
]

interface Step {
  readonly host: number
  readonly outbox: number
  /** added to the sequence applied last: 0 and below are replays */
  readonly ahead: number
  readonly state: number
  /** fails after it applied, and takes its transaction with it */
  readonly fails: boolean
  /** goes into the same transaction as the step after it */
  readonly together: boolean
}

const step: fc.Arbitrary<Step> = fc.record({
  host: fc.integer({ min: 0, max: 2 }),
  outbox: fc.integer({ min: 0, max: 1 }),
  ahead: fc.integer({ min: -2, max: 3 }),
  state: fc.integer({ min: 0, max: states.length - 1 }),
  fails: fc.boolean(),
  together: fc.boolean(),
})

interface Model {
  readonly applied: Map<string, number>
  readonly digests: Map<number, string[]>
}

/** What the store has to hold after the step, when it did not fail. */
function applyToModel(model: Model, { host, outbox, state }: Step, sequence: number): string {
  const key = `${host} ${outbox}`
  if (sequence <= (model.applied.get(key) ?? 0)) return 'duplicate'
  model.applied.set(key, sequence)
  const digests = model.digests.get(host) ?? []
  const digest = states[state]?.digest ?? ''
  if (digests.at(-1) === digest) return 'unchanged'
  model.digests.set(host, [...digests, digest])
  return 'applied'
}

async function play(t: Test, domain: Domain, hosts: readonly number[], steps: readonly Step[]): Promise<Model> {
  const model: Model = { applied: new Map(), digests: new Map() }
  let pending: Promise<unknown>[] = []
  for (const current of steps) {
    const key = `${current.host} ${current.outbox}`
    const sequence = Math.max((model.applied.get(key) ?? 0) + current.ahead, 1)
    const state = states[current.state]
    const host = hosts[current.host]
    if (!state || host === undefined) continue
    // A failure rejects what waits for the same host behind it, so failures go alone.
    if (current.fails) {
      await Promise.all(pending)
      pending = []
    }
    const done = domain.commits.submit(host, async unit => {
      const outcome = await applyChange(
        unit,
        changeOf(sequence, state, { outboxId: `o${current.outbox}` }),
        domain.apply,
      )
      if (current.fails) throw new Error('on purpose')
      return outcome
    })
    if (current.fails) {
      await t.rejects(done, /on purpose/)
    } else {
      const expected = applyToModel(model, current, sequence)
      pending.push(done.then(outcome => outcome === expected || t.fail(`${outcome} instead of ${expected}`)))
    }
    if (!current.together) {
      await Promise.all(pending)
      pending = []
    }
  }
  await Promise.all(pending)
  return model
}

t.test('whatever comes, what is stored is what a model says, and the database is sound', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async steps => {
      const domain = await openDomain(t, { directory: t.testdir({}) })
      const opened = await Promise.all(['a', 'b', 'c'].map(key => domain.open(key)))
      const model = await play(
        t,
        domain,
        opened.map(({ host }) => host),
        steps,
      )
      for (const [index, { id, host }] of opened.entries()) {
        const digests = model.digests.get(index) ?? []
        const { items } = await domain.store.read.facetHistory(id, 'small', { limit: 500 })
        t.same(items.map(row => row.digest).reverse(), digests, 'the history is what was applied, once each, in order')
        const current = await domain.store.read.facet(id, 'small')
        t.equal(current?.current.digest, digests.at(-1))
        for (const outbox of [0, 1]) {
          const applied = await domain.store.write(transaction => transaction.appliedSequence(host, `o${outbox}`))
          t.equal(applied, model.applied.get(`${index} ${outbox}`) ?? 0)
        }
        const good = digests.findLast(digest =>
          states.some(state => state.digest === digest && state.state === 'present'),
        )
        const goneLater = digests.lastIndexOf(states[3]?.digest ?? '') > digests.lastIndexOf(good ?? '')
        const failing = current && current.current.state !== 'present' && current.current.state !== 'absent'
        t.equal(current?.lastGood?.digest, failing && !goneLater ? good : undefined, 'the last good facts are kept')
      }
      await domain.close()
      const { problems } = await checkDatabase(domain.path)
      t.same(problems, [])
    }),
    { numRuns: 60 },
  )
})

t.test('a digest that nobody knows cannot be applied without its body', async t => {
  const domain = await openDomain(t)
  const { host } = await domain.open('a')
  const change = { ...changeOf(1, smallState({ a: 1 })), body: undefined }
  await t.rejects(
    domain.commits.submit(host, unit => applyChange(unit, change, domain.apply)),
    /no body for small/,
  )
  t.equal(await domain.store.write(transaction => transaction.appliedSequence(host, 'o')), 0)
})

t.test('a facet that is rewritten is told in a bounded number of rows', async t => {
  const domain = await openDomain(t)
  const { host, id } = await domain.open('a')
  const rows = (from: number) =>
    Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`r${from + index}`, 1]))
  for (const [index, state] of [smallState(rows(0)), smallState(rows(5_000))].entries()) {
    await domain.commits.submit(host, unit => applyChange(unit, changeOf(index + 1, state), domain.apply))
  }
  const { items } = await domain.store.read.drift({ hostId: id }, { limit: 500 })
  t.equal(items.length, 201)
  t.match(items[0], { text: 'small: 1800 more changes' })
})

t.test('facts of a form that no schema knows are kept, told of and judged as an error', async t => {
  const domain = await openDomain(t)
  const { host, id } = await domain.open('a')
  const { canonicalJson, facetDigest } = await import('../../../proto/canonical.ts')
  const odd = (facts: object): FacetState => {
    const digest = facetDigest('small', 1, 'present', canonicalJson(facts))
    return { ...smallState({}), digest, facts } as FacetState
  }
  const shapes = [
    { rows: 5 },
    { rows: 'text', note: [] },
    { rows: [1, [2], 'x'], gaps: 7 },
    { __proto__: 1, rows: {} },
    {},
  ]
  for (const [index, facts] of shapes.entries()) {
    await domain.commits.submit(host, unit => applyChange(unit, changeOf(index + 1, odd(facts)), domain.apply))
    await domain.judging.idle()
    const { items } = await domain.store.read.results({ hostId: id, check: 'values-small' }, { limit: 1 })
    t.match(items[0], { state: 'error' }, JSON.stringify(facts))
  }
  t.ok((await domain.store.read.drift({ hostId: id, kind: 'fact' }, { limit: 50 })).items.length >= 4)
})
