// What agents told about themselves: the latest is kept, it survives a restart, and lists get it in few words.
import t from 'tap'
import { conditionOf } from '../../../../collector/store/agent-health.ts'
import { openSqliteStore } from '../../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../../runtime/clock.ts'
import { agentHealth, probeHealth } from '../../agent-health.ts'
import { openDomain } from '../../open-domain.ts'

t.test('the latest report of each host is kept, whole and in few words', async t => {
  const { path, store, open } = await openDomain(t)
  const [one, two, silent] = [await open('one'), await open('two'), await open('silent')]
  const failing = agentHealth({ probes: [probeHealth('ports', { failingRuns: 2 }), probeHealth('ssh')] })
  const limited = agentHealth({ limits: ['cpu'], slowdown: 4 })
  await store.write(transaction =>
    transaction.putAgentReports(
      new Map([
        [one.host, { health: agentHealth(), receivedAtMs: 1 }],
        [two.host, { health: failing, receivedAtMs: 2 }],
      ]),
    ),
  )
  await store.write(transaction =>
    transaction.putAgentReports(new Map([[one.host, { health: limited, receivedAtMs: 3 }]])),
  )
  await store.close()

  const again = await openSqliteStore(path, systemClock)
  t.teardown(() => again.close())
  t.same(await again.read.agentReport(one.id), { health: limited, receivedAtMs: 3 })
  t.same(await again.read.agentReport(two.id), { health: failing, receivedAtMs: 2 })
  t.equal(await again.read.agentReport(silent.id), undefined)
  t.same(Object.fromEntries(await again.read.agentConditions([one.id, two.id, silent.id, 'nobody'])), {
    [one.id]: { state: 'limited', limits: ['cpu'], failingProbes: [], receivedAtMs: 3 },
    [two.id]: { state: 'failing', limits: [], failingProbes: ['ports'], receivedAtMs: 2 },
  })
  t.equal((await again.read.agentConditions([])).size, 0)
})

t.test('a report of a host that is gone is dropped, the others are kept', async t => {
  const { store, open } = await openDomain(t)
  const { host, id } = await open('one')
  const report = { health: agentHealth(), receivedAtMs: 1 }
  await store.write(transaction =>
    transaction.putAgentReports(
      new Map([
        [host + 7, report],
        [host, report],
      ]),
    ),
  )
  t.same(await store.read.agentReport(id), report)
})

t.test('an agent fails when a probe does, is limited when it holds itself back, else it is well', t => {
  const stateOf = (change: Parameters<typeof agentHealth>[0]) =>
    conditionOf({ health: agentHealth(change), receivedAtMs: 0 }).state
  t.equal(stateOf({}), 'ok')
  t.equal(stateOf({ limits: ['watches'] }), 'limited')
  t.equal(stateOf({ slowdown: 2 }), 'limited')
  t.equal(stateOf({ limits: ['deadline'], probes: [probeHealth('ssh', { failingRuns: 1 })] }), 'failing')
  t.end()
})
