// What hosts and askers say comes back as it was said, and is nothing but text wherever it is shown.
import t from 'tap'
import { smallState } from '../../small-facet.ts'
import { fillFleet } from '../fill-fleet.ts'
import { startTestCollector } from '../start-collector.ts'
import { ask } from './request.ts'

const strings = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  `"' onmouseover="alert(1)`,
  "=cmd|' /C calc'!A0",
  '\u001b[31mred\u001b[0m\u0007\u009b2J',
  "'; drop table host; --",
  '","state":"pass","x":"',
  '%s%n%00{{7*7}}#{7*7}',
  '\u202egnp.exe\u2066\u200b',
  '\u2028\u2029',
]

const collector = await startTestCollector(t)
const hosts = await fillFleet(t, collector, strings.length, {
  hostname: index => strings[index] ?? '',
  labels: index => ({ said: strings[index] ?? '' }),
})
for (const [index, { agent }] of hosts.entries()) await agent.deliver(2, smallState({ a: 99 }, strings[index] ?? ''))

t.test('JSON has every string as it was said', async t => {
  const found = await collector.hosts()
  t.same(found.map(({ hostname }) => hostname).sort(), [...strings].sort())
  t.same(found.map(({ labels }) => labels['said']).sort(), [...strings].sort())
})

t.test('filters take every string for what it is', async t => {
  for (const text of strings) {
    const label = await collector.get<{ items: { hostname: string }[] }>(
      `hosts?label=${encodeURIComponent(`said=${text}`)}`,
    )
    t.same(
      label.items.map(({ hostname }) => hostname),
      [text],
    )
    const part = await collector.get<{ items: { hostname: string }[] }>(`hosts?q=${encodeURIComponent(text)}`)
    t.same(
      part.items.map(({ hostname }) => hostname),
      [text],
    )
  }
  t.equal((await collector.hosts()).length, strings.length, 'and nothing was dropped')
})

t.test('the overview shows them as text, without script and without control characters', async t => {
  const { text } = await ask(collector.httpAddress, '/')
  t.notMatch(text, /<script|<img|onerror=alert\(1\)>/)
  t.notMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  t.match(text, /&lt;script&gt;/)
})

t.test('a problem that repeats what was asked is JSON of one line', async t => {
  for (const text of strings) {
    const reply = await ask(collector.httpAddress, `/api/v1/checks/${encodeURIComponent(text)}`)
    t.equal(reply.status, 404)
    t.ok(JSON.parse(reply.text).detail.includes(text))
    t.match(reply.headers, { 'content-type': /^application\/problem\+json/, 'x-content-type-options': 'nosniff' })
  }
})
