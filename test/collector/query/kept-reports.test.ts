// Reports that many ask for: made once for all, told again for a while, and made anew behind the back of who asks.
import t from 'tap'
import { keepReports } from '../../../collector/query/kept-reports.ts'
import type { OutlierReport } from '../../../collector/query/outlier-report.ts'
import type { OutlierRequest } from '../../../collector/query/query-messages.ts'
import { createFakeClock } from '../../fake-clock.ts'

const never = new AbortController().signal
const request: OutlierRequest = { outliersOf: 'ports', scope: { a: '1', b: '2' }, limit: 5 }
const reportOf = (hosts: number): OutlierReport => ({
  ...{ facet: 'ports', hosts, unknown: 0, states: 1, alike: hosts, text: '', found: 0, items: [] },
})

/** Reports that end when they are told to; each tells how many were asked for before it. */
function kept() {
  const clock = createFakeClock()
  const asked: { readonly request: OutlierRequest; readonly end: (error?: Error) => void }[] = []
  const make = (request: OutlierRequest) => {
    const { promise, resolve, reject } = Promise.withResolvers<OutlierReport>()
    const number = asked.length
    asked.push({ request, end: error => (error ? reject(error) : resolve(reportOf(number))) })
    return promise
  }
  return { clock, asked, ask: keepReports(make, clock) }
}

const turn = () => new Promise(setImmediate)

t.test('who asks at once waits for one report, and who asks soon is told the same', async t => {
  const { clock, asked, ask } = kept()
  const both = Promise.all([ask(request, never), ask({ ...request, scope: { b: '2', a: '1' } }, never)])
  await turn()
  t.equal(asked.length, 1)
  asked[0]?.end()
  const [one, other] = await both
  t.same(one, { ...reportOf(0), at: new Date(clock.now()).toISOString() })
  t.equal(one, other)
  await clock.advance(2_000)
  t.equal(await ask(request, never), one)
  t.equal(asked.length, 1)
})

t.test('an older one is told while the next is made, and one that is too old is not', async t => {
  const { clock, asked, ask } = kept()
  const first = ask(request, never)
  await turn()
  asked[0]?.end()
  await first
  await clock.advance(5_000)
  t.equal((await ask(request, never)).hosts, 0)
  await turn()
  t.equal(asked.length, 2)
  asked[1]?.end()
  await turn()
  t.equal((await ask(request, never)).hosts, 1)
  await clock.advance(16_000)
  const late = ask(request, never)
  await turn()
  asked[2]?.end()
  t.equal((await late).hosts, 2)
})

t.test('what fails is told to who waits, and asked again by the next', async t => {
  const { asked, ask } = kept()
  const failing = ask(request, never)
  await turn()
  asked[0]?.end(new Error('no database'))
  await t.rejects(failing, /no database/)
  const next = ask(request, never)
  await turn()
  asked[1]?.end()
  t.equal((await next).hosts, 1)
})

t.test('scopes, cohorts, facets and limits are questions of their own, one after another and not too many', async t => {
  const { asked, ask } = kept()
  const others = [{ scope: {} }, { cohort: 'web' }, { outliersOf: 'users' }, { limit: 6 }]
  const all = others.map(other => ask({ ...request, ...other }, never))
  for (let done = 0; done < others.length; done++) {
    await turn()
    t.equal(asked.length, done + 1, 'one at a time')
    asked[done]?.end()
    await turn()
  }
  t.same(
    (await Promise.all(all)).map(({ hosts }) => hosts),
    [0, 1, 2, 3],
  )
  const many = Array.from({ length: 33 }, (_, limit) => ask({ ...request, limit: limit + 100 }, never))
  await t.rejects(Promise.all(many.slice(32)), { name: 'TooManyQueries' })
  t.equal(asked.length, 5)
})

t.test('who leaves is let go, and the report is made all the same', async t => {
  const { asked, ask } = kept()
  const gone = new AbortController()
  const left = ask(request, gone.signal)
  await turn()
  gone.abort()
  await t.rejects(left, { name: 'QueryFailed' })
  asked[0]?.end()
  await turn()
  t.equal((await ask(request, never)).hosts, 0)
  t.equal(asked.length, 1)
})
