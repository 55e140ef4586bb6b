// Collector and agent as real processes, each killed at any moment: one host, its facets, and each change once.
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server } from 'node:net'
import t from 'tap'
import { probes } from '../../agent/probes.generated.ts'
import { createSystem, type DriftItem, type HostItem, type System } from './system.ts'

t.setTimeout(280_000)

const names = probes.map(probe => probe.name).sort()

interface FacetItem {
  readonly facet: string
  readonly state: string
  readonly digest: string
}

async function listen(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

async function closed(server: Server): Promise<void> {
  server.close()
  await once(server, 'close')
}

const hosts = (system: System) => system.get<{ items: readonly HostItem[] }>('hosts').then(page => page.items)

async function drift(system: System): Promise<readonly DriftItem[]> {
  const page = await system.get<{ items: readonly DriftItem[]; nextCursor?: string }>('drift?limit=500')
  return page.items
}

/** Drift rows that tell of this port. */
const about = async (system: System, port: number) =>
  (await drift(system)).filter(row => row.subject === 'ports' && row.text.includes(`:${port}/tcp`))

async function facets(system: System): Promise<readonly FacetItem[]> {
  const [host] = await hosts(system)
  if (!host) return []
  return (await system.get<{ items: readonly FacetItem[] }>(`hosts/${host.id}/facets`)).items
}

t.test('collector and agent survive SIGKILL at any moment', async t => {
  const system = await createSystem(t)
  system.collector.start()
  await system.until(
    'collector ready',
    () => fetch(`${system.base}/readyz`),
    response => response.ok,
  )
  system.agent.start()
  const all = (items: readonly FacetItem[]) => items.length === names.length
  const first = await system.until('every facet', () => facets(system), all)
  t.same(first.map(item => item.facet).sort(), names)
  const [host] = await hosts(system)
  t.ok(host?.connected)

  t.test('a change shows up once, and so does its end', async t => {
    const { server, port } = await listen()
    const opened = await system.until(
      'opened',
      () => about(system, port),
      rows => rows.length > 0,
    )
    t.equal(opened.length, 1)
    t.match(opened[0], { change: 'added', text: /opened/ })
    await closed(server)
    const rows = await system.until(
      'closed',
      () => about(system, port),
      found => found.length > 1,
    )
    t.same(
      rows.map(row => row.change),
      ['removed', 'added'],
      'newest first',
    )
  })

  t.test('an agent killed and started again is the same host, and tells nothing twice', async t => {
    const before = await drift(system)
    for (let round = 0; round < 3; round++) {
      t.match(await system.agent.stop('SIGKILL'), { signal: 'SIGKILL' })
      await system.until(
        'gone',
        () => hosts(system),
        items => items.every(item => !item.connected),
      )
      system.agent.start()
      await system.until(
        'back',
        () => hosts(system),
        items => items.some(item => item.connected),
      )
    }
    await system.until('every facet', () => facets(system), all)
    t.same(
      (await hosts(system)).map(item => item.id),
      [host?.id],
      'one host',
    )
    const added = (await drift(system)).filter(row => !before.some(old => old.id === row.id))
    t.same(
      added.filter(row => row.subject === 'accounts' || row.subject === 'kernel-modules' || row.subject === 'host'),
      [],
      'what did not change is no drift',
    )
  })

  t.test('what changed while the agent was dead is told when it is back', async t => {
    await system.agent.stop('SIGKILL')
    const { server, port } = await listen()
    system.agent.start()
    const rows = await system.until(
      'opened',
      () => about(system, port),
      found => found.length > 0,
    )
    t.match(rows, [{ change: 'added' }])
    await closed(server)
    await system.until(
      'closed',
      () => about(system, port),
      found => found.length === 2,
    )
  })

  t.test('a collector killed at random moments while changes arrive loses none and doubles none', async t => {
    const ports: number[] = []
    for (let round = 0; round < 6; round++) {
      const { server, port } = await listen()
      ports.push(port)
      // Each round dies a little later in the life of the change: seen, offered, sent, committed, acknowledged.
      await new Promise(resolve => setTimeout(resolve, 300 * round))
      await system.collector.stop('SIGKILL')
      system.collector.start()
      await system.until(
        'ready again',
        () => fetch(`${system.base}/readyz`),
        response => response.ok,
      )
      await system.until(
        'opened',
        () => about(system, port),
        rows => rows.length > 0,
      )
      await closed(server)
      await system.until(
        'closed',
        () => about(system, port),
        rows => rows.length > 1,
      )
    }
    for (const port of ports) {
      const rows = await about(system, port)
      t.same(
        rows.map(row => row.change),
        ['removed', 'added'],
        `port ${port}: once each`,
        { rows },
      )
    }
    t.same(
      (await hosts(system)).map(item => item.id),
      [host?.id],
      'still one host',
    )
    t.same((await facets(system)).map(item => item.facet).sort(), names)
  })

  t.test('on SIGTERM both end with 0', async t => {
    t.same(await system.agent.stop('SIGTERM'), { code: 0, signal: null })
    t.same(await system.collector.stop('SIGTERM'), { code: 0, signal: null })
  })
})
