// Order and bounds of the offers of one stream.
import t from 'tap'
import { createOfferBook } from '../../../collector/ingest/offer-book.ts'

const at = (sequence: number, previousSequence = 0) => ({ sequence, previousSequence })

const pending = (sequence: number, ready: boolean, bodyBytes = 10) => ({
  ...{ sequence, ready, bodyBytes, wantedBytes: bodyBytes },
  offer: String(sequence),
})

t.test('offers go up', async t => {
  const book = createOfferBook<string>(5, 1_000)
  t.equal(book.admit(at(5), 0, false), 'applied')
  t.equal(book.admit(at(6), 0, false), 'new')
  t.equal(book.admit(at(9), 0, false), 'new', 'changes of one facet may have merged')
  t.throws(() => book.admit(at(9), 0, false), { code: 'sequence' })
  t.throws(() => book.admit(at(8), 0, false), { code: 'sequence' })
})

t.test('an offer whose predecessor never came is refused', async t => {
  const book = createOfferBook<string>(5, 1_000)
  t.throws(() => book.admit(at(9, 8), 0, false), { code: 'sequence', message: /9 follows 8, which never came/ })
  t.equal(book.admit(at(9, 4), 0, false), 'new', 'merged, and the one before is applied')
  t.equal(book.admit(at(12, 9), 0, false), 'new')
})

t.test('what follows an offer that was put off waits for it', async t => {
  const book = createOfferBook<string>(0, 1_000)
  t.equal(book.admit(at(1), 0, true), 'later')
  t.equal(book.admit(at(2), 10, false), 'later')
  t.equal(book.admit(at(1), 1_000, true), 'later')
  t.equal(book.admit(at(2), 1_010, false), 'later')
  t.equal(book.admit(at(1), 2_000, false), 'new')
  t.equal(book.admit(at(2), 2_010, false), 'new')
})

t.test('an offer that was put off and never comes again ends the stream instead of being skipped', async t => {
  const book = createOfferBook<string>(0, 1_000)
  t.equal(book.admit(at(1), 0, true), 'later')
  t.throws(() => book.admit(at(2), 3_001, false), { code: 'sequence', message: /sequence 1 was put off/ })
})

t.test('what is ready leaves in order', async t => {
  const book = createOfferBook<string>(0, 1_000)
  book.add(pending(1, false))
  book.add(pending(2, true, 0))
  book.add(pending(3, false, 7))
  t.same(book.takeReady(), [])
  t.equal(book.size, 3)
  t.equal(book.bodyBytes, 17)
  book.complete(1, 'body of 1')
  t.match(book.takeReady(), [{ sequence: 1, offer: 'body of 1' }, { sequence: 2 }])
  book.complete(99, 'nobody')
  t.same(book.takeReady(), [])
  t.equal(book.size, 1)
})
