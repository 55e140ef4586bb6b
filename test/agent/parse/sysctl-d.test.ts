// Tests of the sysctl.d parser.
import fc from 'fast-check'
import t from 'tap'
import { parseSysctlD, sysctlName, sysctlPath } from '../../../agent/parse/sysctl-d.ts'

const brief = (text: string) =>
  parseSysctlD(text).assignments.map(
    ({ line, path, value }) => `${line} ${path}${value === undefined ? '' : ` = ${value}`}`,
  )

t.test('files of several distributions are read', async t => {
  const debian = '# Protected links\n#\nfs.protected_fifos = 1\nfs.protected_hardlinks=1\n\nkernel.printk = 4 4 1 7\n'
  t.strictSame(brief(debian), ['3 fs/protected_fifos = 1', '4 fs/protected_hardlinks = 1', '6 kernel/printk = 4 4 1 7'])
  const systemd = 'net.ipv4.conf.*.rp_filter = 2\n-net.ipv4.conf.all.rp_filter\n-net.core.default_qdisc = fq_codel\n'
  t.strictSame(brief(systemd), [
    '1 net/ipv4/conf/*/rp_filter = 2',
    '2 net/ipv4/conf/all/rp_filter',
    '3 net/core/default_qdisc = fq_codel',
  ])
  const ufw = 'net/ipv4/conf/all/accept_redirects=0\n#net/ipv4/ip_forward=1\n; other comment\n'
  t.strictSame(brief(ufw), ['1 net/ipv4/conf/all/accept_redirects = 0'])
  const core = 'kernel.core_pattern=|/usr/lib/systemd/systemd-coredump %P %u %g %s %t %c %h'
  t.strictSame(brief(core), ['1 kernel/core_pattern = |/usr/lib/systemd/systemd-coredump %P %u %g %s %t %c %h'])
})

t.test('the first separator tells whether dots or slashes separate', async t => {
  t.equal(sysctlPath('net.ipv4.conf.eth0/1.rp_filter'), 'net/ipv4/conf/eth0.1/rp_filter')
  t.equal(sysctlPath('net/ipv4/conf/eth0.1/rp_filter'), 'net/ipv4/conf/eth0.1/rp_filter')
  t.equal(sysctlPath('/kernel/sysrq'), 'kernel/sysrq')
  t.equal(sysctlPath('kernel/./a//b/'), 'kernel/a/b')
  t.equal(sysctlName('net/ipv4/conf/eth0.1/rp_filter'), 'net.ipv4.conf.eth0/1.rp_filter')
})

t.test('no path leaves /proc/sys', async t => {
  t.equal(sysctlPath('a/../../../etc/shadow'), '')
  t.equal(sysctlPath('kernel.//.etc'), '', 'slashes become dots after a dot')
  t.strictSame(parseSysctlD('net/../../1/environ=1\n..=2\n').malformed, [1, 2])
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('.', '/', 'a', '*'), maxLength: 12 }), name => {
      const parts = sysctlPath(name).split('/')
      return !parts.includes('..') && !parts.includes('.')
    }),
    { numRuns: 2000 },
  )
})

t.test('lines that are no assignment are told by number', async t => {
  t.strictSame(parseSysctlD('junk\n= 5\n-\n. = 3\nkernel.x\n'), { assignments: [], malformed: [1, 2, 3, 4, 5] })
  t.strictSame(brief('kernel.x=\n'), ['1 kernel/x = '], 'nothing is a value')
  t.strictSame(brief('kernel.x = a = b'), ['1 kernel/x = a = b'], 'the first = separates')
})

t.test('carriage returns, NULs, other bytes and every prefix are survived', async t => {
  t.strictSame(brief('kernel.a = 1\r\nkernel.b=2\r\n'), ['1 kernel/a = 1', '2 kernel/b = 2'])
  t.strictSame(brief('kernel.a = 1\0 2\nkernel.b = \udcff'), ['1 kernel/a = 1', '2 kernel/b = \udcff'])
  t.strictSame(brief(''), [])
  const text = '# c\n-net.ipv4.conf.all.rp_filter\nnet/ipv4/conf/e*/x = 1 2\n'
  for (let length = 0; length <= text.length; length++) {
    const { assignments, malformed } = parseSysctlD(text.slice(0, length))
    t.ok(assignments.length + malformed.length <= 2)
  }
  const long = parseSysctlD(`a.b=1\n${'x'.repeat(1_048_577)}\nc.d=2\n`)
  t.strictSame([long.assignments.length, long.malformed], [1, [2]], 'systemd reads no further')
})

t.test('any text is read', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), any => {
      const { assignments, malformed } = parseSysctlD(any)
      return assignments.length + malformed.length <= any.split('\n').length
    }),
    { numRuns: 2000 },
  )
})
