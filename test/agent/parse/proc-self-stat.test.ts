// Processor time of children in /proc/PID/stat, whatever the command calls itself.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { parseChildTicks } from '../../../agent/parse/proc-self-stat.ts'

const line = (comm: string, cutime: string, cstime: string) =>
  `4711 (${comm}) S 1 4711 4711 0 -1 4194560 100 200 0 0 11 22 ${cutime} ${cstime} 20 0 1 0 5000 10 20\n`

t.test('user and kernel time of children are added', t => {
  t.equal(parseChildTicks(line('node', '33', '44')), 77)
  t.equal(parseChildTicks(line(') S 1 2 3 4 (', '1', '0')), 1, 'a name may hold anything')
  t.type(parseChildTicks(readFileSync('/proc/self/stat', 'utf8')), 'number')
  t.end()
})

t.test('a line that is cut short or no line at all gives nothing, and never something else', t => {
  const whole = line('node', '33', '44')
  for (let length = 0; length < whole.length; length++) {
    const ticks = parseChildTicks(whole.slice(0, length))
    if (ticks !== undefined && ticks !== 77) t.fail(`${length} characters give ${ticks}`)
  }
  t.equal(parseChildTicks(line('node', 'x', '44')), undefined)
  t.equal(parseChildTicks(''), undefined)
  fc.assert(
    fc.property(fc.string(), text => {
      const ticks = parseChildTicks(text)
      return ticks === undefined || Number.isSafeInteger(ticks)
    }),
  )
  t.end()
})
