// Streams of pods that were deleted end within a minute, and questions about the others are few.
import t from 'tap'
import type { Presence } from '../../../collector/auth/kubernetes/presence.ts'
import { endGone } from '../../../collector/ingest/end-gone.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { type FakeStream, fakeStream } from '../fake-stream.ts'

function start(t: { teardown(handler: () => void): unknown }, streams: readonly FakeStream[]) {
  const clock = createFakeClock()
  const asked: string[] = []
  const gone = new Map<string, 'gone' | 'unknown'>()
  const presence: Presence = async ({ nodeName }) => {
    asked.push(nodeName)
    return gone.get(nodeName) ?? 'there'
  }
  const end = new AbortController()
  t.teardown(() => end.abort())
  const done = endGone({ connections: { all: () => streams }, presence, clock }, end.signal)
  return { clock, asked, gone, end, done }
}

const ofNode = (nodeName: string) =>
  fakeStream(1, nodeName, { kind: 'kubernetes', cluster: 'local', nodeName, nodeUid: nodeName })

t.test('what is gone ends within a minute, what cannot be told stays', async t => {
  const streams = [ofNode('a'), ofNode('b'), ofNode('c'), fakeStream(1, 'd')]
  const { clock, asked, gone, end, done } = start(t, streams)
  await settle()
  t.same(asked, ['a', 'b', 'c'], 'those that showed no token are not looked up')
  gone.set('b', 'gone').set('c', 'unknown')
  await clock.advance(60_000)
  t.same(
    streams.map(({ events }) => events),
    [[], ['gone'], [], []],
  )
  end.abort()
  await done
  t.equal(clock.sleepers.length, 0)
})

t.test('each is asked about once a minute, and no more than twenty in a second', async t => {
  const streams = Array.from({ length: 2_000 }, (_, index) => ofNode(`node-${index}`))
  const { clock, asked } = start(t, streams)
  await settle()
  t.equal(asked.length, 20)
  for (let second = 1; second < 100; second++) {
    await clock.advance(1_000)
    t.equal(asked.length, 20 * (second + 1))
  }
  t.equal(new Set(asked).size, 2_000, 'nobody is forgotten')
})
