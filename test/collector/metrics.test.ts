// The exposition as a whole: what it is made of is asked once, however many gauges tell of it.
import t from 'tap'
import { countOpenFiles } from '../../collector/count-open-files.ts'
import { createMetrics, type MetricSources } from '../../collector/metrics.ts'
import { emptyTally } from '../../collector/store/tally.ts'

const asked: string[] = []
const counts = {
  fleet: async () => ({ hosts: 7, results: emptyTally }),
  posture: async () => ({ score: 1, coverage: 1, findings: {}, waived: 0, hosts: {}, unread: [], sessions: 0 }),
  agents: () => ({ versions: new Map([['1', 7]]), limited: new Map(), failing: new Map(), notReloaded: 0 }),
  clusters: () => [],
  queues: async () => [],
  size: async () => ({ bytes: 1, freeBytes: 1, logBytes: 1 }),
}
const sources = new Proxy(counts, {
  get: (known, name) => () => {
    asked.push(String(name))
    return (Reflect.get(known, name) ?? (() => 0))()
  },
})
const metrics = createMetrics(sources as unknown as MetricSources)

t.test('hosts, agents and posture are counted once for each exposition', async t => {
  for (const times of [1, 2]) {
    const { text } = await metrics.expose()
    t.match(text, /^gabion_hosts 7$/m)
    t.match(text, /^gabion_agents\{version="1"\} 7$/m)
    for (const name of ['fleet', 'posture', 'agents']) {
      t.equal(asked.filter(one => one === name).length, times, name)
    }
  }
})

t.test('a receiver that was told of everything has a counter of what it was not told of', async t => {
  const queues = () => Promise.resolve([{ name: 'ops', messages: 2 }])
  const of = new Proxy(sources, { get: (known, name) => (name === 'queues' ? queues : Reflect.get(known, name)) })
  const told = createMetrics(of as unknown as MetricSources)
  await told.expose()
  t.match((await told.expose()).text, /^gabion_notify_dropped_changes_total\{receiver="ops"\} 0$/m)
  told.dropped('ops', 3)
  t.match((await told.expose()).text, /^gabion_notify_dropped_changes_total\{receiver="ops"\} 3$/m)
})

t.test('there is no score while nothing is judged, and no coverage while nothing applies', async t => {
  const told = async (mark: object) => {
    const posture = { ...(await counts.posture()), ...mark }
    const of = new Proxy(sources, {
      get: (known, name) => (name === 'posture' ? () => posture : Reflect.get(known, name)),
    })
    const { text } = await createMetrics(of as unknown as MetricSources).expose()
    return text.match(/^gabion_(score|coverage) .*$/gm) ?? []
  }
  t.same(await told({}), ['gabion_score 1', 'gabion_coverage 1'])
  t.same(await told({ score: 0, coverage: 0 }), ['gabion_score 0', 'gabion_coverage 0'])
  t.same(await told({ score: undefined, coverage: 0 }), ['gabion_coverage 0'])
  t.same(await told({ score: undefined, coverage: undefined }), [])
})

t.test('open files are among what is told of the process, and what goes over every handle is not', async t => {
  const { text } = await metrics.expose()
  t.match(text, /^# HELP process_open_fds Number of open file descriptors\.$/m)
  const [, files] = /^process_open_fds (\d+)$/m.exec(text) ?? []
  t.equal(Number(files), await countOpenFiles())
  t.notMatch(text, /nodejs_active/)
})
