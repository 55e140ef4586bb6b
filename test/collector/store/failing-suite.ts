// Findings by their age, on any store: each once and in order, whatever the page, the filter and the scope.
import type { Test } from 'tap'
import type { FailingFilter } from '../../../collector/store/history.ts'
import type { ResultRecord } from '../../../collector/store/records.ts'
import type { Domain } from '../open-domain.ts'
import type { OpenDomain } from './store-suite.ts'

const hosts = 60

export function failingSuite(t: Test, open: OpenDomain): void {
  t.test('findings by age', async t => {
    const domain = await open(t)
    const { store } = domain
    const checks = ['values-small', 'note-empty', 'look-yourself'] as const
    const severities = ['high', 'low', 'critical'] as const
    const wanted: {
      readonly host: string
      readonly check: string
      readonly severity: string
      readonly sinceMs: number
      readonly role: string
    }[] = []
    for (let index = 0; index < hosts; index++) {
      const role = index === 3 ? 'db' : 'web'
      const opening = { hostKey: `k${index}`, hostname: `n${index}`, machineId: '', bootId: '', agentVersion: '1' }
      await store.write(async transaction => {
        const opened = await transaction.openHost({
          ...opening,
          labels: { role },
          outboxId: 'o',
          skewMs: 0,
          atMs: 5_000,
        })
        const results = checks.map((check, column) => {
          const sinceMs = 1 + ((index * 7 + column * 3) % 11)
          const severity = severities[column] ?? 'low'
          const fails = (index + column) % 3 > 0
          if (fails) wanted.push({ host: opened.id, check, severity, sinceMs, role })
          const state = fails ? ('fail' as const) : ('error' as const)
          return {
            check,
            state,
            severity,
            detail: '',
            sinceMs: 100,
            failingSinceMs: sinceMs,
            validUntilMs: 0,
            waiver: '',
          }
        })
        await transaction.putResults(opened.host, results, 1)
        const ended = {
          check: 'values-small',
          state: 'fail',
          severity: 'high',
          detail: '',
          sinceMs: 0,
          untilMs: 1,
        } as const
        if (index === 1) await transaction.putEndedResults(opened.host, [ended], 1)
      })
    }
    const keys = (found: readonly ResultRecord[]) => found.map(({ hostId, check }) => `${hostId} ${check}`)
    for (const sort of ['oldest', 'newest'] as const) {
      const cases: readonly [FailingFilter, (row: (typeof wanted)[number]) => boolean][] = [
        [{ sort }, () => true],
        [{ sort, severity: 'high' }, row => row.severity === 'high'],
        [{ sort, check: 'note-empty' }, row => row.check === 'note-empty'],
        [{ sort, hostId: wanted[5]?.host ?? '' }, row => row.host === wanted[5]?.host],
        [{ sort, scope: { role: 'db' } }, row => row.role === 'db'],
        [{ sort, scope: { role: 'web' } }, row => row.role === 'web'],
        [{ sort, scope: { role: 'none' } }, () => false],
        [
          { sort, scope: { role: 'db' }, check: 'values-small' },
          row => row.role === 'db' && row.check === 'values-small',
        ],
        [
          { sort, hostId: wanted[5]?.host ?? '', scope: { role: 'db' } },
          row => row.host === wanted[5]?.host && row.role === 'db',
        ],
        [{ sort, failingFromMs: 4 }, row => row.sinceMs >= 4],
        [
          { sort, failingFromMs: 4, failingBeforeMs: 7, severity: 'low' },
          row => row.sinceMs >= 4 && row.sinceMs < 7 && row.severity === 'low',
        ],
        [{ sort, waived: true }, () => false],
      ]
      for (const [filter, isWanted] of cases) {
        const name = JSON.stringify(filter)
        const found = await everyPage(domain, filter)
        const expected = wanted.filter(isWanted)
        t.same(keys(found).sort(), expected.map(({ host, check }) => `${host} ${check}`).sort(), name)
        const times = found.map(({ failingSince }) => Date.parse(failingSince ?? ''))
        t.same(
          times,
          times.toSorted((a, b) => (sort === 'oldest' ? a - b : b - a)),
          `${name}: in order`,
        )
      }
    }
    const [first] = (await store.read.failing({ sort: 'oldest', hostId: wanted[2]?.host ?? '' }, { limit: 9 })).items
    t.match(first, { lastSeen: '1970-01-01T00:00:05.000Z', since: '1970-01-01T00:00:00.100Z' })
    const again = (await store.read.results({ severity: 'high', state: 'fail' }, { limit: 100 })).items
    t.equal(again.filter(({ firstSeen }) => firstSeen === '1970-01-01T00:00:00.000Z').length, 1, 'it failed before')
    const unknown = (await store.read.results({ state: 'error' }, { limit: 1 })).items
    t.match(unknown, [{ failingSince: String }], 'it fails until it is known to be gone')
    t.equal(unknown[0]?.firstSeen, undefined)
    await t.rejects(store.read.failing({ sort: 'newest' }, { limit: 1, cursor: 'x' }), /not a cursor/)
  })
}

async function everyPage({ store }: Domain, filter: FailingFilter): Promise<readonly ResultRecord[]> {
  const found: ResultRecord[] = []
  for (let cursor: { readonly cursor?: string } | undefined = {}; cursor; ) {
    const page = await store.read.failing(filter, { limit: 7, ...cursor })
    found.push(...page.items)
    cursor = page.nextCursor === undefined ? undefined : { cursor: page.nextCursor }
  }
  return found
}
