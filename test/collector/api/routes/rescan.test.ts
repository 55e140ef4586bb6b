// Asking an agent to look again reaches that agent, and no other.
import t from 'tap'
import { fillFleet } from '../../fill-fleet.ts'
import { startTestCollector } from '../../start-collector.ts'

const collector = await startTestCollector(t)
const [one, two] = await fillFleet(t, collector, 2)

const rescan = (id: string | undefined, body?: string) =>
  fetch(`${collector.base}/api/v1/hosts/${id}/rescan`, {
    method: 'POST',
    ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
  })

t.test('all facets, or those that are named', async t => {
  const response = await rescan(one?.id)
  t.equal(response.status, 202)
  const { requestId } = (await response.json()) as { requestId: string }
  t.same(await one?.agent.expect('rescan'), { requestId, facets: [] })
  t.equal((await rescan(one?.id, '{"facets":["small","kernel-modules"]}')).status, 202)
  t.match(await one?.agent.expect('rescan'), { facets: ['small', 'kernel-modules'] })
  two?.agent.send({ heartbeat: { hostDigest: Buffer.alloc(32) } })
  t.ok(await two?.agent.expect('heartbeatReply'), 'the other agent heard nothing')
})

t.test('a host that nobody knows', async t => {
  t.equal((await rescan('nobody')).status, 404)
})
