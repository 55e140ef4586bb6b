// Tests of when a live value counts as the persisted one.
import t from 'tap'
import { isSameValue } from '../../../agent/sysctl/parameter-rows.ts'

const cases: readonly (readonly [live: string, wanted: string, same: boolean])[] = [
  ['1', '1', true],
  ['1', '01', true],
  ['438', '0x1b6', true],
  ['438', '0666', true],
  ['438', '438 ', false],
  ['1', '0', false],
  ['-1', '-1', true],
  ['8', '08', false],
  ['4 4 1 7', '4', true],
  ['4 4 1 7', '4 4 1 7', true],
  ['4 4 1 7', '3', false],
  ['4', '4 4', false],
  ['9223372036854775807', '9223372036854775807', true],
  ['fq_codel', 'fq', false],
  ['core %p', 'core', false],
  ['core', 'core', true],
]

for (const [live, wanted, same] of cases) {
  t.test(`${live} ${same ? 'is' : 'is not'} what ${wanted} sets`, async t => {
    t.equal(isSameValue(live, wanted), same)
  })
}
