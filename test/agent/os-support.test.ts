// Tests of the table of support dates.
import t from 'tap'
import { supportEndsOn } from '../../agent/os-support.ts'

t.test('a version is looked up as it stands, then by its leading parts', async t => {
  t.equal(supportEndsOn('debian', '12'), '2028-06-30')
  t.equal(supportEndsOn('ubuntu', '24.04'), '2029-05-31')
  t.equal(supportEndsOn('rhel', '9.4'), '2032-05-31')
  t.equal(supportEndsOn('almalinux', '8.10'), '2029-03-01')
  t.equal(supportEndsOn('alpine', '3.22.1'), '2027-05-01')
  t.equal(supportEndsOn('sles', '15.5'), '2024-12-31')
})

t.test('what the table does not know is unknown', async t => {
  const unknown = [
    ['debian', ''],
    ['debian', '99'],
    ['ubuntu', '24.10'],
    ['ubuntu', '24'],
    ['sles', '15'],
    ['sles', '15.99'],
    ['arch', ''],
    ['constructor', '1'],
    ['debian', 'toString'],
    ['__proto__', 'x'],
    ['rhel', '...'],
  ] as const
  for (const [id, version] of unknown) t.equal(supportEndsOn(id, version), 'unknown', `${id} ${version}`)
})
