import t from 'tap'
import { createBoundedCache } from '../../../collector/domain/bounded-cache.ts'

const kept = (cache: ReturnType<typeof createBoundedCache<object>>) =>
  ['a', 'b', 'c'].filter(key => cache.get(key) !== undefined)

t.test('what was used least recently goes first', async t => {
  const cache = createBoundedCache<object>(10)
  cache.set('a', {}, 4)
  cache.set('b', {}, 4)
  t.ok(cache.get('a'))
  cache.set('c', {}, 4)
  t.same(kept(cache), ['a', 'c'])
})

t.test('an entry that is set anew takes its new size', async t => {
  const cache = createBoundedCache<object>(10)
  cache.set('a', { first: true }, 8)
  cache.set('a', { first: false }, 2)
  cache.set('b', {}, 8)
  t.same(kept(cache), ['a', 'b'])
  t.same(cache.get('a'), { first: false })
})

t.test('what is larger than the whole stands alone', async t => {
  const cache = createBoundedCache<object>(10)
  cache.set('a', {}, 4)
  cache.set('b', {}, 40)
  t.same(kept(cache), ['b'])
  cache.set('c', {}, 4)
  t.same(kept(cache), ['c'])
})

t.test('among many, what is used goes on to be there', async t => {
  const cache = createBoundedCache<object>(100)
  cache.set('used', {}, 1)
  for (let index = 0; index < 1_000; index++) {
    cache.set(String(index), {}, 1)
    if (index % 30 === 0) t.ok(cache.get('used'), `after ${index}`)
  }
  const found = Array.from({ length: 1_000 }, (_, index) => index).filter(index => cache.get(String(index)))
  t.ok(found.length <= 99 && found.length >= 95, 'and the whole is full of the latest')
  t.ok(found.every(index => index > 850))
})
