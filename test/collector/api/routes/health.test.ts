// Health, readiness and counters.
import t from 'tap'
import { sealFailed } from '../../../../proto/seal.ts'
import { SmallFacet } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { startTestCollector } from '../../start-collector.ts'
import { ask } from '../request.ts'

const collector = await startTestCollector(t)

t.test('a collector that runs is healthy and ready', async t => {
  t.match(await ask(collector.httpAddress, '/healthz'), { status: 200, text: '{"status":"ok"}' })
  t.match(await ask(collector.httpAddress, '/readyz'), { status: 200, text: '{"status":"ok"}' })
})

t.test('a database that cannot be written makes it not ready', async t => {
  const broken = await startTestCollector(t)
  await broken.store.close()
  t.match(await ask(broken.httpAddress, '/readyz'), { status: 503, text: /the database cannot be written/ })
  t.match(await ask(broken.httpAddress, '/healthz'), { status: 200 })
})

t.test('counters tell of agents, hosts, results, commits and the event loop', async t => {
  const hosts = await fillFleet(t, collector, 3, { value: index => index * 10 })
  const { headers, text } = await ask(collector.httpAddress, '/metrics')
  t.match(headers['content-type'], /^text\/plain; version=0.0.4/)
  for (const line of [
    'gabion_connected_agents 3',
    'gabion_hosts 3',
    'gabion_hosts_by_status{status="online"} 3',
    'gabion_hosts_by_status{status="new"} 3',
    'gabion_hosts_by_status{status="missing"} 0',
    'gabion_findings{severity="high"} 2',
    'gabion_waived_results 0',
    'gabion_api_sessions 0',
    'gabion_waiting_work 0',
    'gabion_results{severity="high",state="fail"} 2',
    'gabion_results{severity="high",state="pass"} 1',
    'gabion_ingest_messages_total{kind="hello"} 3',
    'gabion_ingest_decisions_total{decision="full"} 3',
    'gabion_ingest_changes_total{outcome="applied"} 3',
  ]) {
    t.ok(text.includes(`${line}\n`), line)
  }
  t.match(text, /gabion_commit_seconds_count [1-9]/)
  t.match(text, /nodejs_eventloop_lag_seconds/)
  const routes = [...text.matchAll(/gabion_http_request_seconds_count\{route="([^"]*)"/g)].map(match => match[1])
  for (let index = 0; index < 20; index++) await ask(collector.httpAddress, `/nothing-${index}`)
  const later = (await ask(collector.httpAddress, '/metrics')).text
  const laterRoutes = new Set([...later.matchAll(/gabion_http_request_seconds_count\{route="([^"]*)"/g)].map(m => m[1]))
  t.ok(laterRoutes.size <= new Set(routes).size + 2, 'paths that are no routes share one label')

  const [host] = hosts
  const failed = (name: string, state: 'unreadable' | 'error') =>
    sealFailed({ ...SmallFacet, name }, state, 'EACCES', 'x')
  await host?.agent.deliver(2, failed('own-1', 'error'))
  await host?.agent.deliver(3, failed('own-2', 'error'))
  await host?.agent.deliver(4, failed('small', 'unreadable'))
  const last = (await ask(collector.httpAddress, '/metrics')).text
  t.match(last, 'gabion_unread_facets{facet="small",state="unreadable"} 1\n')
  t.match(last, 'gabion_unread_facets{facet="other",state="error"} 2\n', 'names that only a host knows are one')
})
