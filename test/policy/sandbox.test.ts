// How answers of a sandbox become results, whatever the sandbox does.
import t from 'tap'
import type { Result } from '../../policy/check.ts'
import {
  judgeInSandbox,
  keepSandbox,
  type Sandbox,
  type SandboxAnswer,
  type SandboxRequest,
  sandboxLimits,
  sandboxReady,
} from '../../policy/sandbox.ts'

const passed = (check: string): Result => {
  return { check, state: 'pass', reason: '', evidence: [], remediation: '', facets: [] }
}
const request = (...checks: string[]): SandboxRequest => {
  return { catalog: { checks: [], profiles: [] }, facets: [], nowMs: 0, checks, profiles: [] }
}
const late: SandboxAnswer = { state: 'late' }
const ended: SandboxAnswer = { state: 'ended', detail: 'killed by SIGABRT' }
const ready: SandboxAnswer = { state: 'answer', value: sandboxReady }

/** Each answers ready, then what the test says of each check it is asked for. */
function sandboxes(answerOf: (check: string) => SandboxAnswer, first: SandboxAnswer = ready) {
  const seen = { asked: [] as (readonly string[])[], started: 0, ended: 0 }
  const start = (): Sandbox => {
    seen.started++
    const answers: SandboxAnswer[] = []
    return {
      ask({ checks }) {
        seen.asked.push(checks)
        answers.push(first, ...checks.map(answerOf))
      },
      next: async () => answers.shift() ?? late,
      end: () => {
        seen.ended++
      },
    }
  }
  return { start, seen }
}
const fine = (check: string): SandboxAnswer => ({ state: 'answer', value: passed(check) })
const but = (bad: Readonly<Record<string, SandboxAnswer>>) => (check: string) => bad[check] ?? fine(check)

t.test('results come in order from one sandbox, which is then ended', async t => {
  const { start, seen } = sandboxes(fine)
  t.same(await judgeInSandbox(request('a', 'b'), start), { results: [passed('a'), passed('b')], stopped: [] })
  t.same(seen, { asked: [['a', 'b']], started: 1, ended: 1 })
})

t.test(
  'a check that is late, ends the sandbox or answers nonsense is an error, and the rest is judged anew',
  async t => {
    const { start, seen } = sandboxes(but({ b: late, c: ended, d: { state: 'answer', value: passed('x') } }))
    const { results, stopped } = await judgeInSandbox(request('a', 'b', 'c', 'd', 'e'), start)
    t.same(
      results.map(({ check, state, reason }) => `${check} ${state} ${reason}`.trim()),
      [
        'a pass',
        'b error the check was stopped: no result within 2000 ms',
        'c error the check was stopped: what judged it ended, most likely for want of memory (killed by SIGABRT)',
        'd error the check was stopped: its result cannot be read',
        'e pass',
      ],
    )
    t.same(stopped, ['b', 'c', 'd'])
    t.same(seen.asked, [['a', 'b', 'c', 'd', 'e'], ['c', 'd', 'e'], ['d', 'e'], ['e']])
    t.equal(seen.ended, seen.started)
  },
)

t.test('a sandbox that does not get ready is not tried again', async t => {
  const { start, seen } = sandboxes(fine, ended)
  const { results, stopped } = await judgeInSandbox(request('a', 'b'), start)
  t.same(
    results.map(({ state, reason }) => `${state}: ${reason}`),
    Array.from({ length: 2 }, () => {
      return 'error: not judged: what judges the checks of this site did not start: killed by SIGABRT'
    }),
  )
  t.same(stopped, [])
  t.equal(seen.started, 1)
})

t.test('there is an end to stopping', async t => {
  const { start, seen } = sandboxes(() => late)
  const limits = { ...sandboxLimits, stoppedChecks: 2 }
  const { results, stopped } = await judgeInSandbox(request('a', 'b', 'c', 'd'), start, limits)
  t.same(stopped, ['a', 'b'])
  t.equal(results.length, 4)
  t.match(results[3]?.reason, /^not judged: 2 checks of this site had to be stopped/)
  t.equal(seen.started, 2)
})

t.test('a kept sandbox serves until it fails or is ended', async t => {
  const { start, seen } = sandboxes(but({ bad: late }))
  const kept = keepSandbox(start)
  await judgeInSandbox(request('a'), kept.start)
  await judgeInSandbox(request('b'), kept.start)
  t.same([seen.started, seen.ended], [1, 0])
  await judgeInSandbox(request('bad', 'c'), kept.start)
  t.same([seen.started, seen.ended], [2, 1])
  kept.end()
  kept.end()
  t.same([seen.started, seen.ended], [2, 2])
})
