// Open files, as new kernels tell their number and as old ones list them.
import { open } from 'node:fs/promises'
import t from 'tap'
import { countOpenFiles } from '../../collector/count-open-files.ts'

t.test('files are counted while they are open', async t => {
  // A directory of as many names and of no size, as /proc/self/fd is on Linux before 6.2.
  for (const directory of ['/proc/self/fd', '/proc/self/fdinfo']) {
    const before = await countOpenFiles(directory)
    const files = await Promise.all(Array.from({ length: 50 }, () => open('/dev/null')))
    t.equal(await countOpenFiles(directory), before + 50, directory)
    for (const file of files) await file.close()
    t.equal(await countOpenFiles(directory), before, directory)
  }
  t.equal(await countOpenFiles('/proc/self/fdinfo'), await countOpenFiles())
})

t.test('where there is no /proc there is no number', async t => {
  t.equal(await countOpenFiles('/proc/self/nothing'), 0)
})
