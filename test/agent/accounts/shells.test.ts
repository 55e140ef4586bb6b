// Tests of telling shells from programs that give nobody a session.
import t from 'tap'
import { isInteractiveShell } from '../../../agent/accounts/shells.ts'

const rows: readonly (readonly [shell: string, interactive: boolean])[] = [
  ['/bin/bash', true],
  ['/usr/bin/zsh', true],
  ['', true],
  ['/usr/bin/git-shell', true],
  ['/usr/sbin/nologin', false],
  ['/sbin/nologin', false],
  ['/usr/bin/nologin', false],
  ['/run/current-system/sw/bin/nologin', false],
  ['/bin/false', false],
  ['/usr/bin/true', false],
  ['/bin/sync', false],
  ['/sbin/shutdown', false],
  ['/sbin/halt', false],
  ['/dev/null', false],
  ['/usr/sbin/nologin\r', false],
  ['/home/mallory/nologin', true],
  ['/bin/../tmp/false', true],
  ['nologin', true],
]

for (const [shell, interactive] of rows) {
  t.equal(isInteractiveShell(shell), interactive, `${JSON.stringify(shell)} is ${interactive ? 'a shell' : 'none'}`)
}
