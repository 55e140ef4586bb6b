// Tests of which rule is in force for a module.
import t from 'tap'
import { collectRules } from '../../../agent/kernel-modules/rules.ts'
import { parseModprobeD } from '../../../agent/parse/modprobe-d.ts'

const none = { denied: [], blacklisted: [], autoloaded: [] }

const rulesOf = (text: string, parameters = {}) =>
  collectRules(
    parseModprobeD(text).lines.map(line => ({ ...line, path: '/etc/modprobe.d/a.conf' })),
    { ...none, ...parameters },
  )

t.test('the first install line counts, whatever a later one says', async t => {
  const rule = rulesOf('install sctp /sbin/modprobe -i sctp\ninstall sctp /bin/false\n').of('sctp')
  t.notOk(rule.installDisabled)
  t.strictSame(rule.sources, [{ directive: 'install', path: '/etc/modprobe.d/a.conf', line: 1, disables: false }])
  t.ok(rulesOf('install sctp /bin/false\ninstall sctp /sbin/modprobe -i sctp\n').of('sctp').installDisabled)
})

t.test('an install line may name a pattern', async t => {
  const rules = rulesOf('install usb[-_]s* /bin/true\ninstall usb_serial /sbin/modprobe -i usb_serial\n')
  t.ok(rules.of('usb_storage').installDisabled)
  t.ok(rules.of('usb_serial').installDisabled, 'the pattern stands first')
  t.notOk(rules.of('usbcore').installDisabled)
  t.strictSame(rules.names, ['usb_serial'], 'a pattern is no module')
  t.notOk(rulesOf('blacklist usb*\n').of('usb_storage').blacklisted, 'a blacklist line may not')
})

t.test('an alias that is switched off names no module', async t => {
  t.strictSame(rulesOf('alias net-pf-3 off\nalias char-major-10 null\nalias a b\nblacklist off\n').names, ['b', 'off'])
})

t.test('an alias is told at the module it leads to, a blacklist line does not disable', async t => {
  const rules = rulesOf('alias net-pf-10 ipv6\nblacklist ipv6\n')
  t.strictSame(
    rules.of('ipv6').sources.map(({ directive, line }) => `${directive} ${line}`),
    ['alias 1', 'blacklist 2'],
  )
  t.strictSame([rules.of('ipv6').blacklisted, rules.of('ipv6').installDisabled], [true, false])
})

t.test('the command line denies or blacklists, and is one source', async t => {
  const rules = rulesOf('', { denied: ['sctp'], blacklisted: ['sctp', 'rds'] })
  t.strictSame([rules.of('sctp').denied, rules.of('sctp').blacklisted], [true, true])
  t.strictSame([rules.of('rds').denied, rules.of('rds').blacklisted], [false, true])
  t.strictSame(rules.of('sctp').sources, [{ directive: 'cmdline', path: '/proc/cmdline', line: 1, disables: false }])
  t.strictSame(rules.of('udf'), { blacklisted: false, installDisabled: false, denied: false, sources: [] })
})

t.test('hostile configurations are judged at once', async t => {
  const patterns = Array.from({ length: 10_000 }, (_, index) => `install ${'*a'.repeat(20)}${index} /bin/true`)
  const rules = rulesOf(
    [...patterns, ...Array.from({ length: 10_000 }, (_, index) => `blacklist m${index}`)].join('\n'),
  )
  t.equal(rules.names.length, 10_000)
  t.ok(rules.names.every(name => rules.of(name).blacklisted))
  t.strictSame(rulesOf('blacklist foo\r\nblacklist __proto__\n').names, ['__proto__'])
})
