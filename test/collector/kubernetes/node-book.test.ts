// The nodes of a cluster in memory: what is told of changes, and what is known while nobody tells any.
import t from 'tap'
import { createNodeBook, maxNodes, type NodeChange } from '../../../collector/kubernetes/node-book.ts'

const node = (uid: string, labels: object = {}, name = `node-${uid}`) => ({ uid, name, labels: JSON.stringify(labels) })

function open() {
  const told: (readonly string[] | 'all')[] = []
  const book = createNodeBook((change: NodeChange) => told.push(change === 'all' ? change : [...change]))
  return { book, told }
}

t.test('tells what became other, and nothing of the rest', t => {
  const { book, told } = open()
  book.replace([node('1', { a: '1' }), node('2')])
  t.same(told.splice(0), ['all'])
  book.put(node('1', { a: '1' }))
  t.same(told, [], 'a node whose labels are the same')
  book.put(node('1', { a: '2' }))
  book.put(node('3'))
  book.remove('2')
  book.remove('2')
  t.same(told, [['1'], ['3'], ['2']])
  t.same([book.size, book.has('2'), book.has('3'), book.nameOf('3')], [2, false, true, 'node-3'])
  t.same(book.labelsOf('1'), { a: '2' })
  t.end()
})

t.test('of two nodes of one name the later is there', t => {
  const { book } = open()
  book.replace([node('1', {}, 'a')])
  book.put(node('2', {}, 'a'))
  t.same([book.has('1'), book.has('2'), book.size], [false, true, 1])
  book.remove('1')
  t.ok(book.has('2'))
  t.end()
})

t.test('while changes are not told, nothing is said of labels', t => {
  const { book } = open()
  t.equal(book.isCurrent, false)
  book.replace([node('1', { a: '1' })])
  t.equal(book.isCurrent, true)
  book.setCurrent(false)
  t.equal(book.labelsOf('1'), undefined)
  t.ok(book.has('1'))
  book.setCurrent(true)
  t.same(book.labelsOf('1'), { a: '1' })
  t.end()
})

t.test('more nodes than a cluster can have are not kept', t => {
  const { book } = open()
  book.replace(Array.from({ length: maxNodes }, (_, index) => node(String(index))))
  t.throws(() => book.put(node('x')), { name: 'TooManyNodes' })
  book.put(node('7', { a: '1' }))
  t.equal(book.size, maxNodes)
  t.end()
})
