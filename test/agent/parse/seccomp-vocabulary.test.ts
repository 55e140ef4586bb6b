// Tests of the words of seccomp profiles, as libseccomp and the OCI runtime specification have them.
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
