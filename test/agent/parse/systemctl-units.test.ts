// Tests of the parser of systemctl's list of units.
import fc from 'fast-check'
import t from 'tap'
import { parseSystemctlUnits } from '../../../agent/parse/systemctl-units.ts'
import { fixtureCommand } from '../../fixture-host.ts'

t.test('every line of a recorded list is a unit', async t => {
  const text = fixtureCommand('debian12-vm', 'systemctl-units')
  const units = parseSystemctlUnits(text)
  t.equal(units.length, text.trim().split('\n').length)
  t.strictSame(
    units.find(({ unit }) => unit === 'ssh.service'),
    { unit: 'ssh.service', load: 'loaded', active: 'active', sub: 'running' },
  )
  t.match(
    units.find(({ unit }) => unit === 'home.mount'),
    { load: 'not-found', active: 'inactive', sub: 'dead' },
  )
  t.ok(units.some(({ unit }) => unit === 'dev-disk-by\\x2ddiskseq-1.device'))
})

t.test('bullets before units that failed are passed over', async t => {
  t.strictSame(parseSystemctlUnits('● a.service loaded failed failed What it is\n* b@c.timer masked inactive dead\n'), [
    { unit: 'a.service', load: 'loaded', active: 'failed', sub: 'failed' },
    { unit: 'b@c.timer', load: 'masked', active: 'inactive', sub: 'dead' },
  ])
})

t.test('other text, prefixes, carriage returns and bytes are survived', async t => {
  t.strictSame(parseSystemctlUnits('System has not been booted with systemd as init system (PID 1).\n\n'), [])
  t.match(parseSystemctlUnits('a.service loaded active running X\r\n'), [{ sub: 'running' }])
  const text = fixtureCommand('debian12-vm', 'systemctl-units').slice(0, 2000)
  for (let length = 0; length < text.length; length += 7) t.ok(parseSystemctlUnits(text.slice(0, length)))
  t.strictSame(parseSystemctlUnits(`${'x'.repeat(1 << 20)} a b c`), [])
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), any => Array.isArray(parseSystemctlUnits(any))))
})
