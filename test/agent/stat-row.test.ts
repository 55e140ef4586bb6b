// Rows of files in lists: what can be looked at, what is not there, and what cannot.
import t from 'tap'
import { octalMode } from '../../agent/octal-mode.ts'
import { statRow } from '../../agent/stat-row.ts'
import { hostFrom } from '../host-from.ts'

t.test('a file has mode and owner, what is not there and what cannot be looked at has none', async t => {
  const host = await hostFrom(t, {
    files: { '/etc/key': 'k' },
    modes: { '/etc/key': { mode: 0o4640, uid: 0, gid: 42 } },
  })
  t.strictSame(statRow(await host.stat('/etc/key')), { state: 'present', mode: '4640', uid: 0, gid: 42 })
  const none = { mode: '', uid: -1, gid: -1 }
  t.strictSame(statRow(await host.stat('/etc/none')), { state: 'absent', ...none })
  t.strictSame(statRow({ state: 'unreadable', path: '/x', detail: 'EACCES' }), {
    state: 'unreadable',
    ...none,
  })
})

t.test('modes have four digits', async t => {
  t.same([0, 0o644, 0o1777, undefined].map(octalMode), ['0000', '0644', '1777', ''])
})
