import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { Result, ResultState } from '../../policy/check.ts'
import { everyHost } from '../../policy/host-selector.ts'
import { applyWaivers, type Waiver, type WaiverContext, waiverNotices } from '../../policy/waivers.ts'

const now = new Date('2026-06-15T12:00:00Z')
const host = { id: '', hostname: 'web-1', labels: { role: 'web' } }
const context: WaiverContext = { host, now, noticeDays: 30, complete: true }

function waiver(id: string, more: Partial<Waiver> = {}): Waiver {
  const mark = { id, reason: 'why', owner: 'ops', ticket: 'T-1', expiresAt: '2027-01-01T00:00:00.000Z' }
  return { ...mark, hosts: everyHost, check: 'bad', ...more }
}
function result(check: string, state: ResultState, more: Partial<Result> = {}): Result {
  return { check, state, reason: '', evidence: [], remediation: '', facets: [], ...more }
}
const marks = (results: readonly Result[], ...waivers: Waiver[]) =>
  applyWaivers(results, waivers, context).results.map(({ waiver }) => waiver?.id ?? '')

t.test('a failure and an error may be waived, and nothing else', async t => {
  const states: readonly ResultState[] = ['fail', 'error', 'pass', 'manual', 'not_applicable']
  const results = states.map(state => result('bad', state))
  t.same(marks(results, waiver('w')), ['w', 'w', '', '', ''])
})

t.test('the result keeps what was found and tells who accepted it until when', async t => {
  const found = result('bad', 'fail', { evidence: ['seen'], remediation: 'Do it.' })
  const { results } = applyWaivers([found], [waiver('w')], context)
  const mark = { id: 'w', reason: 'why', owner: 'ops', ticket: 'T-1', expiresAt: '2027-01-01T00:00:00.000Z' }
  t.same(results, [{ ...found, waiver: mark, validUntil: mark.expiresAt }])
})

t.test('the checks are named by id or glob, the hosts by selector', async t => {
  const results = [result('bad', 'fail'), result('bad-too', 'fail')]
  t.same(marks(results, waiver('w')), ['w', ''])
  t.same(marks(results, waiver('w', { check: 'bad*' })), ['w', 'w'])
  t.same(marks(results, waiver('w', { hosts: { ...everyHost, hostnames: ['db-*'] } })), ['', ''])
  t.same(marks(results, waiver('w', { hosts: { ...everyHost, matchLabels: { role: 'web' } } })), ['w', ''])
})

t.test('a waiver ends at its very moment, and the result is valid until then', async t => {
  const at = (text: string) => applyWaivers([result('bad', 'fail')], [waiver('w')], { ...context, now: new Date(text) })
  const [before] = at('2026-12-31T23:59:59.999Z').results
  t.equal(before?.waiver?.id, 'w')
  t.equal(before?.validUntil, '2027-01-01T00:00:00.000Z')
  const [after] = at('2027-01-01T00:00:00.000Z').results
  t.same(after, result('bad', 'fail'))
})

t.test('what time changes sooner stays the end of the result', async t => {
  const soon = '2026-07-01T00:00:00.000Z'
  const { results } = applyWaivers([result('bad', 'fail', { validUntil: soon })], [waiver('w')], context)
  t.equal(results[0]?.validUntil, soon)
})

t.test('of several waivers the longest counts, and the others are used as well', async t => {
  const short = waiver('short', { expiresAt: '2026-08-01T00:00:00.000Z' })
  const long = waiver('long', { expiresAt: '2027-08-01T00:00:00.000Z' })
  const { results, waivers } = applyWaivers([result('bad', 'fail')], [short, long], context)
  t.equal(results[0]?.waiver?.id, 'long')
  t.same(
    waivers.map(({ id, use }) => `${id} ${use}`),
    ['short used', 'long used'],
  )
})

