// Nothing is acknowledged before it is on disk, and a failure stays with whom it belongs to.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { createGroupCommit } from '../../../collector/ingest/group-commit.ts'
import type { Store } from '../../../collector/store/store.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'

t.test('work resolves after the commit, and not when the commit fails', async t => {
  const domain = await openDomain(t)
  const { host } = await domain.open('a')
  const events: string[] = []
  const store: Store = {
    ...domain.store,
    write: async work => {
      const result = await domain.store.write(work)
      events.push('committed')
      if (events.filter(event => event === 'committed').length === 1) return result
      throw new Error('the disk is gone')
    },
  }
  const commits = createGroupCommit({
    ...{ store, readsObservations: () => true, clock: systemClock, delayMs: 0, maxBatch: 10, budgetMs: 100 },
    onCommit: ({ items }) => events.push(`told of ${items}`),
  })
  const work = (name: string) =>
    commits.submit(host, async () => events.push(name)).then(() => events.push(`${name} done`))
  await Promise.all([work('one'), work('two')])
  t.same(events.slice(0, 3), ['one', 'two', 'committed'])
  t.same(events.slice(3).sort(), ['one done', 'told of 2', 'two done'])
  await t.rejects(work('three'), /the disk is gone/)
  t.notOk(events.includes('three done'))
})

t.test('many hosts share a transaction', async t => {
  const domain = await openDomain(t)
  const hosts = await Promise.all(Array.from({ length: 20 }, (_, index) => domain.open(`h${index}`)))
  const sizes: number[] = []
  const commits = createGroupCommit({
    ...{
      store: domain.store,
      readsObservations: () => true,
      clock: systemClock,
      delayMs: 1,
      maxBatch: 8,
      budgetMs: 1_000,
    },
    onCommit: ({ items }) => sizes.push(items),
  })
  await Promise.all(hosts.map(({ host }) => commits.submit(host, async () => host)))
  await commits.drained()
  t.same(sizes, [8, 8, 4])
  t.equal(commits.waiting, 0)
})

t.test('a failure takes what follows it for the same host with it, and nobody else', async t => {
  const domain = await openDomain(t)
  const [a, b] = [await domain.open('a'), await domain.open('b')]
  const apply = (host: number, sequence: number, value: number) =>
    domain.commits.submit(host, unit => applyChange(unit, changeOf(sequence, smallState({ value })), domain.apply))
  const outcomes = await Promise.allSettled([
    apply(a.host, 1, 1),
    apply(b.host, 1, 1),
    domain.commits.submit(a.host, async () => {
      throw new Error('broken')
    }),
    apply(a.host, 3, 3),
    apply(b.host, 2, 2),
  ])
  t.same(
    outcomes.map(outcome => outcome.status),
    ['fulfilled', 'fulfilled', 'rejected', 'rejected', 'fulfilled'],
  )
  const applied = (host: number) => domain.store.write(transaction => transaction.appliedSequence(host, 'o'))
  t.equal(await applied(a.host), 1, 'no acknowledgement can jump over the failure')
  t.equal(await applied(b.host), 2)
})

t.test('a transaction that takes long lets others in between', async t => {
  const domain = await openDomain(t)
  const hosts = await Promise.all(Array.from({ length: 4 }, (_, index) => domain.open(`h${index}`)))
  const sizes: number[] = []
  let time = 0
  const clock = { ...systemClock, monotonic: () => time }
  const commits = createGroupCommit({
    ...{ store: domain.store, readsObservations: () => true, clock, delayMs: 0, maxBatch: 100, budgetMs: 25 },
    onCommit: ({ items }) => sizes.push(items),
  })
  await Promise.all(
    hosts.map(({ host }) =>
      commits.submit(host, async () => {
        time += 20
      }),
    ),
  )
  await commits.drained()
  t.same(sizes, [2, 2])
})

t.test('a host that is not in the store is an error of its own', async t => {
  const domain = await openDomain(t)
  const { host } = await domain.open('a')
  const [good, bad] = await Promise.allSettled([
    domain.commits.submit(host, async () => 'fine'),
    domain.commits.submit(4711, async () => 'never'),
  ])
  t.match(good, { value: 'fine' })
  t.match(bad, { reason: { message: 'host 4711 is not in the store' } })
})
