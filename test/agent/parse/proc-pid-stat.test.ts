// Tests of the /proc/PID/stat parser.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parseProcPidStat } from '../../../agent/parse/proc-pid-stat.ts'

const tail =
  '0 1 1 0 -1 4194560 6702 43885 182 301 1293 1509 1998 2356 20 0 1 0 66 171606016 3039 18446744073709551615 1 1 0'
const line = (comm: string) => `412 (${comm}) S ${tail}\n`

t.test('a recorded line of systemd', async t => {
  t.same(parseProcPidStat(line('systemd')), {
    pid: 412,
    comm: 'systemd',
    state: 'S',
    parentPid: 0,
    isKernelThread: false,
    startTicks: 66,
  })
})

t.test('a kernel thread is told by its flag', async t => {
  const text = '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 24 0 0 18446744073709551615 0 0\n'
  t.equal(parseProcPidStat(text)?.isKernelThread, true)
})

for (const comm of [
  '',
  ' ',
  ')',
  '(',
  ') S 1 (',
  '1 (x) R 9 9 9',
  'a\nb',
  'a\0b',
  '((sd-pam))',
  'ü\udc80',
  ') R 99 1 1 0 -1 64',
]) {
  t.equal(parseProcPidStat(line(comm))?.comm, comm, `comm ${JSON.stringify(comm)} is read whole`)
  t.equal(parseProcPidStat(line(comm))?.parentPid, 0, `comm ${JSON.stringify(comm)} does not move the fields`)
}

t.test('this process', async t => {
  const stat = parseProcPidStat(readFileSync('/proc/self/stat', 'utf8'))
  t.match(stat, { pid: process.pid, parentPid: process.ppid, isKernelThread: false, state: 'R' })
})

t.test('a cut line says nothing instead of something wrong', async t => {
  const whole = line('x')
  const start = whole.indexOf(' 66 ') + 3
  for (let length = 0; length <= whole.length; length += 1) {
    const stat = parseProcPidStat(whole.slice(0, length))
    if (stat) t.equal(stat.startTicks, 66, `prefix of ${length}`)
    if (length < start) t.equal(stat, undefined, `prefix of ${length}`)
  }
})

t.test('texts that are no stat line', async t => {
  for (const text of ['', 'x', ')(', '1 (a', '1 a) S 1', `x (a) S ${tail}`, `1 (a) SS ${tail}`, `-1 (a) S ${tail}`]) {
    t.equal(parseProcPidStat(text), undefined, JSON.stringify(text))
  }
})

t.test('no comm can forge another field', async t => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 15 }),
      fc.string({ unit: fc.constantFrom(...'() S1 9\n'), maxLength: 15 }),
      (a, b) => {
        for (const comm of [a, b])
          t.match(parseProcPidStat(line(comm)), { pid: 412, comm, parentPid: 0, startTicks: 66 })
      },
    ),
    { numRuns: 200 },
  )
})
