// What agents told: there at once, written in bulk, and counted over those that are connected.
import t from 'tap'
import { createAgentReports } from '../../../collector/ingest/agent-reports.ts'
import { agentHealth, probeHealth } from '../agent-health.ts'
import { openDomain } from '../open-domain.ts'

async function open(t: Parameters<typeof openDomain>[0]) {
  const domain = await openDomain(t)
  const connected = new Set<number>()
  const writes = { count: 0, fail: false }
  const write: typeof domain.store.write = work => {
    writes.count++
    return writes.fail ? Promise.reject(new Error('disk full')) : domain.store.write(work)
  }
  const agents = createAgentReports({ write }, connected)
  const connect = async (key: string, version = '0.1.0') => {
    const { host, id } = await domain.open(key)
    connected.add(host)
    agents.opened(host, version)
    return { host, id, tell: (change = {}, receivedAtMs = 1) => agents.told(host, id, report(change, receivedAtMs)) }
  }
  return { ...domain, agents, connected, connect, writes }
}

const report = (change: Parameters<typeof agentHealth>[0], receivedAtMs: number) => ({
  health: agentHealth(change),
  receivedAtMs,
})

t.test('a report is at hand before it is written, and all of them are written at once', async t => {
  const { agents, connect, store, writes } = await open(t)
  const [one, two] = [await connect('one'), await connect('two')]
  one.tell({}, 1)
  one.tell({ slowdown: 2 }, 2)
  two.tell({}, 3)
  t.equal(agents.pending(one.id)?.health.slowdown, 2)
  t.equal(await store.read.agentReport(one.id), undefined)
  await agents.flush()
  t.equal(writes.count, 1)
  t.match(await store.read.agentReport(one.id), { receivedAtMs: 2, health: { slowdown: 2 } })
  t.match(await store.read.agentReport(two.id), { receivedAtMs: 3 })
  t.equal(agents.pending(one.id), undefined)
  await agents.flush()
  t.equal(writes.count, 1, 'nothing new is not written')
})

t.test('what could not be written is written the next time, unless it is old by then', async t => {
  const { agents, connect, store, writes } = await open(t)
  const [one, two] = [await connect('one'), await connect('two')]
  one.tell({}, 1)
  two.tell({}, 1)
  writes.fail = true
  const failed = agents.flush()
  one.tell({}, 2)
  await t.rejects(failed, /disk full/)
  t.equal(agents.pending(one.id)?.receivedAtMs, 2)
  t.equal(agents.pending(two.id)?.receivedAtMs, 1)
  writes.fail = false
  await agents.flush()
  t.equal((await store.read.agentReport(one.id))?.receivedAtMs, 2)
  t.equal((await store.read.agentReport(two.id))?.receivedAtMs, 1)
})

t.test('the fleet is counted over connected agents', async t => {
  const { agents, connect, connected } = await open(t)
  const one = await connect('one')
  const two = await connect('two', '0.2.0')
  const three = await connect('three', '0.2.0')
  one.tell({ limits: ['cpu', 'deadline'], probes: [probeHealth('ports', { failingRuns: 1 })] })
  two.tell({ limits: ['cpu'], reloadError: 'agent.yaml: unknown key' })
  t.same(agents.fleet(), {
    versions: new Map([
      ['0.2.0', 2],
      ['0.1.0', 1],
    ]),
    limited: new Map([
      ['cpu', 2],
      ['deadline', 1],
    ]),
    failing: new Map([['ports', 1]]),
    notReloaded: 1,
  })
  connected.delete(one.host)
  connected.delete(three.host)
  await agents.flush()
  t.match(agents.fleet(), { versions: new Map([['0.2.0', 1]]), limited: new Map([['cpu', 1]]), failing: new Map() })
})

t.test('agents that each claim another version make no series each', async t => {
  const { agents, connected } = await open(t)
  for (let host = 0; host < 500; host++) {
    connected.add(host)
    agents.opened(host, host < 400 ? '1.0.0' : `1.0.${host}`)
  }
  const { versions } = agents.fleet()
  t.equal(versions.size, 21)
  t.equal(versions.get('1.0.0'), 400)
  t.equal(versions.get('other'), 81)
})
