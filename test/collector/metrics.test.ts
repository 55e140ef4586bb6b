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

t.test('open files are among what is told of the process, and what goes over every handle is not', async t => {
  const { text } = await metrics.expose()
  t.match(text, /^# HELP process_open_fds Number of open file descriptors\.$/m)
  const [, files] = /^process_open_fds (\d+)$/m.exec(text) ?? []
  t.equal(Number(files), await countOpenFiles())
  t.notMatch(text, /nodejs_active/)
})
