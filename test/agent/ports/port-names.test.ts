// Tests of names for ports and users.
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { type NameMemory, readPortNames } from '../../../agent/ports/port-names.ts'
import { Gaps } from '../../../agent/probe.ts'
import { hostFrom } from '../../host-from.ts'

t.test('names are read again when a file changes, and only then', async t => {
  const host = await hostFrom(t, { files: { '/etc/services': 'a 1/tcp\n', '/etc/passwd': 'root:x:0:0::/:/\n' } })
  let reads = 0
  const readText = (path: string) => {
    reads += 1
    return host.readText(path)
  }
  const counting = { ...host, readText }
  const memory: NameMemory = new Map()
  const names = () => readPortNames(counting, new Gaps(), memory)
  t.equal((await names()).services.get('1/tcp'), 'a')
  t.equal((await names()).users.get(0), 'root')
  t.equal(reads, 2)
  writeFileSync(`${host.root}/etc/services`, 'longer 1/tcp\n')
  t.equal((await names()).services.get('1/tcp'), 'longer')
  t.equal(reads, 3)
})

t.test('a host without the files has no names, and that is no gap', async t => {
  const gaps = new Gaps()
  const names = await readPortNames(await hostFrom(t, { files: { '/etc/hostname': 'x\n' } }), gaps, new Map())
  t.strictSame([names.services.size, names.users.size, gaps.rows], [0, 0, []])
})

t.test('a file that cannot be read is told in every sweep', async t => {
  const host = await hostFrom(t, { files: { '/etc/services': { fifo: true }, '/etc/passwd': 'x'.repeat(9_000_000) } })
  const memory: NameMemory = new Map()
  for (let sweep = 0; sweep < 2; sweep += 1) {
    const gaps = new Gaps()
    await readPortNames(host, gaps, memory)
    t.strictSame(
      gaps.rows.map(({ field, state }) => [field, state]),
      [
        ['listeners.service', 'notRegular'],
        ['listeners.holders.user', 'tooLarge'],
      ],
    )
  }
})
