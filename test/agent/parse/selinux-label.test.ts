// Tests of the type in SELinux labels of processes.
import { equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { typeOfLabel } from '../../../agent/parse/selinux-label.ts'

t.test('labels as /proc/PID/attr/current tells them', async t => {
  for (const [label, type] of [
    ['system_u:system_r:container_runtime_t:s0', 'container_runtime_t'],
    ['system_u:system_r:container_t:s0:c1,c2\0', 'container_t'],
    ['unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023\n', 'unconfined_t'],
    ['user_u:user_r:user_t', 'user_t'],
    ['unconfined', undefined],
    ['docker-default (enforce)', undefined],
    ['/usr/sbin/cupsd (enforce)\n', undefined],
    ['a:b', undefined],
    ['a:b:', undefined],
    ['a:b:c d', undefined],
    [`a:b:${'t'.repeat(129)}`, undefined],
    ['', undefined],
  ] as const)
    t.equal(typeOfLabel(label), type, JSON.stringify(label))
})

t.test('any label gives its third part, with or without a level and an end', async () => {
  const word = fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/)
  const level = fc.oneof(
    fc.constant(''),
    fc.stringMatching(/^:s[0-9]{1,2}(?:-s[0-9])?(?::c[0-9]{1,4}(?:[.,]c[0-9]{1,4})?)?$/),
  )
  fc.assert(
    fc.property(word, word, word, level, fc.constantFrom('', '\n', '\0'), (user, role, type, range, end) => {
      equal(typeOfLabel(`${user}:${role}:${type}${range}${end}`), type)
    }),
  )
})

t.test('what is told of any text is one of the parts between its colons', async () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z:\n\0 ()]{0,30}$/), text => {
      const type = typeOfLabel(text)
      if (type !== undefined) equal(text.replace(/[\n\0]+$/, '').split(':')[2], type)
    }),
    { numRuns: 500 },
  )
})
