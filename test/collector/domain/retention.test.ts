// What is kept, and what goes: by age, round by round, while hosts write.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { pruneOnce, type RetentionRules } from '../../../collector/domain/retention.ts'
import { RetentionSchema, retentionRules } from '../../../collector/retention-config.ts'
import { checkStore } from '../../../collector/store/look-after.ts'
import { emptyTally } from '../../../collector/store/tally.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { silentLog } from '../../../runtime/log.ts'
import { smallState } from '../../small-facet.ts'
import { changeOf, openDomain } from '../open-domain.ts'

const day = 86_400_000
const forever: RetentionRules = retentionRules(
  RetentionSchema.parse(
    Object.fromEntries(
      ['history', 'drift', 'results', 'gaps', 'trends', 'retiredHosts', 'enrollments'].map(key => [key, 'forever']),
    ),
  ),
)

t.test('the rules say what a person wrote', async t => {
  t.match(retentionRules(RetentionSchema.parse(undefined)), {
    history: 90 * day,
    drift: 365 * day,
    credentials: 365 * day,
  })
  t.match(retentionRules(RetentionSchema.parse({ history: '36h', drift: 'forever' })), { history: 1.5 * day, drift: 0 })
  t.throws(() => RetentionSchema.parse({ history: '0d' }), /expected hours or days/)
  t.throws(() => RetentionSchema.parse({ histroy: '1d' }))
})

t.test('while hosts write, old states and their bodies go, and nothing that is acknowledged', async t => {
  const domain = await openDomain(t)
  const { store, commits, apply, path } = domain
  const { host, id } = await domain.open('a')
  const write = (sequence: number) =>
    commits.submit(host, unit => applyChange(unit, changeOf(sequence, smallState({ a: sequence })), apply))
  for (let sequence = 1; sequence <= 250; sequence++) await write(sequence)
  const pruned = new Map<string, number>()
  const options = {
    ...{ store, clock: { ...systemClock, now: () => systemClock.now() + 1_000 }, log: silentLog },
    onPruned: (kind: string, rows: number) => void pruned.set(kind, (pruned.get(kind) ?? 0) + rows),
  }
  const { signal } = new AbortController()
  await pruneOnce({ ...options, rules: forever }, 0, signal)
  t.same([...pruned], [], 'forever is forever')
  const bodies = await store.upkeep.newestBody()
  const pruning = pruneOnce({ ...options, rules: { ...forever, history: 1 } }, bodies, signal)
  for (let sequence = 251; sequence <= 300; sequence++) await write(sequence)
  await pruning
  t.ok((pruned.get('history') ?? 0) >= 249, `${pruned.get('history')} states`)
  t.ok((pruned.get('bodies') ?? 0) >= 249, `${pruned.get('bodies')} bodies`)
  t.equal((await store.read.facet(id, 'small'))?.current.digest, smallState({ a: 300 }).digest)
  t.same((await checkStore({ kind: 'sqlite', path })).problems, [])
})

t.test('sums of hours and days, and what rests, go by their own rules', async t => {
  const { store, open } = await openDomain(t)
  const { host } = await open('a')
  const counts = { pass: 1, fail: 0, manual: 0, not_applicable: 0, error: 0 }
  const hosts = { total: 1, new: 0, online: 0, offline: 1, missing: 0, retired: 0 }
  const [{ check } = { check: '' }] = await store.read.checks()
  const nowMs = systemClock.now()
  for (const days of [0, 5, 10]) {
    const atMs = nowMs - days * day
    await store.write(async transaction => {
      await transaction.putPosture({ takenAtMs: atMs, results: emptyTally, hosts }, [{ check, counts, waived: 0 }])
      const turn = { check, severity: 'high', atMs, stoodMs: days * 1_000 } as const
      await transaction.countTurns([
        { ...turn, kind: 'fixed' },
        { ...turn, kind: 'opened' },
      ])
      const item = { turns: 1, latest: '{}', seen: [[atMs, 's']] } as const
      await transaction.putDriftItems(host, [
        { ...item, item: `rests-${days}`, beganAtMs: 0 },
        { ...item, item: `flaps-${days}`, beganAtMs: atMs },
      ])
    })
  }
  const span = { sinceMs: nowMs - 20 * day, untilMs: nowMs + day }
  const known = async () => ({
    postures: (await store.read.postures(span, day)).length,
    turns: (await store.read.turns(span, day)).length,
    days: (await store.read.checkDays(check, span)).length,
    fixes: (await store.read.fixes(span, 'fleet')).reduce((sum, { failures }) => sum + failures, 0),
  })
  t.same(await known(), { postures: 3, turns: 3, days: 3, fixes: 3 })
  const week = { postures: 7 * day, turns: 7 * day, checkDays: 7 * day, fixes: 7 * day, driftItems: 7 * day }
  const options = { store, clock: systemClock, log: silentLog, onPruned: () => undefined }
  await pruneOnce({ ...options, rules: { ...forever, ...week } }, 0, new AbortController().signal)
  t.same(await known(), { postures: 2, turns: 2, days: 2, fixes: 2 })
  const items = ['rests-0', 'rests-5', 'rests-10', 'flaps-10']
  const left = await store.write(transaction => transaction.driftItems(host, items))
  t.same(
    left.map(({ item }) => item).sort(),
    ['flaps-10', 'rests-0', 'rests-5'],
    'what flaps is told to have ended first',
  )
})
