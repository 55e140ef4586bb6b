// Tests of translating ids of user namespaces.
import fc from 'fast-check'
import t from 'tap'
import { insideId } from '../../../agent/parse/uid-map.ts'

t.test('ids inside of ids outside', async t => {
  const map = '         0     100000      65536\n     65536       1000          1\n'
  t.equal(insideId(map, 100000), 0)
  t.equal(insideId(map, 165535), 65535)
  t.equal(insideId(map, 165536), undefined)
  t.equal(insideId(map, 1000), 65536)
  t.equal(insideId(map, 0), undefined)
  t.equal(insideId('0 0 4294967295\r\n', 33), 33)
  for (const text of ['', 'x', '0 0', '0 -1 5', '0 0 1 2']) t.equal(insideId(text, 0), undefined, text)
})

t.test('whatever the text is, reading ends', async t => {
  fc.assert(fc.property(fc.string(), fc.nat(), (text, id) => (insideId(text, id) ?? 0) >= 0))
  t.pass('random texts')
})
