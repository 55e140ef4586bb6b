// Health, readiness and counters.
import t from 'tap'
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
  await fillFleet(t, collector, 3, { value: index => index * 10 })
  const { headers, text } = await ask(collector.httpAddress, '/metrics')
  t.match(headers['content-type'], /^text\/plain; version=0.0.4/)
  for (const line of [
    'gabion_connected_agents 3',
    'gabion_hosts 3',
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
})
