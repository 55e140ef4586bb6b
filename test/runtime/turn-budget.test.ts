// Pieces of work of several callers: none holds the event loop up for longer than its share and its last piece.
import t from 'tap'
import { createTurnBudget } from '../../runtime/turn-budget.ts'

/** A clock that only work moves. */
function workClock() {
  let ms = 0
  return { clock: { monotonic: () => ms }, work: (took: number) => (ms += took) }
}

/** Does pieces of work one after another. */
async function pieces(count: number, room: () => Promise<void> | undefined, piece: () => void): Promise<void> {
  for (let done = 0; done < count; done++) {
    const later = room()
    if (later) await later
    piece()
  }
}

t.test('a turn takes work until its time is over, the others wait for the next', async t => {
  const { clock, work } = workClock()
  const budget = createTurnBudget(clock, 5)
  const perTurn: number[] = [0]
  let turning = true
  const turn = () => {
    perTurn.push(0)
    if (turning) setImmediate(turn)
  }
  setImmediate(turn)
  const piece = () => {
    work(1)
    perTurn[perTurn.length - 1] = (perTurn.at(-1) ?? 0) + 1
  }
  await Promise.all(Array.from({ length: 7 }, () => pieces(6, budget.room, piece)))
  turning = false
  t.equal(
    perTurn.reduce((sum, count) => sum + count, 0),
    42,
    'all of it is done',
  )
  t.ok(Math.max(...perTurn) <= 5, `${perTurn.join(' ')}: at most five in a turn`)
})

t.test('who asked first goes on first', async t => {
  const { clock, work } = workClock()
  const budget = createTurnBudget(clock, 1)
  const order: string[] = []
  const one = async (name: string) => {
    await budget.room()
    work(1)
    order.push(name)
  }
  await Promise.all(['a', 'b', 'c', 'd'].map(one))
  t.same(order, ['a', 'b', 'c', 'd'])
})

t.test('work without asking counts, and a turn that is left alone begins anew', async t => {
  const { clock, work } = workClock()
  const budget = createTurnBudget(clock, 5)
  t.equal(budget.room(), undefined)
  work(5)
  const later = budget.room()
  t.not(later, undefined)
  await later
  budget.begin()
  t.equal(budget.room(), undefined, 'the next turn has time')
  await new Promise(setImmediate)
  budget.begin()
  work(9)
  t.not(budget.room(), undefined, 'what began the turn has used it up')
})

t.test('a piece that is longer than a turn does not stop the others for ever', async t => {
  const { clock, work } = workClock()
  const budget = createTurnBudget(clock, 5)
  let done = 0
  await Promise.all(
    Array.from({ length: 4 }, () =>
      pieces(3, budget.room, () => {
        work(50)
        done++
      }),
    ),
  )
  t.equal(done, 12)
})
