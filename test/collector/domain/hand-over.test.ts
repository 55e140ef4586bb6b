import t from 'tap'
import { createHandOver } from '../../../collector/domain/hand-over.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'

function handOver() {
  const clock = createFakeClock()
  const told: (readonly number[])[] = []
  const made = createHandOver(async hosts => void told.push(hosts), clock)
  return { ...made, clock, told }
}

t.test('hosts of a moment are told of in one message, each once', async t => {
  const { add, clock, told } = handOver()
  add([1, 2])
  add([2, 3])
  await clock.advance(99)
  t.same(told, [])
  await clock.advance(1)
  t.same(told, [[1, 2, 3]])
  await clock.advance(1_000)
  t.same(told, [[1, 2, 3]], 'and never again')
  add([2])
  await clock.advance(100)
  t.same(told, [[1, 2, 3], [2]])
})

t.test('nothing is told of no hosts, and nobody sleeps for them', async t => {
  const { add, clock, told } = handOver()
  add([])
  t.same(clock.sleepers, [])
  await clock.advance(1_000)
  t.same(told, [])
})

t.test('many hosts are several messages, each of which fits', async t => {
  const { add, clock, told } = handOver()
  const hosts = Array.from({ length: 1_000 }, (_, index) => Number.MAX_SAFE_INTEGER - index)
  add(hosts)
  await clock.advance(100)
  t.same(told.flat(), hosts)
  for (const message of told) t.ok(JSON.stringify({ kind: 'unjudged', hosts: message }).length < 7_500)
})

t.test('at the end those are told of that wait, and no more', async t => {
  const { add, close, told, clock } = handOver()
  add([7])
  await settle()
  await close()
  t.same(told, [[7]])
  add([8])
  await clock.advance(1_000)
  t.same(told, [[7]])
})
