// Tests of what a process runs that is no longer on disk, from the text of /proc/PID/maps.
import fc from 'fast-check'
import t from 'tap'
import { parseReplacedFiles } from '../../../agent/parse/proc-maps.ts'

const maps = `55d0c8a00000-55d0c8a2d000 r--p 00000000 fe:01 1311 /usr/sbin/sshd (deleted)
55d0c8a2d000-55d0c8ac0000 r-xp 0002d000 fe:01 1311 /usr/sbin/sshd (deleted)
55d0ca1c1000-55d0ca203000 rw-p 00000000 00:00 0                          [heap]
7f1cb4000000-7f1cb4200000 rw-s 00000000 00:01 5                          /SYSV00000000 (deleted)
7f1cb4400000-7f1cb4600000 r-xp 00000000 00:01 2050                       /memfd:doublemapper (deleted)
7f1cb4a00000-7f1cb4a22000 r--p 00000000 fe:01 2621                       /usr/lib/x86_64-linux-gnu/libc.so.6
7f1cb4a22000-7f1cb4b9a000 r-xp 00022000 fe:01 2621                       /usr/lib/x86_64-linux-gnu/libc.so.6
7f1cb5000000-7f1cb5100000 r-xp 00000000 fe:01 2644                       /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)
7f1cb5200000-7f1cb5300000 r--p 00000000 fe:01 2645                       /usr/lib/locale/C.utf8/LC_CTYPE (deleted)
7f1cb5400000-7f1cb5500000 r-xp 00000000 00:05 11                         /dev/zero (deleted)
7f1cb5600000-7f1cb5700000 r-xp 00000000 fe:01 99                         /tmp/jna123.so (deleted)
7f1cb5800000-7f1cb5900000 r-xp 00000000 fe:01 98                         /opt/a b/lib c.so (deleted)
7ffd4a1e0000-7ffd4a201000 rw-p 00000000 00:00 0                          [stack]
`

t.test('programs and libraries that are mapped to run and gone', async t => {
  t.strictSame(parseReplacedFiles(maps), [
    '/usr/sbin/sshd',
    '/usr/lib/x86_64-linux-gnu/libssl.so.3',
    '/opt/a b/lib c.so',
  ])
  t.strictSame(parseReplacedFiles(maps.replaceAll(' (deleted)', '')), [])
})

t.test('the mark counts at the end of a line only', async t => {
  t.strictSame(parseReplacedFiles('7f00-7f01 r-xp 00000000 fe:01 9 /usr/lib/a (deleted).so\n'), [])
  t.strictSame(parseReplacedFiles('7f00-7f01 r-xp 00000000 fe:01 9 /usr/lib/a (deleted) (deleted)\n'), [
    '/usr/lib/a (deleted)',
  ])
})

t.test('every prefix and any text are answered', async t => {
  for (let length = 0; length <= maps.length; length += 1) {
    t.ok(parseReplacedFiles(maps.slice(0, length)).length <= 3)
  }
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => parseReplacedFiles(`${text} (deleted)`).length <= 1))
})
