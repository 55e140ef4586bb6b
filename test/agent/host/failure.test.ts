// Tests of what a failed system call means.
import t from 'tap'
import { failureOf, kindOf } from '../../../agent/host/failure.ts'

const failed = (code: string) => Object.assign(new Error(code), { code })

t.test('what is not there is absent', async t => {
  for (const code of ['ENOENT', 'ENOTDIR', 'ESRCH'])
    t.match(failureOf('/x', failed(code)), { state: 'absent', path: '/x', detail: code })
})

t.test('denials name the capability that would help', async t => {
  for (const path of [
    '/proc/1/exe',
    '/proc/1/fd',
    '/proc/1/fd/3',
    '/proc/1/task/2/environ',
    '/proc/1/root',
    '/proc/1/ns/net',
  ]) {
    t.match(
      failureOf(path, failed('EACCES')),
      { state: 'unreadable', detail: 'EACCES, CAP_SYS_PTRACE would help' },
      path,
    )
  }
  for (const path of ['/etc/shadow', '/proc/1/stat', '/proc/kallsyms', '/etc/proc/1/fd']) {
    t.match(
      failureOf(path, failed('EPERM')),
      { state: 'unreadable', detail: 'EPERM, CAP_DAC_READ_SEARCH would help' },
      path,
    )
  }
})

t.test('no right to read files helps with kernel parameters', async t => {
  const path = '/proc/sys/net/core/bpf_jit_harden'
  t.match(failureOf(path, failed('EPERM')), { state: 'unreadable', detail: 'EPERM, CAP_SYS_ADMIN would help' })
  t.match(failureOf(path, failed('EACCES')), { state: 'unreadable', detail: 'EACCES, being root would help' })
})

t.test('other errors keep their errno', async t => {
  t.match(failureOf('/x', failed('EIO')), { state: 'unreadable', detail: 'EIO' })
  t.match(failureOf('/x', failed('EISDIR')), { state: 'notRegular', detail: 'directory' })
  t.match(failureOf('/x', new Error('secret words')), { state: 'unreadable', detail: 'unknown error' })
})

t.test('kinds are told by the type bits of the mode', async t => {
  const kinds = [
    [0o100644, 'file'],
    [0o40755, 'directory'],
    [0o120777, 'symlink'],
    [0o10644, 'fifo'],
    [0o140755, 'socket'],
    [0o60660, 'block'],
    [0o20666, 'character'],
  ] as const
  for (const [mode, kind] of kinds) t.equal(kindOf({ mode }), kind)
})