t.test('waivers that are expired, unused or soon to expire are told', async t => {
  const { waivers } = applyWaivers(
    [result('bad', 'fail'), result('fine', 'pass')],
    [
      waiver('good'),
      waiver('over', { expiresAt: '2026-06-15T12:00:00.000Z' }),
      waiver('over-for-nothing', { check: 'fine', expiresAt: '2026-06-01T00:00:00.000Z' }),
      waiver('idle', { check: 'fine' }),
      waiver('soon', { expiresAt: '2026-07-15T12:00:00.000Z' }),
      waiver('later', { expiresAt: '2026-07-15T12:00:00.001Z' }),
      waiver('elsewhere', { hosts: { ...everyHost, ids: ['other'] } }),
    ],
    context,
  )
  t.same(
    waivers.map(({ id, use, expiresSoon, results }) => [id, use, expiresSoon, results.join()]),
    [
      ['good', 'used', false, 'bad'],
      ['over', 'expired', false, 'bad'],
      ['over-for-nothing', 'expired', false, ''],
      ['idle', 'unused', false, ''],
      ['soon', 'used', true, 'bad'],
      ['later', 'used', false, 'bad'],
    ],
  )
  t.same(waiverNotices(waivers), [
    'waiver over (bad, owner ops) expired at 2026-06-15T12:00:00.000Z, counts again: bad',
    'waiver over-for-nothing (fine, owner ops) expired at 2026-06-01T00:00:00.000Z, and nothing fails: remove it',
    'waiver idle (fine, owner ops) is not used: nothing that it is meant for fails on this host',
    'waiver soon (bad, owner ops) expires at 2026-07-15T12:00:00.000Z',
  ])
})

t.test('a waiver of a check that was not judged is unused only when every check was', async t => {
  const uses = (complete: boolean) =>
    applyWaivers([result('fine', 'pass')], [waiver('w')], { ...context, complete }).waivers.map(({ use }) => use)
  t.same(uses(true), ['unused'])
  t.same(uses(false), [])
})

t.test('a waiver of a check that was judged is told, also when others were not', async t => {
  const { waivers } = applyWaivers([result('bad', 'fail')], [waiver('w')], { ...context, complete: false })
  t.match(waivers, [{ id: 'w', use: 'used' }])
  const expired = waiver('w', { check: '*', expiresAt: '2026-06-01T00:00:00.000Z' })
  t.match(
    waiverNotices(applyWaivers([result('a', 'fail'), result('b', 'error')], [expired], context).waivers),
    [/counts again: a, b$/],
    'every result is named',
  )
})

t.test('any result is waived by the longest of the waivers that are meant for it, or by none', async () => {
  const state = fc.constantFrom<ResultState[]>('pass', 'fail', 'error', 'manual', 'not_applicable')
  const check = fc.constantFrom('a-one', 'a-two', 'b')
  const model = fc.record({
    check: fc.constantFrom('a-one', 'a-*', 'b', '*', 'c'),
    days: fc.integer({ min: -3, max: 60 }),
    elsewhere: fc.boolean(),
  })
  fc.assert(
    fc.property(
      fc.uniqueArray(check),
      fc.array(state, { minLength: 3, maxLength: 3 }),
      fc.array(model),
      (checks, states, models) => {
        const all = models.map((one, index) => {
          const expiresAt = new Date(now.getTime() + one.days * 86_400_000).toISOString()
          return waiver(`w${index}`, {
            check: one.check,
            expiresAt,
            hosts: { ...everyHost, ids: one.elsewhere ? ['other'] : [] },
          })
        })
        const results = checks.map((id, index) => result(id, states[index] ?? 'pass'))
        const applied = applyWaivers(results, all, context)
        const isMeant = (pattern: string, id: string) =>
          pattern === id || pattern === '*' || (pattern === 'a-*' && id.startsWith('a-'))
        for (const [index, { check: id, state }] of results.entries()) {
          const days = models.flatMap(one =>
            !one.elsewhere && one.days > 0 && isMeant(one.check, id) ? [one.days] : [],
          )
          const isOpen = state === 'fail' || state === 'error'
          const end =
            isOpen && days.length > 0
              ? new Date(now.getTime() + Math.max(...days) * 86_400_000).toISOString()
              : undefined
          deepEqual([applied.results[index]?.waiver?.expiresAt, applied.results[index]?.validUntil], [end, end])
        }
        deepEqual(
          applied.waivers.map(({ id, use, expiresSoon }) => [id, use, expiresSoon]),
          models.flatMap((one, index) => {
            if (one.elsewhere) return []
            const used = results.some(
              ({ check: id, state }) => isMeant(one.check, id) && (state === 'fail' || state === 'error'),
            )
            return [[`w${index}`, one.days <= 0 ? 'expired' : used ? 'used' : 'unused', one.days > 0 && one.days <= 30]]
          }),
        )
      },
    ),
  )
})
