// A sweep: what a probe throws or never answers becomes its own facet's error and nobody else's.
import t from 'tap'
import { type Answer, absent, defineProbe, type Probe, present, unreadable } from '../../agent/probe.ts'
import { sweep } from '../../agent/sweep.ts'
import { GabionError } from '../../runtime/errors.ts'
import { silentLog } from '../../runtime/log.ts'
import { createFakeClock, settle } from '../fake-clock.ts'
import { hostFrom } from '../host-from.ts'
import { SmallFacet } from '../small-facet.ts'

type Run = Probe['run']

function probe(name: string, run: Run, deadlineMs = 1_000): Probe {
  return { ...defineProbe({ facet: SmallFacet, triggers: [], run: run as never, deadlineMs }), name }
}

const good = (value: number): Answer<unknown, unknown> =>
  present({ rows: [{ name: 'a', value }], note: '' }, { seen: 1 })

async function start(t: Parameters<typeof hostFrom>[0], probes: readonly Probe[], memories = new Map()) {
  const clock = createFakeClock()
  const host = await hostFrom(t, { files: { '/etc/hostname': 'x' } })
  const result = sweep({ host, probes, clock, log: silentLog, probePorts: true, oneShot: true, memories })
  return { clock, result }
}

t.test('every answer becomes its facet', async t => {
  const { result } = await start(t, [
    probe('a', async () => good(1)),
    probe('b', async () => absent('notInstalled', 'no such thing')),
    probe('c', async () => unreadable('EACCES', '/x needs CAP_Y')),
  ])
  const [a, b, c] = await result
  t.match(a, { state: 'present', facts: { rows: [{ name: 'a', value: 1 }], gaps: [] }, observations: { seen: 1 } })
  t.match(b, { state: 'absent', reason: { code: 'notInstalled', detail: 'no such thing' } })
  t.match(c, { state: 'unreadable', reason: { code: 'EACCES', detail: '/x needs CAP_Y' } })
})

t.test('a probe that throws is an error of its own facet, without what it choked on', async t => {
  const { result } = await start(t, [
    probe('a', async () => {
      JSON.parse('hunter2 is the password')
      return good(1)
    }),
    probe('b', () => Promise.reject(new GabionError('internal', 'said in our own words'))),
    probe('c', async () => good(2)),
  ])
  const [a, b, c] = await result
  t.match(a, { state: 'error', reason: { code: 'probe', detail: 'probe a failed: SyntaxError' } })
  t.notMatch(JSON.stringify(a), 'hunter2')
  t.match(b, { state: 'error', reason: { detail: 'probe b failed: said in our own words' } })
  t.equal(c?.state, 'present')
})

t.test('a probe that breaks its own schema is an error', async t => {
  const rows = (value: unknown) => present({ rows: value, note: '' }, { seen: 1 })
  const twice = [
    { name: 'a', value: 1 },
    { name: 'a', value: 2 },
  ]
  const { result } = await start(t, [
    probe('a', async () => rows([{ name: 'a', value: 1.5 }])),
    probe('b', async () => rows(twice)),
    probe('c', async () => present({ rows: [] }, { seen: 1 })),
  ])
  for (const state of await result) t.equal(state.state, 'error')
})

t.test('a probe that hangs is an error at its deadline, is told to stop, and holds up nobody', async t => {
  let aborted = false
  const hanging = probe('a', (_, context) => {
    context.signal.addEventListener('abort', () => {
      aborted = true
    })
    return new Promise(() => undefined)
  })
  const { clock, result } = await start(t, [hanging, probe('b', async () => good(1))])
  await settle()
  await clock.advance(1_000)
  const [a, b] = await result
  t.match(a, { state: 'error', reason: { code: 'deadline', detail: 'probe a gave no answer within 1000 ms' } })
  t.ok(aborted)
  t.equal(b?.state, 'present')
  t.same(clock.sleepers, [], 'and leaves no timer behind')
})

t.test('gaps noted while a probe runs are part of its facts', async t => {
  const { result } = await start(t, [
    probe('a', async (_, { gaps }) => {
      gaps.note('rows', 'incomplete', { state: 'unreadable', path: '/etc/x', detail: 'EACCES' })
      gaps.note('rows', 'incomplete', { state: 'absent', path: '/etc/y', detail: 'ENOENT' })
      return good(1)
    }),
  ])
  const [a] = await result
  const gap = { field: 'rows', effect: 'incomplete', source: '/etc/x', state: 'unreadable', detail: 'EACCES' }
  t.match(a, { facts: { gaps: [gap] } })
  t.equal(a?.state === 'present' && (a.facts['gaps'] as unknown[]).length, 1, 'absence is no gap')
})

t.test('a probe finds again what it remembered, and only what is its own', async t => {
  const memories = new Map()
  const counting = (name: string) =>
    probe(name, async (_, { memory }) => {
      const times = Number(memory.get('times') ?? 0) + 1
      memory.set('times', times)
      return good(times)
    })
  for (const expected of [1, 2]) {
    const { result } = await start(t, [counting('a'), counting('b')], memories)
    for (const state of await result) t.match(state, { facts: { rows: [{ value: expected }] } })
  }
})

t.test('the process table is read once for all probes of a sweep', async t => {
  const tables: unknown[] = []
  const reading = (name: string) =>
    probe(name, async (_, context) => {
      tables.push(await context.processes())
      return good(1)
    })
  const { result } = await start(t, [reading('a'), reading('b')])
  await result
  t.equal(tables.length, 2)
  t.equal(tables[0], tables[1])
})
