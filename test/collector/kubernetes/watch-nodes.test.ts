// Watching nodes: what a server tells, in order or not at all; how it ends, and how it goes on.
import t, { type Test } from 'tap'
import {
  type ApiAnswer,
  type ApiRequest,
  ApiServerUnavailable,
  type ApiStream,
  type FollowRequest,
  openApiServer,
} from '../../../collector/auth/kubernetes/api-server.ts'
import { createNodeBook } from '../../../collector/kubernetes/node-book.ts'
import { watchNodes } from '../../../collector/kubernetes/watch-nodes.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { createFakeClock } from '../../fake-clock.ts'
import { recordingLog } from '../../recording-log.ts'
import { until } from '../../until.ts'
import { startKubernetesApi } from '../kubernetes-api.ts'

const item = (uid: string, labels: object = {}) => ({ metadata: { name: `node-${uid}`, uid, labels } })
const list = (version: string, ...items: readonly object[]): ApiAnswer => ({
  status: 200,
  body: { kind: 'NodeList', metadata: { resourceVersion: version }, items },
})
const event = (type: string, version: string, uid: string, labels: object = {}) => {
  const { metadata } = item(uid, labels)
  return JSON.stringify({ type, object: { metadata: { ...metadata, resourceVersion: version } } })
}
const bookmark = (version: string) =>
  JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: version } } })
const expired = JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code: 410, metadata: {} } })

/** What one watch tells before it ends; an error ends it so. */
type Told = readonly (string | Error)[] | { readonly status: number }

/** A server that answers from two lists; when watches are used up, the last one stays open. */
function start(t: Test, given: { readonly lists: readonly (ApiAnswer | Error)[]; readonly watches: readonly Told[] }) {
  const clock = createFakeClock()
  const { log, lines } = recordingLog()
  const ended = new AbortController()
  const lists = [...given.lists]
  const watches = [...given.watches]
  const asked: string[] = []
  let failures = 0
  const versionOf = (path: string) => /resourceVersion=(\w+)/.exec(path)?.[1] ?? ''

  async function* linesOf(told: readonly (string | Error)[] | undefined, signal: AbortSignal): AsyncGenerator<string> {
    for (const one of told ?? []) {
      if (one instanceof Error) throw one
      yield one
    }
    if (!told) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }))
  }

  const api = {
    async ask(_: ApiRequest): Promise<ApiAnswer> {
      asked.push('list')
      const answer = lists.length > 1 ? lists.shift() : lists[0]
      if (!answer || answer instanceof Error) throw answer
      return answer
    },
    async follow({ path, signal }: FollowRequest): Promise<ApiStream> {
      asked.push(`watch ${versionOf(path)}`)
      const told = watches.shift()
      if (told && 'status' in told) return { status: told.status, lines: linesOf([], signal) }
      return { status: 200, lines: linesOf(told, signal) }
    },
  }
  const book = createNodeBook(() => undefined)
  const onFailure = () => void failures++
  const done = watchNodes({ api, cluster: 'c', book, clock, log, random: () => 0.5, onFailure }, ended.signal)
  t.teardown(async () => {
    ended.abort()
    await done
  })
  return { book, clock, asked, lines, failures: () => failures, end: () => ended.abort(), done }
}

const settled = async ({ clock }: { readonly clock: ReturnType<typeof createFakeClock> }, ms = 0) => clock.advance(ms)

t.test('what is told is taken, and a watch goes on from the last of it', async t => {
  const watch = start(t, {
    lists: [list('10', item('1'), item('2'))],
    watches: [
      [
        event('MODIFIED', '11', '1', { a: 'b' }),
        event('DELETED', '12', '2'),
        event('ADDED', '13', '3'),
        bookmark('20'),
      ],
      [event('DELETED', '21', '3')],
    ],
  })
  await settled(watch)
  t.same(watch.asked, ['list', 'watch 10', 'watch 20', 'watch 21'], 'at once, since each told something')
  t.same([watch.book.has('1'), watch.book.has('2'), watch.book.has('3')], [true, false, false])
  t.match(watch.book.labelsOf('1'), { a: 'b' })
  t.same(watch.failures(), 0)
  t.match(watch.lines, [{ level: 'info', message: 'nodes of a cluster are watched', fields: { nodes: 2 } }])
})

t.test('what is too old is listed again, whichever way that is said', async t => {
  for (const told of [{ status: 410 }, [expired]]) {
    const watch = start(t, { lists: [list('10', item('1')), list('30', item('2'))], watches: [told] })
    await settled(watch)
    t.equal(watch.book.isCurrent, true, 'that is no failure')
    await settled(watch, 1_000)
    t.same(watch.asked, ['list', 'watch 10', 'list', 'watch 30'])
    t.same([watch.book.has('1'), watch.book.has('2'), watch.failures()], [false, true, 0], 'who left meanwhile is gone')
  }
})

t.test('what is too old again and again is said, and the cluster is not watched', async t => {
  const watches = Array.from({ length: 30 }, () => ({ status: 410 }))
  const watch = start(t, { lists: [list('10', item('1'))], watches })
  for (let round = 0; round < 3; round++) await settled(watch, 60_000)
  t.equal(watch.book.isCurrent, false)
  t.ok(watch.failures() > 0)
  t.match(watch.lines[0], { level: 'warn', fields: { reason: /too old/ } })
  for (let round = 0; round < 60; round++) await settled(watch, 60_000)
  t.equal(watch.book.isCurrent, true, 'until it is')
})

