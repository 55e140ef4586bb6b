// Lists of nodes: whole, in pages of any size, or not at all.
import t from 'tap'
import { AnswerTooLarge, type ApiAnswer, type ApiRequest } from '../../../collector/auth/kubernetes/api-server.ts'
import { listNodes } from '../../../collector/kubernetes/list-nodes.ts'

const item = (uid: string) => ({ metadata: { name: `node-${uid}`, uid, labels: {} } })
const page = (items: readonly unknown[] | null, metadata: object = {}): ApiAnswer => ({
  status: 200,
  body: { kind: 'PartialObjectMetadataList', metadata: { resourceVersion: '7', ...metadata }, items },
})

/** Answers one question after another; the last one again and again. */
function asking(...answers: readonly (ApiAnswer | Error)[]) {
  const asked: ApiRequest[] = []
  const ask = async (what: ApiRequest) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)]
    asked.push(what)
    if (!answer || answer instanceof Error) throw answer
    return answer
  }
  return { api: { ask }, asked }
}

const refused = (message: RegExp) => ({ name: 'ApiServerUnavailable', message })

t.test('pages are put together, and only metadata is asked for', async t => {
  const { api, asked } = asking(page([item('1')], { continue: 'a b' }), page([item('2'), 'odd', { metadata: {} }]))
  const { nodes, resourceVersion } = await listNodes(api, 'c')
  t.same(
    nodes.map(({ uid }) => uid),
    ['1', '2'],
  )
  t.equal(resourceVersion, '7')
  t.match(asked, [
    { path: '/api/v1/nodes?limit=250', metadataOnly: 'list' },
    { path: '/api/v1/nodes?limit=250&continue=a%20b' },
  ])
})

t.test('an empty cluster is a list, too', async t => {
  t.same((await listNodes(asking(page(null)).api, 'c')).nodes, [])
  t.same((await listNodes(asking(page([])).api, 'c')).nodes, [])
})

t.test('of pages that are too large fewer nodes are asked for at once', async t => {
  const large = new AnswerTooLarge('much')
  const { api, asked } = asking(large, large, page([item('1')]))
  t.equal((await listNodes(api, 'c')).nodes.length, 1)
  t.same(
    asked.map(({ path }) => path),
    [250, 50, 10].map(limit => `/api/v1/nodes?limit=${limit}`),
  )
  await t.rejects(listNodes(asking(large).api, 'c'), refused(/one node is larger than an object may be/))
})

t.test('what is no whole list is none', async t => {
  const list = (answer: ApiAnswer | Error, ...others: readonly (ApiAnswer | Error)[]) =>
    listNodes(asking(answer, ...others).api, 'c')
  await t.rejects(list({ status: 403, body: {} }), refused(/the collector may not list nodes/))
  await t.rejects(list(page([item('1')], { continue: 'x' }), { status: 410, body: {} }), refused(/too slowly/))
  await t.rejects(list({ status: 404, body: undefined }), refused(/answered by 404 and no list/))
  await t.rejects(
    list({ status: 200, body: { kind: 'PodList', metadata: { resourceVersion: '1' } } }),
    refused(/no list/),
  )
  await t.rejects(list(page([], { resourceVersion: '' })), refused(/no list/))
  await t.rejects(list({ status: 200, body: null }), refused(/no list/))
  await t.rejects(list(page([], { continue: 'for ever' })), refused(/does not end/))
})

t.test('more nodes than a cluster can have are refused before they are all read', async t => {
  const many = Array.from({ length: 5_000 }, (_, index) => item(String(index)))
  const { api, asked } = asking(page(many, { continue: 'more' }))
  await t.rejects(listNodes(api, 'c'), { name: 'TooManyNodes' })
  t.equal(asked.length, 5)
})
