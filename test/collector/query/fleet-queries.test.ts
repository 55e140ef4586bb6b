// Questions to the fleet: pages and a summary, processes that serve again, and those that are ended.
import t from 'tap'
import type { FactRow, FactSummary } from '../../../collector/query/fact-rows.ts'
import { createFleetQueries } from '../../../collector/query/fleet-queries.ts'
import type { QueryProcess } from '../../../collector/query/query-process.ts'
import type { ProgramAnswer } from '../../../runtime/line-process.ts'
import { createFakeClock } from '../../fake-clock.ts'

const clock = createFakeClock()
const request = { expression: 'true', scope: {}, nowMs: 0, all: false }
const never = new AbortController().signal
const row: FactRow = { hostId: 'h', hostname: 'h', value: true }
const summary: FactSummary = { hosts: 1, matched: 1, unknown: 0 }
const answer = (value: unknown): ProgramAnswer => ({ state: 'answer', value })

/** Processes that give these answers to one question after another. */
function scripted(...questions: readonly (readonly ProgramAnswer[])[]) {
  const asked: unknown[] = []
  const ended: number[] = []
  let started = 0
  const left = [...questions]
  const start = (): QueryProcess => {
    const number = started++
    const answers: ProgramAnswer[] = [answer({ ready: true })]
    return {
      ask(value) {
        asked.push(value)
        answers.push(...(left.shift() ?? []))
      },
      next: async () => answers.shift() ?? { state: 'late' },
      end: () => void ended.push(number),
    }
  }
  return { start, asked, ended, started: () => started }
}

async function all(asking: AsyncGenerator<readonly FactRow[] | FactSummary>) {
  const found: (readonly FactRow[] | FactSummary)[] = []
  for await (const one of asking) found.push(one)
  return found
}

t.test('rows come before the summary, and a sound process is asked again', async t => {
  const whole = [answer({ rows: [row] }), answer({ rows: [] }), answer({ summary })]
  const { start, asked, ended, started } = scripted(whole, whole)
  const queries = createFleetQueries(start, 'where', clock)
  t.same(await all(queries.ask(request, never)), [[row], [], summary])
  t.same(await all(queries.ask(request, never)), [[row], [], summary])
  t.same(asked, [
    { ...request, location: 'where' },
    { ...request, location: 'where' },
  ])
  t.equal(started(), 1)
  queries.close()
  t.same(ended, [0])
})

t.test('a process that is late or gone is ended, and the next question has another one', async t => {
  const { start, ended, started } = scripted(
    [answer({ rows: [row] })],
    [{ state: 'ended', detail: 'killed by SIGABRT' }],
    [answer({ mistake: 'unknown variable' })],
    [answer({ error: 'no database' })],
    [answer({ summary })],
  )
  const queries = createFleetQueries(start, '', clock)
  const late = queries.ask(request, never)
  t.same((await late.next()).value, [row])
  await t.rejects(late.next(), { name: 'QueryFailed', message: /no answer within 2000 ms/ })
  await t.rejects(all(queries.ask(request, never)), {
    name: 'QueryFailed',
    message: /want of memory \(killed by SIGABRT\)/,
  })
  await t.rejects(all(queries.ask(request, never)), { name: 'QueryMistake', message: 'unknown variable' })
  await t.rejects(all(queries.ask(request, never)), { name: 'QueryFailed', message: 'no database' })
  t.same(await all(queries.ask(request, never)), [summary])
  t.same(ended, [0, 1])
  t.equal(started(), 3, 'what answered serves again, whatever it answered')
})

t.test('two are asked at once, and who leaves makes room', async t => {
  const page = [answer({ rows: [row] })]
  const { start, ended } = scripted(page, page, [answer({ summary })])
  const queries = createFleetQueries(start, '', clock)
  const [one, two] = [queries.ask(request, never), queries.ask(request, never)]
  await Promise.all([one.next(), two.next()])
  await t.rejects(queries.ask(request, never).next(), { name: 'TooManyQueries' })
  await one.return(undefined)
  t.same(ended, [0], 'its process would still answer the question that nobody asks any more')
  t.same(await all(queries.ask(request, never)), [summary])
  await two.return(undefined)
})

