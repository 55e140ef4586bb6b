// Tests of the size of a machine in the kernel's words.
import fc from 'fast-check'
import t from 'tap'
import { countCpus, cpuModelOf, memoryMiBOf } from '../../../agent/parse/machine-size.ts'

const cpuinfo = `processor\t: 0
vendor_id\t: GenuineIntel
model\t\t: 106
model name\t: Intel(R)  Xeon(R) Platinum 8375C CPU @ 2.90GHz
stepping\t: 6
`

t.test('the model of the first CPU, white space folded', async t => {
  t.equal(cpuModelOf(cpuinfo), 'Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz')
  t.equal(cpuModelOf('processor\t: 0\nBogoMIPS\t: 50.00\n'), '')
  t.equal(cpuModelOf(''), '')
})

t.test('CPUs are counted in lists and ranges', async t => {
  for (const [list, count] of [
    ['0', 1],
    ['0-1\n', 2],
    ['0-3,8-11\n', 8],
    ['0,2,4', 3],
  ] as const) {
    t.equal(countCpus(list), count, list)
  }
  for (const list of ['', '-', '3-1', '0-', 'a', '0,,1', '0-9999999']) t.equal(countCpus(list), undefined, list)
})

t.test('memory in MiB', async t => {
  t.equal(memoryMiBOf('MemTotal:       24684092 kB\nMemFree:  1 kB\n'), 24106)
  t.equal(memoryMiBOf('MemFree:  1 kB\n'), undefined)
  t.equal(memoryMiBOf('MemTotal: lots\n'), undefined)
})

t.test('any text is answered', async t => {
  fc.assert(
    fc.property(fc.string(), text => {
      cpuModelOf(text)
      memoryMiBOf(text)
      const count = countCpus(text)
      t.ok(count === undefined || count > 0)
    }),
    { numRuns: 200 },
  )
})
