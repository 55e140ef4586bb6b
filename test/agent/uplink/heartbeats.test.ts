// What an agent says while it has nothing to say: little, often enough, and never into the void.
import t from 'tap'
import { createHeartbeats } from '../../../agent/uplink/heartbeats.ts'
import type { FacetState } from '../../../proto/facet.ts'
import type { Heartbeat } from '../../../proto/generated/gabion/v1/Heartbeat.ts'
import { createFakeClock, settle } from '../../fake-clock.ts'
import { smallState } from '../../small-facet.ts'

const minute = 60_000
const hour = 60 * minute

function open(withHealth = true) {
  const clock = createFakeClock()
  const sent: Heartbeat[] = []
  const gaveUp: string[] = []
  const current = new Map<string, FacetState>([['small', smallState({ a: 1 })]])
  const outbox = { size: 0 }
  const agent = { essence: 'well', messages: 0 }
  const over = new AbortController()
  const hours: number[] = []
  let answers: 'yes' | 'no' | 'never' = 'yes'
  const beats = createHeartbeats(
    {
      ...{ clock, outbox, current: () => current, hello: () => ({ hostKey: 'one' }) },
      ...(withHealth && {
        health: () => ({
          essence: agent.essence,
          message: () => ({ rssBytes: ++agent.messages }),
        }),
      }),
      giveUp(reason) {
        gaveUp.push(reason)
        over.abort()
      },
      send({ heartbeat }) {
        if (heartbeat) sent.push(heartbeat)
        if (answers === 'never') return
        beats.heard()
        beats.answered(answers === 'yes')
      },
    },
    () => void hours.push(clock.now()),
    over.signal,
  )
  return {
    ...{ clock, sent, gaveUp, current, outbox, agent, over, hours, beats },
    answer: (how: typeof answers) => {
      answers = how
    },
  }
}

const whole = { hostDigest: Buffer, clockMs: Number, health: { rssBytes: Number } }

t.test('the first says everything, the next nothing but that the agent lives', async t => {
  const { beats, clock, sent } = open()
  beats.pace(180)
  await clock.advance(3 * 180_000)
  t.equal(sent.length, 3)
  t.match(sent[0], whole)
  t.equal(sent[0]?.hostDigest?.length, 32)
  t.same(sent.slice(1), [{}, {}])
})

t.test('everything again once an hour', async t => {
  const { beats, clock, sent } = open()
  beats.pace(180)
  await clock.advance(24 * hour)
  t.equal(sent.length, 480)
  const full = sent.filter(({ health }) => health)
  t.ok(full.length >= 24 && full.length <= 25, `${full.length} times`)
  for (const each of full) t.match(each, whole)
})

t.test('a state is told when it changed, and until the collector has found it to be its own', async t => {
  const { beats, clock, sent, current, answer } = open()
  beats.pace(60)
  await clock.advance(2 * minute)
  answer('no')
  current.set('small', smallState({ a: 2 }))
  await clock.advance(2 * minute)
  t.equal(sent.slice(2).filter(({ hostDigest }) => hostDigest).length, 2)
  answer('yes')
  await clock.advance(2 * minute)
  t.same(Object.keys(sent[4] ?? {}), ['hostDigest'])
  t.same(sent[5], {})
})

t.test('while changes are under way there is a sign of life, and no state to compare', async t => {
  const { beats, clock, sent, outbox, hours } = open()
  outbox.size = 1
  beats.pace(60)
  await clock.advance(2 * hour)
  t.equal(sent.length, 120)
  t.equal(sent.filter(({ hostDigest }) => hostDigest).length, 0)
  t.ok(sent.filter(({ health }) => health).length >= 2, 'health is told all the same')
  t.same(hours, [])
  outbox.size = 0
  await clock.advance(minute)
  t.equal(hours.length, 1)
})

t.test('health is told when it changed in what matters, and not made for nothing', async t => {
  const { beats, clock, sent, agent } = open()
  beats.pace(60)
  await clock.advance(5 * minute)
  t.equal(agent.messages, 1)
  agent.essence = 'slower'
  await clock.advance(2 * minute)
  t.same(sent.at(-2), { health: { rssBytes: 2 } })
  t.same(sent.at(-1), {})
})

t.test('an agent that tells no health has heartbeats all the same', async t => {
  const { beats, clock, sent } = open(false)
  beats.pace(60)
  await clock.advance(minute)
  t.same(Object.keys(sent[0] ?? {}), ['hostDigest', 'clockMs'])
})

t.test('a collector that says nothing any more is given up a minute after its answer was due', async t => {
  const { beats, clock, gaveUp, answer, sent } = open()
  beats.pace(180)
  await clock.advance(10 * minute)
  t.same(gaveUp, [])
  answer('never')
  beats.heard()
  await clock.advance(4 * minute - 1)
  t.same(gaveUp, [])
  await clock.advance(1)
  t.same(gaveUp, ['nothing came from the collector for 240 s'])
  const { length } = sent
  await clock.advance(hour)
  t.equal(sent.length, length, 'and nothing is sent after the end')
})

t.test('a collector that accepts a connection and never says welcome is given up after a minute', async t => {
  const { clock, gaveUp } = open()
  await clock.advance(minute)
  t.same(gaveUp, ['nothing came from the collector for 60 s'])
})

t.test('another pace holds at once, in both directions', async t => {
  const { beats, clock, sent, gaveUp } = open()
  beats.pace(600)
  await clock.advance(10 * minute)
  t.equal(sent.length, 1)
  beats.heard()
  beats.pace(30)
  await settle()
  await clock.advance(5 * minute)
  t.equal(sent.length, 11)
  beats.pace(600)
  beats.pace(600)
  await settle()
  await clock.advance(10 * minute)
  t.equal(sent.length, 12)
  t.same(gaveUp, [])
})

t.test('health that changes with every heartbeat is told at most twice an hour after a while', async t => {
  const { beats, clock, sent, agent } = open()
  beats.pace(180)
  for (let beat = 0; beat < 480; beat++) {
    agent.essence = String(beat)
    await clock.advance(180_000)
  }
  const reports = sent.filter(({ health }) => health).length
  t.ok(reports > 60 && reports <= 24 + 1 + 8 + 48, `${reports} reports in a day`)
})

t.test('a collector cannot make an agent speak all the time, whatever number it sends', async t => {
  for (const seconds of [4_294_967_295, 2_147_484]) {
    const { beats, clock, sent } = open()
    beats.pace(seconds)
    await clock.advance(hour)
    t.ok(sent.length <= 1, `${seconds} s`)
    t.ok(clock.sleepers.every(ms => ms <= 86_400_000 + 60_000))
  }
})
