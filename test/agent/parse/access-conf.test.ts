// Tests of the access.conf parser.
import fc from 'fast-check'
import t from 'tap'
import { parseAccessConf } from '../../../agent/parse/access-conf.ts'

const text = `# User "root" should be allowed to get access via cron .. tty5 tty6.
#+:root:cron crond :0 tty1 tty2 tty3 tty4 tty5 tty6
+:root:LOCAL
+ : (wheel) : 2001:db8::/32
-:ALL:ALL
`

t.test('rules are counted, comments are not', async t => {
  t.strictSame(parseAccessConf(text), { rules: 3, malformed: [] })
  t.strictSame(parseAccessConf(text.replaceAll('\n', '\r\n')), { rules: 3, malformed: [] })
  t.strictSame(parseAccessConf(''), { rules: 0, malformed: [] })
})

t.test('lines that are no rules are malformed', async t => {
  for (const line of ['+', '+:root', '*:root:ALL', 'root']) {
    t.strictSame(parseAccessConf(`\n${line}\n`), { rules: 0, malformed: [2] })
  }
})

t.test('every line of any text is a rule, malformed or nothing', async t => {
  for (let length = 0; length <= text.length; length += 1) {
    if (parseAccessConf(text.slice(0, length)).malformed.length > 1) t.fail(`at ${length}`)
  }
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom('+', '-', ':', '\n', '#'), fc.string({ unit: 'binary' }))), parts => {
      const whole = parts.join('')
      const { rules, malformed } = parseAccessConf(whole)
      return rules + malformed.length <= whole.split('\n').length
    }),
  )
  t.pass('for every text')
})

t.test('a rule has one sign, and three parts', async t => {
  const malformed = (text: string) => parseAccessConf(text).malformed
  for (const line of ['+:a:b', ' - : a : b ', '+:a:b:c', '-::', '\t+ :ALL:ALL']) t.strictSame(malformed(line), [], line)
  for (const line of ['++:a:b', 'x+:a:b', '+x:a:b', '+:a', '+', ':a:b']) t.strictSame(malformed(line), [1], line)
  t.strictSame(parseAccessConf('  # + : a : b\n +:a:b').rules, 1)
})
