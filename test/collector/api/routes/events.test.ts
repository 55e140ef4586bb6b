// Server-sent events: what happens arrives, a reader goes on where it left off, and stops with its rights.
import { request } from 'node:http'
import t, { type Test } from 'tap'
import { smallState } from '../../../small-facet.ts'
import { fillFleet } from '../../fill-fleet.ts'
import { putApiToken, startApiCollector, tokenId } from '../api-users.ts'

const collector = await startApiCollector(t)
const labels = (index: number) => ({ role: index === 0 ? 'db' : 'web' })
const [database, web] = await fillFleet(t, collector, 2, { labels })

interface Event {
  readonly id: number
  readonly event: string
  readonly data: { readonly id: number; readonly hostId: string; readonly kind: string; readonly text: string }
}

/** Reads a stream event by event. */
function follow(t: Pick<Test, 'teardown'>, token: string, more: Record<string, string> = {}, query = '') {
  const waiting: ((event: Event | undefined) => void)[] = []
  const events: (Event | undefined)[] = []
  const push = (event: Event | undefined) => {
    const next = waiting.shift()
    if (next) next(event)
    else events.push(event)
  }
  const headers = { authorization: `Bearer ${token}`, ...more }
  const opened = new Promise<Readonly<Record<string, unknown>>>((resolve, reject) => {
    const sent = request(`${collector.base}/api/v1/events${query}`, { headers, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        const blocks = (text + chunk).split('\n\n')
        text = blocks.pop() ?? ''
        for (const block of blocks) if (block.startsWith('id:')) push(parse(block))
      })
      response.on('close', () => push(undefined))
      resolve({ status: response.statusCode, ...response.headers })
    })
    sent.on('error', reject).end()
    t.teardown(() => sent.destroy())
  })
  return {
    opened,
    next: () =>
      events.length > 0
        ? Promise.resolve(events.shift())
        : new Promise<Event | undefined>(resolve => {
            waiting.push(resolve)
          }),
  }
}

function parse(block: string): Event {
  const fields = Object.fromEntries(block.split('\n').map(line => line.split(/: (.*)/s)))
  return { id: Number(fields['id']), event: fields['event'], data: JSON.parse(fields['data']) }
}

let sequence = 1
async function change(host: typeof database, value: number, note = '') {
  sequence++
  await host?.agent.deliver(sequence, smallState({ a: value }, note))
}

t.test('a change arrives, with the id to go on from', async t => {
  const stream = follow(t, collector.tokens.viewer)
  t.match(await stream.opened, { status: 200, 'content-type': /^text\/event-stream/, 'cache-control': 'no-store' })
  await change(database, 50)
  const event = await stream.next()
  t.match(event, { event: 'drift', data: { hostId: database?.id } })
  t.equal(event?.id, event?.data.id)
})

t.test('a reader goes on where it left off, by header or parameter', async t => {
  const [newest] = await collector.store.read.drift({}, { limit: 1 }).then(({ items }) => items)
  const before = newest?.id ?? 0
  await change(web, 60)
  await change(web, 70)
  const expected = await collector.store.read.driftAfter(before, 99)
  t.ok(expected.length >= 2)
  for (const [headers, query] of [
    [{ 'last-event-id': String(before) }, ''],
    [{}, `?after=${before}`],
    [{ 'last-event-id': String(before) }, '?after=999999'],
  ] as const) {
    const stream = follow(t, collector.tokens.viewer, headers, query)
    const seen = []
    for (const _ of expected) seen.push((await stream.next())?.data)
    t.same(seen, expected)
  }
  const bad = follow(t, collector.tokens.viewer, { 'last-event-id': '1; drop' })
  t.match(await bad.opened, { status: 400 })
})

t.test('who may see some hosts only is told of theirs', async t => {
  const stream = follow(t, collector.tokens['viewer of role=db'], {}, '?after=0')
  await change(web, 80)
  await change(database, 90)
  const last = await collector.store.read.fleet({ role: 'db' })
  for (;;) {
    const event = await stream.next()
    t.equal(event?.data.hostId, database?.id)
    if (event?.id === last.lastDriftId) break
  }
})

t.test('what a host says breaks no event', async t => {
  const stream = follow(t, collector.tokens.viewer)
  await stream.opened
  const hostile = 'x\n\nevent: drift\ndata: {"id":1}\r\n\u2028\u0000\u001b[31m'
  await change(database, 91, hostile)
  const texts = []
  for (let event = await stream.next(); event; event = await stream.next()) {
    texts.push(JSON.stringify(event.data))
    if (event.data.kind === 'fact' && JSON.stringify(event.data).includes('event: drift')) break
  }
  t.match(texts.at(-1), /event: drift/)
})

t.test('a stream ends with the token that opened it', async t => {
  const token = await putApiToken(collector.store, { role: 'viewer' })
  const stream = follow(t, token)
  await stream.opened
  await collector.store.write(transaction => transaction.revokeApiToken(tokenId(token), Date.now()))
  await change(web, 95)
  let event = await stream.next()
  while (event) event = await stream.next()
  t.equal(event, undefined)
  t.match(await follow(t, token).opened, { status: 401 })
})

t.test('streams do not keep a collector from stopping', async t => {
  const own = await startApiCollector(t)
  const sent = request(`${own.base}/api/v1/events`, { headers: { authorization: `Bearer ${own.tokens.viewer}` } })
  const closed = new Promise<void>(resolve => {
    sent.on('response', response => {
      response.resume()
      response.on('close', () => resolve())
      void own.close()
    })
  })
  sent.on('error', () => undefined).end()
  await closed
  t.pass('it ended')
})
