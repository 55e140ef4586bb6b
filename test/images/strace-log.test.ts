// What a log of strace says that a program wrote to and started.
import t from 'tap'
import { execsOf, writesOf } from './strace-log.ts'

const trace = [
  '226   openat(AT_FDCWD</>, "/dev/shm/runc", O_RDWR|O_CREAT, 0600) = 3</dev/shm/runc>',
  '226   execve("/usr/local/bin/node", ["node", "/opt/x.mjs"], 0xc0 /* 7 vars */ <unfinished ...>',
  '226   openat(AT_FDCWD</>, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 4</etc/passwd>',
  '226   fcntl(1</tmp/out>, F_GETFL) = 0x8001 (flags O_WRONLY|O_LARGEFILE)',
  '226   openat(AT_FDCWD</>, "/dev/null", O_WRONLY|O_CLOEXEC) = 4</dev/null>',
  '226   readlinkat(AT_FDCWD</>, "/proc/self/exe", "/usr/bin/x", 4096) = 10',
  '226   mkdir("/var/lib/gabion/agent/outbox", 0700) = 0',
  '226   openat(AT_FDCWD</>, "/var/lib/gabion/agent/id.new", O_WRONLY|O_CREAT|O_EXCL, 0600) = 20',
  '230   rename("/var/lib/gabion/agent/id.new", "/var/lib/gabion/agent/id") = 0',
  '231   unlink("/host/etc/\\"quoted\\"") = -1 EROFS (Read-only file system)',
  '259   execve("/usr/sbin/nft", ["/usr/sbin/nft", "-j"], 0x3e /* 3 vars */) = 0',
]

t.test('tells each call that changes something, also one that fails, from the program’s start on', async t => {
  t.strictSame(writesOf(trace), [
    { call: 'mkdir', path: '/var/lib/gabion/agent/outbox' },
    { call: 'openat', path: '/var/lib/gabion/agent/id.new' },
    { call: 'rename', path: '/var/lib/gabion/agent/id.new' },
    { call: 'unlink', path: '/host/etc/\\"quoted\\"' },
  ])
})

t.test('tells what was started', async t => {
  t.strictSame(execsOf(trace), ['/usr/local/bin/node', '/usr/sbin/nft'])
})
