// What an agent writes is read back; anything else is nothing.
import fc from 'fast-check'
import t from 'tap'
import { type PulseRecord, parsePulse } from '../../../agent/parse/pulse.ts'

const record: PulseRecord = {
  ...{ pid: 812, startTicks: 4_711, pidNamespace: 'pid:[4026531836]', version: '0.1.0' },
  ...{ turnedMs: 90_000, lookedMs: -1, patienceMs: 510_000, uplink: 'away', queued: 3, ended: false },
}

t.test('what an agent writes is read, with what a later version adds', t => {
  t.match(parsePulse(`${JSON.stringify(record).padEnd(511)}\n`), record)
  t.match(parsePulse(JSON.stringify({ ...record, at: '2026-11-22T00:00:00.000Z', later: [1] })), record)
  t.end()
})

t.test('each field has its bounds', t => {
  const wrong: readonly (readonly [keyof PulseRecord, ...unknown[]])[] = [
    ['pid', 0, -1, 2 ** 31, 1.5, '1', null, undefined],
    ['startTicks', -2, 2 ** 53, '0'],
    ['pidNamespace', 'pid:[]', 'mnt:[1]', `pid:[${'1'.repeat(21)}]`, 'pid:[1]\n', 1],
    ['version', '', '0.1.0\u001b[31m', '0 1', 'x'.repeat(65), 1],
    ['turnedMs', -1, Number.NaN, 1e300],
    ['lookedMs', -2, {}],
    ['patienceMs', -1, 86_400_001],
    ['uplink', '', 'Connected', 'constructor', ['away']],
    ['queued', -1, true],
    ['ended', 0, 'false', null],
  ]
  for (const [field, ...values] of wrong)
    for (const value of values)
      t.equal(
        parsePulse(JSON.stringify({ ...record, [field]: value })),
        undefined,
        `${field}: ${JSON.stringify(value)}`,
      )
  t.end()
})

t.test('no beginning of it is taken for the whole', t => {
  const text = JSON.stringify(record)
  for (let length = 0; length < text.length; length++) t.equal(parsePulse(text.slice(0, length)), undefined)
  t.end()
})

t.test('other JSON and no JSON are nothing', t => {
  for (const text of ['', 'null', '[]', '1', '"alive"', '{}', '\ufffd\ufffd', '['.repeat(4_000)])
    t.equal(parsePulse(text), undefined, text.slice(0, 20))
  t.end()
})

t.test('whatever stands there is read within bounds, or not', t => {
  const field = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null), fc.constantFrom('away', 'pid:[1]'))
  const fields = fc.record(Object.fromEntries(Object.keys(record).map(name => [name, field])), { requiredKeys: [] })
  fc.assert(
    fc.property(fields, given => {
      const found = parsePulse(JSON.stringify({ ...record, ...given }))
      return found === undefined || (found.pid > 0 && found.turnedMs >= 0 && /^[\w.+-]+$/.test(found.version))
    }),
  )
  fc.assert(fc.property(fc.string(), text => parsePulse(text) === undefined))
  t.end()
})