const report = {
  ...{ facet: 'ports', hosts: 3, unknown: 0, states: 2, alike: 2, text: '2 of 3', found: 0, items: [] },
}
const question = { outliersOf: 'ports', scope: {}, limit: 5 }

t.test('outliers are one answer, after signs that it goes on', async t => {
  const { start, asked, ended } = scripted(
    [answer({ working: true }), answer({ working: true }), answer({ outliers: report })],
    [answer({ mistake: 'there is no facet tea' })],
    [answer({ working: true })],
  )
  const queries = createFleetQueries(start, 'where', clock)
  const at = new Date(clock.now()).toISOString()
  t.same(await queries.outliers(question, never), { ...report, at })
  t.same(asked, [{ ...question, location: 'where' }])
  const other = { ...question, scope: { role: 'web' } }
  await t.rejects(queries.outliers(other, never), { name: 'QueryMistake' })
  await t.rejects(queries.outliers(other, never), { name: 'QueryFailed', message: /no answer within/ })
  t.same(ended, [0])
})

t.test('a process that nobody asks for some minutes is ended, and the next question has another one', async t => {
  const whole = [answer({ rows: [] }), answer({ summary })]
  const { start, ended, started } = scripted(whole, whole, whole, [answer({ outliers: report })])
  const queries = createFleetQueries(start, '', clock)
  await all(queries.ask(request, never))
  await clock.advance(4 * 60_000)
  await all(queries.ask(request, never))
  await clock.advance(4 * 60_000)
  t.same([ended, started()], [[], 1], 'it was asked in between')
  await clock.advance(60_000)
  t.same(ended, [0])
  await all(queries.ask(request, never))
  await queries.outliers(question, never)
  t.equal(started(), 3, 'outliers have a process of their own, which remembers what it compared')
  queries.close()
  await clock.advance(9 * 60_000)
  t.same(ended.toSorted(), [0, 1, 2], 'each is ended once')
})

t.test('a large fleet has a process at hand, however long nobody asks', async t => {
  const whole = [answer({ rows: [] }), answer({ summary })]
  const { start, ended, started } = scripted(whole, whole)
  const queries = createFleetQueries(start, '', clock)
  queries.prepare(999)
  t.equal(started(), 0)
  queries.prepare(1_000)
  queries.prepare(1_000)
  t.equal(started(), 1)
  await clock.advance(60 * 60_000)
  await all(queries.ask(request, never))
  await clock.advance(60 * 60_000)
  queries.prepare(1_000)
  t.same([ended, started()], [[], 1])
  queries.prepare(999)
  await clock.advance(5 * 60_000)
  t.same(ended, [0], 'a fleet that shrank does without')
  t.same(await all(queries.ask(request, never)), [[], summary])
  queries.close()
  queries.prepare(0)
  t.same([ended, started()], [[0, 1], 2])
})

t.test('of two processes one stays at hand', async t => {
  const page = [answer({ rows: [row] }), answer({ summary })]
  const { start, ended, started } = scripted(page, page)
  const queries = createFleetQueries(start, '', clock)
  queries.prepare(1_000)
  const asked = [queries.ask(request, never), queries.ask(request, never)]
  await Promise.all(asked.map(asking => asking.next()))
  for (const asking of asked) await all(asking)
  t.equal(started(), 2)
  await clock.advance(15 * 60_000)
  t.equal(ended.length, 1)
  queries.close()
  t.equal(ended.length, 2)
})

t.test('a process that does not start is not started again and again', async t => {
  let started = 0
  let starts = false
  const ended: string[] = []
  const start = (): QueryProcess => {
    started++
    const answers = starts ? [answer({ ready: true }), answer({ summary })] : []
    return {
      ask: () => undefined,
      next: async () => answers.shift() ?? { state: 'ended', detail: 'no such program' },
      end: () => void ended.push('ended'),
    }
  }
  const queries = createFleetQueries(start, '', clock)
  const prepare = async () => {
    queries.prepare(1_000)
    await new Promise(setImmediate)
  }
  await prepare()
  await prepare()
  t.same([started, ended], [1, ['ended']])
  await t.rejects(all(queries.ask(request, never)), { name: 'QueryFailed', message: /no such program/ })
  starts = true
  t.same(await all(queries.ask(request, never)), [summary], 'but for each question')
  queries.close()
})
