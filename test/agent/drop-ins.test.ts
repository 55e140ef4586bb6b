// Tests of drop-in directories.
import t from 'tap'
import { readDropIns } from '../../agent/drop-ins.ts'
import { hostFrom } from '../host-from.ts'

const isConf = (name: string) => name.endsWith('.conf')

t.test('files come in the order of their names, the earlier directory hides the later', async t => {
  const host = await hostFrom(t, {
    files: { '/a/2.conf': 'a2', '/b/1.conf': 'b1', '/b/2.conf': 'b2', '/b/x': 'no', '/b/d.conf/in.conf': 'no' },
  })
  t.strictSame(await readDropIns(host, ['/a', '/missing', '/b'], isConf), {
    files: [
      { path: '/b/1.conf', text: 'b1' },
      { path: '/a/2.conf', text: 'a2' },
    ],
    hidden: ['/b/2.conf'],
    failures: [],
  })
})

t.test('a file that cannot be used hides others all the same, and is a failure', async t => {
  const host = await hostFrom(t, { files: { '/a/1.conf': { fifo: true }, '/b/1.conf': 'b' } })
  const { files, hidden, failures } = await readDropIns(host, ['/a', '/b'], isConf)
  t.strictSame([files, hidden], [[], ['/b/1.conf']])
  t.strictSame(failures, [{ state: 'notRegular', path: '/a/1.conf', detail: 'fifo' }])
})

t.test('more files than the limit are a failure, not a long wait', async t => {
  const files = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`/a/${index}.conf`, '']))
  const read = await readDropIns(await hostFrom(t, { files }), ['/a'], isConf)
  t.equal(read.files.length, 2000)
  t.strictSame(read.failures, [{ state: 'tooLarge', path: '/a', detail: 'over the limit of 2000 files' }])
})

t.test('names of any bytes are read', async t => {
  const host = await hostFrom(t, { files: { '/a/\udcff\n.conf': 'x' } })
  t.strictSame((await readDropIns(host, ['/a'], isConf)).files, [{ path: '/a/\udcff\n.conf', text: 'x' }])
})
