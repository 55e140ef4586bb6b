// What flaps, on any store: told at its beginning and its end, whoever writes and whatever restarts meanwhile.
import type { Test } from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { endQuietFlaps } from '../../../collector/domain/keep-flaps.ts'
import { dayMs } from '../../../collector/store/history-units.ts'
import { createFakeClock, type FakeClock } from '../../fake-clock.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, type Domain, type DomainOptions } from '../open-domain.ts'

/** Opens a store on the same database each time it is called with the same test. */
export type OpenShared = (t: Pick<Test, 'teardown' | 'testdir'>) => Promise<(options: DomainOptions) => Promise<Domain>>

const rules = { turns: 4, windowMs: 600_000 }
const noon = Date.UTC(2026, 10, 22, 12)

/** @param isShared whether two collectors may use the database at once */
export function flapSuite(t: Test, openShared: OpenShared, isShared: boolean): void {
  t.test('a row that comes and goes is told when that begins and when it ends, its history each time', async t => {
    const clock = createFakeClock(noon)
    const domain = await (await openShared(t))({ clock, flapping: rules })
    const { host, id } = await domain.open('a')
    await turns(domain, clock, host, 1, 14)
    await rest(domain, clock)
    t.same(await told(domain), [
      'b added',
      'values-small',
      'b removed',
      'values-small',
      'b added',
      'values-small',
      'b removed begins',
      'values-small begins',
      'b removed ends',
      'values-small ends',
    ])
    const { items } = await domain.store.read.drift({}, { limit: 50 })
    const ends = items.filter(({ flapping }) => flapping === 'ends')
    for (const { text, at } of ends) {
      t.match(text, /no longer flapping: 12 changes since 2026-11-22T12:01:00.000Z/)
      t.equal(at, '2026-11-22T12:22:00.000Z', 'ten minutes after it turned last')
    }
    t.match(items.find(({ flapping }) => flapping === 'begins')?.text, /flapping: 4 changes since/)
    t.equal((await domain.store.read.facetHistory(id, 'small', { limit: 50 })).items.length, 13, 'every state is kept')
    t.equal((await domain.store.read.resultHistory(id, 'values-small', { limit: 50 })).items.length, 13)
    const span = { sinceMs: noon, untilMs: noon + dayMs }
    const [sum] = await domain.store.read.turns(span, dayMs)
    t.match(sum, { opened: 2, fixed: 2 }, 'what is not told does not count as fixed again and again')
    await turns(domain, clock, host, 14, 16)
    t.same(
      (await told(domain)).slice(-4),
      ['b added', 'values-small', 'b removed', 'values-small'],
      'it is told as before',
    )
  })

  t.test('another collector goes on where one ended', async t => {
    const clock = createFakeClock(noon)
    const open = await openShared(t)
    const first = await open({ clock, flapping: rules })
    const { host } = await first.open('a')
    await turns(first, clock, host, 1, 7)
    await first.close()
    const second = await open({ clock, flapping: rules })
    await turns(second, clock, host, 7, 14)
    await rest(second, clock)
    const rows = (await told(second)).filter(row => row.startsWith('b'))
    t.same(rows, ['b added', 'b removed', 'b added', 'b removed begins', 'b removed ends'])
  })

  t.test('what it never was before is told though it flaps', async t => {
    const clock = createFakeClock(noon)
    const domain = await (await openShared(t))({ clock, flapping: rules })
    const { host } = await domain.open('a')
    await turns(domain, clock, host, 1, 10)
    await deliver(domain, clock, host, 10, { a: 1, b: 99 })
    await deliver(domain, clock, host, 11, { a: 1 })
    const { items } = await domain.store.read.drift({ kind: 'fact' }, { limit: 50 })
    t.match(items[0]?.after, { name: 'b', value: 99 })
    t.equal(items.length, 5, 'four, and the one that was new')
  })

  t.test('changes that never come back to what was before do not flap', async t => {
    const clock = createFakeClock(noon)
    const domain = await (await openShared(t))({ clock, flapping: rules })
    const { host } = await domain.open('a')
    for (let sequence = 1; sequence <= 10; sequence++)
      await deliver(domain, clock, host, sequence, { a: 100 + sequence })
    t.equal((await domain.store.read.drift({ kind: 'fact' }, { limit: 50 })).items.length, 9)
  })

  t.test('two that look at once tell the end once', async t => {
    const clock = createFakeClock(noon)
    const open = await openShared(t)
    const domain = await open({ clock, flapping: rules })
    const { host } = await domain.open('a')
    await turns(domain, clock, host, 1, 10)
    await clock.advance(rules.windowMs)
    const other = isShared ? await open({ clock, flapping: rules }) : domain
    await Promise.all([end(domain, clock), end(other, clock)])
    t.same((await told(domain)).filter(row => row === 'b removed ends').length, 1)
  })
}

/** Row b comes and goes, once a minute; with it the check of small values fails and passes. */
async function turns(domain: Domain, clock: FakeClock, host: number, from: number, before: number): Promise<void> {
  for (let sequence = from; sequence < before; sequence++) {
    await deliver(domain, clock, host, sequence, sequence % 2 === 0 ? { a: 1, b: 20 } : { a: 1 })
  }
}

async function deliver(
  domain: Domain,
  clock: FakeClock,
  host: number,
  sequence: number,
  rows: Readonly<Record<string, number>>,
): Promise<void> {
  const change = changeOf(sequence, smallState(rows), { observedAtMs: clock.now() })
  await domain.commits.submit(host, unit => applyChange(unit, change, domain.apply))
  await domain.judging.idle()
  await clock.advance(60_000)
}

const end = (domain: Domain, clock: FakeClock) =>
  endQuietFlaps({ read: domain.store.read, submit: domain.commits.submit, rules, clock })

/** Looks too early, and again when it is time. */
async function rest(domain: Domain, clock: FakeClock): Promise<void> {
  await end(domain, clock)
  await clock.advance(rules.windowMs)
  await end(domain, clock)
}

/** Oldest first. */
async function told({ store }: Domain): Promise<readonly string[]> {
  const { items } = await store.read.drift({}, { limit: 100 })
  return items
    .map(({ kind, subject, change, flapping }) =>
      [kind === 'fact' ? `b ${change}` : subject, ...(flapping ? [flapping] : [])].join(' '),
    )
    .reverse()
}
