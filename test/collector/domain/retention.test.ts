// What is kept, and what goes: by age, round by round, while hosts write.
import t from 'tap'
import { applyChange } from '../../../collector/domain/apply-change.ts'
import { pruneOnce, type RetentionRules } from '../../../collector/domain/retention.ts'
import { RetentionSchema, retentionRules } from '../../../collector/retention-config.ts'
import { checkStore } from '../../../collector/store/look-after.ts'
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
