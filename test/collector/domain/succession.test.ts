import * as fc from 'fast-check'
import t from 'tap'
import { createSuccession, isOfNewerProgram, successorOf } from '../../../collector/domain/succession.ts'
import type { StandingPolicy } from '../../../collector/store/policy-records.ts'
import { createFakeClock } from '../../fake-clock.ts'

const standing = (version: string): StandingPolicy => ({ version, revision: 1, putBy: 'one' })

/** @param policies that collectors have now */
function succession(policies: () => readonly string[]) {
  const clock = createFakeClock()
  const read = { policiesOfCollectors: async () => policies() }
  return { clock, ...createSuccession({ store: { read } as never, clock }) }
}

t.test('the newest program follows, then what most have, then the same for everybody', async t => {
  t.equal(successorOf([]), undefined)
  t.equal(successorOf(['1.9.0 a', '1.10.0 b', '1.9.0 a']), '1.10.0 b')
  t.equal(successorOf(['1.0.0 a', '1.0.0 b', '1.0.0 b']), '1.0.0 b')
  t.equal(successorOf(['1.0.0 b', '1.0.0 a']), '1.0.0 a')
  t.equal(successorOf(['1.0.0-rc.1 b', '1.0.0-rc.1 b', '1.0.0 a']), '1.0.0 a')
})

t.test('every collector comes to the same successor, in whatever order it reads them', async t => {
  const policy = fc.tuple(fc.constantFrom('1.0.0', '1.2.0', '1.10.0-rc.1', '', 'x'), fc.constantFrom('a', 'b', 'c'))
  const policies = fc.array(
    policy.map(words => words.join(' ')),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(
      policies.chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
      ([list, other]) => {
        const chosen = successorOf(list)
        return chosen !== undefined && list.includes(chosen) && chosen === successorOf(other)
      },
    ),
  )
  t.pass('for all of them')
})

t.test('a newer program does not wait, an older one and another policy of the same do', async t => {
  const { isDue } = succession(() => ['1.9.0 held'])
  t.equal(await isDue('1.10.0 own', standing('1.9.0 held')), true)
  t.equal(await isDue('1.8.0 own', standing('1.9.0 held')), false)
  t.equal(await isDue('1.9.0 own', standing('1.9.0 held')), false)
  t.equal(await isDue('1.9.0 own', standing('1.9.0 own')), false, 'it is its own')
  t.equal(await isDue('1.9.0 own', undefined), true, 'there is none')
  t.equal(isOfNewerProgram(standing('1.10.0 a'), '1.9.0 b'), true)
  t.equal(isOfNewerProgram(standing('1.9.0 a'), '1.9.0 b'), false)
  t.equal(isOfNewerProgram(undefined, '1.9.0 b'), false)
})

t.test('a policy that nobody has is followed after a while, and the while begins anew when somebody comes', async t => {
  let policies = ['1.0.0 own']
  const { isDue, clock } = succession(() => policies)
  const due = () => isDue('1.0.0 own', standing('1.0.0 gone'))
  t.equal(await due(), false)
  await clock.advance(9_999)
  t.equal(await due(), false)
  policies = ['1.0.0 own', '1.0.0 gone']
  t.equal(await due(), false)
  policies = ['1.0.0 own']
  t.equal(await due(), false)
  await clock.advance(9_999)
  t.equal(await due(), false)
  await clock.advance(1)
  t.equal(await due(), true)
  t.equal(await isDue('1.0.0 own', standing('1.0.0 another')), false, 'another one has its own while')
  await clock.advance(10_000)
  policies = []
  t.equal(await isDue('1.0.0 own', standing('1.0.0 another')), true, 'it counts itself')
  policies = ['1.0.0 other', '1.0.0 other']
  t.equal(await isDue('1.0.0 own', standing('1.0.0 another')), false, 'others come before')
})
