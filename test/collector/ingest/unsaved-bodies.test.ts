// How much may lie in memory before nothing more is read.
import t from 'tap'
import { createUnsavedBodies } from '../../../collector/ingest/unsaved-bodies.ts'

t.test('readers wait while too much is held, and go on when it is on disk', async t => {
  const unsaved = createUnsavedBodies(10)
  await unsaved.room()
  unsaved.hold('a', '12345678')
  unsaved.hold('b', '1234')
  let isRoom = false
  const waiting = unsaved.room().then(() => {
    isRoom = true
  })
  unsaved.hold('b', '1234')
  unsaved.release('b')
  await Promise.resolve()
  t.equal(isRoom, false, 'somebody else still holds it')
  t.equal(unsaved.characters, 12)
  unsaved.release('b')
  await waiting
  t.equal(isRoom, true)
  t.equal(unsaved.get('a'), '12345678')
  t.equal(unsaved.get('b'), undefined)
  unsaved.release('nobody')
  t.equal(unsaved.characters, 8)
})
