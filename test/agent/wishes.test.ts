// Intervals that a collector wishes, and what the agent makes of them.
import t from 'tap'
import { defineProbe, every, type Probe, present } from '../../agent/probe.ts'
import { boundWishes } from '../../agent/wishes.ts'
import { SmallFacet } from '../small-facet.ts'

const probe = (name: string, ...triggers: Probe['triggers'][number][]): Probe => ({
  ...defineProbe({ facet: SmallFacet, triggers, run: async () => present({ rows: [], note: '' }, { seen: 0 }) }),
  name,
})
const probes = [probe('ports', every(2_000)), probe('packages')]
const settings = (probeSeconds: Record<string, number>, more = {}) => ({
  ...{ heartbeatSeconds: 0, defaultProbeSeconds: 0, probeSeconds },
  ...more,
})

t.test('wishes within the bounds are done as they are', t => {
  t.same(boundWishes(settings({ ports: 30 }), probes), { probeSeconds: { ports: 30 }, heartbeatSeconds: 0, bent: [] })
  const wish = settings({ ports: 5 }, { defaultProbeSeconds: 600, heartbeatSeconds: 60 })
  t.same(boundWishes(wish, probes), {
    ...{ probeSeconds: { ports: 5, packages: 600 }, heartbeatSeconds: 60, bent: [] },
  })
  t.end()
})

t.test('no collector can make an agent look all the time, or hardly ever', t => {
  const often = boundWishes(settings({ ports: 1, packages: 1 }, { heartbeatSeconds: 1 }), probes)
  t.same(often.probeSeconds, { ports: 2, packages: 10 }, 'not more often than it looks by itself, or than every 10 s')
  t.equal(often.heartbeatSeconds, 30)
  t.same(often.bent, ['ports: 2 instead of 1', 'packages: 10 instead of 1', 'heartbeat: 30 instead of 1'])
  const seldom = boundWishes(settings({}, { defaultProbeSeconds: 4_294_967_295, heartbeatSeconds: 86_400 }), probes)
  t.same([seldom.probeSeconds, seldom.heartbeatSeconds], [{ ports: 3_600, packages: 3_600 }, 600])
  t.end()
})

t.test('a facet that this agent does not know, or a 0, is no wish', t => {
  t.same(boundWishes(settings({ future: 60, ports: 0, __proto__: 5 }), probes).probeSeconds, {})
  t.end()
})
