// How far behind a host is: by what it said is queued, and by what came to the disk.
import t from 'tap'
import { createBacklog } from '../../../collector/ingest/backlog.ts'

t.test('with nothing queued a host is current', t => {
  t.same(createBacklog(0, 0).sync(1_000_000), { state: 'current', behindMs: 0, queuedChanges: 0 })
  t.end()
})

t.test('what the hello tells holds until offers come', t => {
  const backlog = createBacklog(7, 40_000)
  t.same(backlog.sync(100_000), { state: 'catching-up', behindMs: 60_000, queuedChanges: 7 })
  backlog.offered(1, 40_000, 6)
  t.same(backlog.sync(100_000), { state: 'catching-up', behindMs: 60_000, queuedChanges: 7 })
  t.end()
})

t.test('each change that comes to the disk brings it nearer, the last one up to date', t => {
  const backlog = createBacklog(3, 1_000)
  backlog.offered(4, 1_000, 2)
  backlog.offered(6, 20_000, 1)
  backlog.offered(9, 59_000, 0)
  t.match(backlog.sync(60_000), { behindMs: 59_000, queuedChanges: 3 })
  backlog.applied(4)
  t.same(backlog.sync(60_000), { state: 'catching-up', behindMs: 40_000, queuedChanges: 2 })
  backlog.applied(6)
  t.same(backlog.sync(60_000), { state: 'current', behindMs: 1_000, queuedChanges: 1 }, 'a change under way')
  backlog.applied(9)
  t.same(backlog.sync(60_000), { state: 'current', behindMs: 0, queuedChanges: 0 })
  t.end()
})

t.test('between two offers the age is that of the last change that came', t => {
  const backlog = createBacklog(100, 1_000)
  backlog.offered(1, 1_000, 99)
  backlog.applied(1)
  t.same(backlog.sync(61_000), { state: 'catching-up', behindMs: 60_000, queuedChanges: 99 })
  t.end()
})

t.test('a clock that runs ahead makes no negative age, and ten seconds are no catching up', t => {
  const backlog = createBacklog(0, 0)
  backlog.offered(1, 50_000, 0)
  t.same(backlog.sync(40_000), { state: 'current', behindMs: 0, queuedChanges: 1 })
  t.equal(backlog.sync(60_000).state, 'current')
  t.equal(backlog.sync(60_001).state, 'catching-up')
  t.end()
})