t.test('a server that cannot be asked is asked less and less often, and said once', async t => {
  const away = new ApiServerUnavailable('https://x cannot be asked (ECONNREFUSED)')
  const watch = start(t, { lists: [away], watches: [] })
  for (let minute = 0; minute < 20; minute++) await settled(watch, 60_000)
  t.ok(watch.asked.length < 60, `asked ${watch.asked.length} times in twenty minutes`)
  t.equal(watch.failures(), watch.asked.length)
  t.match(watch.lines, [{ level: 'warn', fields: { cluster: 'c', reason: /ECONNREFUSED/ } }])
  t.equal(watch.lines.length, 1)
  t.same(
    watch.clock.sleepers,
    [watch.clock.sleepers[0]].filter(ms => (ms ?? 0) <= 60_000),
    'no wait is longer than a minute',
  )
})

t.test('a watch that breaks goes on where it was; after three times everything is listed', async t => {
  const broken = new ApiServerUnavailable('broken')
  const watch = start(t, {
    lists: [list('10', item('1'))],
    watches: [[event('ADDED', '11', '2'), broken], [broken], [broken], [broken], [event('ADDED', '12', '3')]],
  })
  await settled(watch)
  t.equal(watch.book.isCurrent, false)
  t.equal(watch.book.labelsOf('1'), undefined)
  for (let second = 0; second < 30; second++) await settled(watch, 1_000)
  t.same(watch.asked, ['list', 'watch 10', 'watch 11', 'watch 11', 'list', 'watch 10', 'watch 10', 'watch 12'])
  t.equal(watch.book.isCurrent, true)
  t.same(
    watch.lines.map(({ level }) => level),
    ['info', 'warn', 'info'],
    'said once, and when something was heard again',
  )
})

t.test('a server that ends each watch at once is not asked without a pause', async t => {
  const nothing = Array.from({ length: 1_000 }, (): Told => [])
  const watch = start(t, { lists: [list('10')], watches: nothing })
  for (let minute = 0; minute < 10; minute++) await settled(watch, 60_000)
  t.ok(watch.asked.length < 40, `asked ${watch.asked.length} times in ten minutes`)
})

t.test('what is no event ends the watch, and nothing of it is taken', async t => {
  for (const odd of [
    '{"type":"ADDED","object":{"metada',
    '<html>',
    'null',
    '{"type":"GONE","object":{}}',
    '{"type":"ADDED"}',
  ]) {
    const watch = start(t, { lists: [list('10', item('1'))], watches: [[odd]] })
    await settled(watch)
    t.same([watch.failures(), watch.book.size], [1, 1], odd)
    t.match(watch.lines[1], { level: 'warn', fields: { reason: /told something that is no (JSON|event)/ } })
    watch.end()
    await watch.done
  }
})

t.test('objects that are no nodes are passed over', async t => {
  const odd = JSON.stringify({ type: 'ADDED', object: { metadata: { resourceVersion: '15', name: '../x', uid: 7 } } })
  const watch = start(t, { lists: [list('10')], watches: [[odd, event('ADDED', '16', '1')]] })
  await settled(watch)
  t.same([watch.book.size, watch.asked.at(-1)], [1, 'watch 16'])
})

t.test('without the right to watch that is said, and the list was taken', async t => {
  const watch = start(t, { lists: [list('10', item('1'))], watches: [{ status: 403 }] })
  await settled(watch)
  t.equal(watch.book.size, 1)
  t.match(watch.lines, [{ fields: { reason: 'the collector may not watch nodes' } }])
})

t.test('over a real connection: pages, changes, bookmarks, compaction, resets and ends', async t => {
  const cluster = await startKubernetesApi(t)
  const ended = new AbortController()
  const book = createNodeBook(() => undefined)
  const { log } = recordingLog()
  const quick = { ...systemClock, sleep: (_: number, signal?: AbortSignal) => systemClock.sleep(5, signal) }
  const { nodeStore, nodes } = cluster
  nodeStore.pageSize = 1
  const options = { api: openApiServer(cluster), cluster: 'c', book, clock: quick, log, random: Math.random }
  const done = watchNodes({ ...options, onFailure: () => undefined }, ended.signal)
  const labels = (name: string) => book.labelsOf(nodes.get(name) ?? '') ?? {}
  await until(() => nodeStore.watching === 1)
  t.equal(book.size, 2, 'in pages of one')
  nodeStore.label('node-a', { team: '', zone: 'a' })
  await until(() => labels('node-a')['zone'] === 'a')
  nodeStore.bookmark()
  nodeStore.compact()
  nodeStore.endWatches('end')
  nodes.set('node-c', 'u-3')
  await until(() => book.has('u-3'))
  nodeStore.endWatches('reset')
  nodes.delete('node-c')
  await until(() => !book.has('u-3') && book.isCurrent)
  nodeStore.tell('{"type":"ADDED","object":{"metadata":{"name":"node-x","uid":"u-9","resourc')
  nodeStore.endWatches('end')
  nodes.set('node-d', 'u-4')
  await until(() => book.has('u-4'))
  t.notOk(book.has('u-9'), 'a line that was cut off is none')
  nodeStore.tell(`{"type":"ADDED","object":{"metadata":{"x":"${'x'.repeat(3 * 1024 * 1024)}"}}}\n`)
  nodes.set('node-e', 'u-5')
  await until(() => book.has('u-5'))
  t.pass('a line without end ends the watch, not the watching')
  ended.abort()
  await done
})
