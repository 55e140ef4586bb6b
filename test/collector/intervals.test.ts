// Which intervals are wished of which hosts.
import t from 'tap'
import { CollectorConfigSchema } from '../../collector/collector-config.ts'
import { createIntervals, IntervalsSchema } from '../../collector/intervals.ts'
import { loadConfig } from '../../runtime/config.ts'

const rules = IntervalsSchema.parse([
  { default: 600, facets: { ports: 10 } },
  { labels: { pool: 'gpu' }, facets: { ports: 60, packages: 3_600 } },
  { labels: { pool: 'gpu', zone: 'a' }, heartbeat: 300 },
])

t.test('the rules that match go over each other in their order', t => {
  const { of, longestHeartbeatSeconds } = createIntervals(rules)
  t.same(of({}), { probeSeconds: { ports: 10 }, defaultProbeSeconds: 600, heartbeatSeconds: 0 })
  t.same(of({ pool: 'gpu', zone: 'b' }), {
    ...{ probeSeconds: { ports: 60, packages: 3_600 }, defaultProbeSeconds: 600, heartbeatSeconds: 0 },
  })
  t.match(of({ pool: 'gpu', zone: 'a', more: 'x' }), { heartbeatSeconds: 300 })
  t.equal(longestHeartbeatSeconds, 300)
  t.end()
})

t.test('without a rule that matches nothing is wished', t => {
  t.equal(createIntervals().of({}), undefined)
  t.equal(createIntervals().longestHeartbeatSeconds, 0)
  t.equal(createIntervals(rules.slice(1)).of({ pool: 'cpu' }), undefined)
  const intervals = createIntervals(rules)
  intervals.replace([])
  t.equal(intervals.of({ pool: 'gpu' }), undefined)
  t.end()
})

t.test('they come from the file or the environment, and mistakes are named', t => {
  const read = (GABION_INTERVALS: string) =>
    loadConfig({ schema: CollectorConfigSchema, environment: { GABION_INTERVALS }, flags: {} }).intervals
  t.same(read('ports=5, default=600,heartbeat=60'), [{ labels: {}, facets: { ports: 5 }, default: 600, heartbeat: 60 }])
  for (const [text, reason] of [
    ['prots=5', /GABION_INTERVALS: .*names of facets: .*ports/],
    ['ports=0', /GABION_INTERVALS: /],
    ['ports=x', /GABION_INTERVALS: /],
    ['heartbeat=5', /GABION_INTERVALS: /],
  ] as const) {
    t.throws(() => read(text), { code: 'config', message: reason }, text)
  }
  t.notOk(IntervalsSchema.safeParse([{ label: { a: 'b' } }]).success, 'a misspelt key is no rule for every host')
  t.end()
})
