// Tests of the words of seccomp profiles, as libseccomp and the OCI runtime specification have them.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { actionKind, isAction, isArchitecture, isComparison, isFlag } from '../../../agent/parse/seccomp-vocabulary.ts'

t.test('what every action does to a call', async t => {
  const kinds = {
    allow: ['ALLOW'],
    log: ['LOG'],
    refuse: ['ERRNO', 'KILL', 'KILL_THREAD', 'KILL_PROCESS', 'TRAP'],
    other: ['TRACE', 'NOTIFY'],
  }
  for (const [kind, names] of Object.entries(kinds))
    for (const name of names) {
      t.equal(actionKind(`SCMP_ACT_${name}`), kind, name)
      t.equal(isAction(`SCMP_ACT_${name}`), true, name)
    }
  t.equal(isAction('ALLOW'), false)
  t.equal(actionKind('SCMP_ACT_MAYBE'), 'other')
})

t.test('flags, comparisons and architectures by their whole names', async t => {
  for (const name of ['TSYNC', 'LOG', 'SPEC_ALLOW', 'WAIT_KILLABLE_RECV'])
    t.equal(isFlag(`SECCOMP_FILTER_FLAG_${name}`), true)
  for (const name of ['NE', 'LT', 'LE', 'EQ', 'GE', 'GT', 'MASKED_EQ']) t.equal(isComparison(`SCMP_CMP_${name}`), true)
  for (const name of ['X86', 'X86_64', 'AARCH64', 'PARISC64', 'SHEB'])
    t.equal(isArchitecture(`SCMP_ARCH_${name}`), true)
  for (const word of ['', 'TSYNC', 'SECCOMP_FILTER_FLAG_']) t.equal(isFlag(word), false)
  for (const word of ['', 'EQ', 'SCMP_CMP_']) t.equal(isComparison(word), false)
  for (const word of ['', 'X86', 'SCMP_ARCH_']) t.equal(isArchitecture(word), false)
})

t.test('no other spelling is a word of profiles, however near', async () => {
  const tests = [isAction, isArchitecture, isFlag, isComparison]
  const words = ['SCMP_ACT_KILL_PROCESS', 'SCMP_ARCH_X86_64', 'SECCOMP_FILTER_FLAG_TSYNC', 'SCMP_CMP_MASKED_EQ']
  const spoilt = fc
    .tuple(fc.constantFrom(...words), fc.nat({ max: 30 }), fc.constantFrom('', 'x', '_', ' ', '\0', 'é'))
    .map(([word, at, piece]) => word.slice(0, at) + piece + word.slice(at + (piece === '' ? 1 : 0)))
    .filter(text => !words.includes(text) && !['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'].includes(text))
  const odd = fc.constantFrom('__proto__', 'constructor', 'toString', 'SCMP_ACT_', 'scmp_act_allow')
  fc.assert(
    fc.property(fc.oneof(spoilt, odd, fc.string({ maxLength: 20 })), text => {
      equal(tests.filter(is => is(text)).length, 0, text)
      equal(actionKind(text), 'other')
    }),
    { numRuns: 500 },
  )
  for (const word of words) t.equal(tests.filter(is => is(word)).length, 1, `${word} is of one kind`)
})
