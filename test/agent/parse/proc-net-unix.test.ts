// Tests of reading /proc/PID/net/unix, whose paths anybody may choose.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseProcNetUnix } from '../../../agent/parse/proc-net-unix.ts'
import { fixtureCommand, fixtureRoot } from '../../fixture-host.ts'

const header = 'Num       RefCount Protocol Flags    Type St Inode Path\n'
const row = (inode: number, path: string, flags = '00010000') =>
  `00000000de67692e: 00000002 00000000 ${flags} 0001 01 ${String(inode).padStart(5)} ${path}\n`

t.test('listening sockets of the recorded machine are those that ss printed', async t => {
  const table = readFileSync(join(fixtureRoot('debian12-vm'), 'proc/1/net/unix'), 'utf8')
  const printed = [...fixtureCommand('debian12-vm', 'ss-xl').matchAll(/^u_\w+ +LISTEN +\d+ +\d+ +(\S+) (\d+) /gm)]
  t.equal(printed.length, 15)
  t.strictSame(
    parseProcNetUnix(table)
      .map(({ path, inode }) => `${path} ${inode}`)
      .sort(),
    printed.map(([, path, inode]) => `${path} ${inode}`).sort(),
  )
})

t.test('connections, unnamed sockets and datagrams do not listen', async t => {
  const text = `${header}${row(1, '/run/docker.sock', '00000000')}00000000de67692e: 00000003 00000000 00000000 0001 03 13707\n`
  t.strictSame(parseProcNetUnix(text), [])
  t.strictSame(parseProcNetUnix(''), [])
  t.strictSame(parseProcNetUnix(`${header}${row(7, '/run/a b')}`), [{ inode: 7, path: '/run/a b' }])
  t.strictSame(parseProcNetUnix(row(7, '@/containerd-shim/x@@')), [{ inode: 7, path: '@/containerd-shim/x@@' }])
  t.strictSame(parseProcNetUnix(row(7, '/run/\udcff.sock')), [{ inode: 7, path: '/run/\udcff.sock' }])
})

t.test('a line end in a path is no malformed table, and hides no other socket', async t => {
  const text = header + row(1, '/tmp/a\nb') + row(2, '/run/docker.sock')
  t.strictSame(parseProcNetUnix(text), [
    { inode: 1, path: '/tmp/a' },
    { inode: 2, path: '/run/docker.sock' },
  ])
})

t.test('any text gets an answer, any cut of a table has no other rows', async t => {
  const whole = header + row(11, '/run/docker.sock') + row(12, '/run/containerd/containerd.sock')
  for (let end = 0; end < whole.length; end += 1) {
    const inodes = parseProcNetUnix(whole.slice(0, end)).map(({ inode }) => inode)
    if (inodes.some(inode => ![11, 12].includes(inode))) t.fail(`${end} characters`)
  }
  const checked = fc.check(
    fc.property(fc.array(fc.oneof(fc.string(), fc.constant(row(3, '/x'))), { maxLength: 20 }), lines => {
      parseProcNetUnix(lines.join('\n'))
    }),
  )
  t.equal(checked.failed, false)
})
