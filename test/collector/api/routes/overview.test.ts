// The overview page, and host strings that mean harm on their way through database, API and HTML.
import t from 'tap'
import { smallState } from '../../../small-facet.ts'
import { connectRawAgent } from '../../raw-agent.ts'
import { startTestCollector } from '../../start-collector.ts'
import { ask } from '../request.ts'

const hostile = `<script>alert(1)</script>"'; DROP TABLE host; --\u001b[2J\u202e&amp;`

t.test('an empty fleet says how to begin', async t => {
  const collector = await startTestCollector(t, { demo: true })
  const page = await ask(collector.httpAddress, '/')
  t.equal(page.status, 200)
  t.match(page.headers['content-type'], /^text\/html; charset=utf-8/)
  t.match(page.text, /No host yet/)
  t.match(page.text, /A trial on this machine/)
  const policy = String(page.headers['content-security-policy'])
  t.match(policy, /default-src 'none'/)
  t.notMatch(policy, /unsafe|script-src|https:/)
  t.notMatch(page.text, /<script|<style|style=|onclick/)
})

t.test('a host without a verdict has no score', async t => {
  const collector = await startTestCollector(t, { limits: { settleMs: 3_600_000 } })
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello({ hostname: 'new-one' })
  await agent.deliver(1, smallState({ a: 1 }))
  const { text } = await ask(collector.httpAddress, '/')
  t.match(text, 'new-one')
  t.match(text, '<b>–</b>')
  t.match(text, '>not judged yet<')
  t.match(text, 'Nothing is judged yet.')
  t.notMatch(text, /<meter|Nothing fails/)
  const host = JSON.parse((await ask(collector.httpAddress, `/api/v1/hosts/${hostId}`)).text)
  t.same([host.counts.pass, host.counts.fail, host.counts.error], [0, 0, 0])
  const answer = async (path: string) => JSON.parse((await ask(collector.httpAddress, `/api/v1/${path}`)).text)
  const [listed] = (await answer('hosts?sort=score')).items
  const { items } = await answer('trends')
  for (const told of [host, listed, await answer('summary'), items.at(-1).posture]) {
    t.equal(told.counts.pass, 0)
    t.same([told.score, told.coverage], [undefined, undefined])
  }
})

t.test('hostile host strings come back intact from the API and harmless in HTML', async t => {
  const collector = await startTestCollector(t)
  const agent = connectRawAgent(t, collector.grpcAddress)
  const { hostId } = await agent.hello({ hostname: hostile, labels: { [hostile]: hostile } })
  await agent.deliver(1, smallState({ [hostile]: 1 }, hostile))
  await agent.deliver(2, smallState({ [hostile]: 20 }, hostile))

  const host = await collector.get<{ hostname: string; labels: Record<string, string> }>(`hosts/${hostId}`)
  t.equal(host.hostname, hostile)
  t.same(host.labels, { [hostile]: hostile })
  const facet = await collector.get<{ facts: { note: string } }>(`hosts/${hostId}/facets/small`)
  t.equal(facet.facts.note, hostile.replaceAll('\\', '\\\\'))
  for (const query of [`q=${encodeURIComponent(hostile)}`, `label=${encodeURIComponent(`${hostile}=${hostile}`)}`]) {
    const found = await collector.get<{ items: unknown[] }>(`hosts?${query}`)
    t.equal(found.items.length, 1, query.slice(0, 5))
  }
  t.equal(
    (await collector.get<{ items: unknown[] }>(`drift?subject=${encodeURIComponent("' or 1=1 --")}`)).items.length,
    0,
  )

  const { text } = await ask(collector.httpAddress, '/')
  t.match(text, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/, 'it is there')
  t.notMatch(text, /<script|\u001b|\u202e|"'; DROP/, 'and harmless')
  t.match(text, /Values are small/)
  t.match(text, /class="tag high"/)
  t.equal((await collector.hosts()).length, 1, 'the table is still there')
})

t.test('the style sheet is one', async t => {
  const collector = await startTestCollector(t)
  const style = await ask(collector.httpAddress, '/overview.css')
  t.match(style.headers['content-type'], /^text\/css/)
  t.match(style.text, /light-dark/)
})
