// Tests of the lines that ufw hands to the kernel, in text that ufw 0.36 writes.
import fc from 'fast-check'
import t from 'tap'
import { parseUfwKernelLines } from '../../../agent/parse/ufw-kernel-lines.ts'
import { parseUfwRules } from '../../../agent/parse/ufw-rules.ts'

const text = `*filter
:ufw-user-input - [0:0]
### RULES ###

### tuple ### limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --set
-A ufw-user-input -p tcp --dport 22 -m conntrack --ctstate NEW -m recent --update --seconds 30 --hitcount 6 -j ufw-user-limit
-A ufw-user-input -p tcp --dport 22 -j ufw-user-limit-accept

### tuple ### not a rule
-A ufw-user-input -p tcp --dport 1 -j ACCEPT

### tuple ### route:allow any any 0.0.0.0/0 any 10.0.0.0/8 in_eth0!out_eth1
-A ufw-user-forward -i eth0 -o eth1 -s 10.0.0.0/8 -j ACCEPT

### END RULES ###

### LOGGING ###
-A ufw-after-logging-input -j LOG --log-prefix "[UFW BLOCK] "
-A ufw-user-input -j DROP
COMMIT
`

t.test('lines belong to the rule above them, those of ufw’s own chains are left out', async t => {
  const lines = parseUfwKernelLines(text, 'ipv4')
  t.strictSame(
    lines.map(({ position, chain, step }) => [position, chain, step.verdict.kind]),
    [
      [1, 'ufw-user-input', 'none'],
      [1, 'ufw-user-input', 'jump'],
      [1, 'ufw-user-input', 'jump'],
      [0, 'ufw-user-input', 'accept'],
      [2, 'ufw-user-forward', 'accept'],
      [0, 'ufw-user-input', 'drop'],
    ],
  )
  t.strictSame(
    parseUfwRules(text, 'ipv4').rules.map(({ position }) => position),
    [1, 2],
    'numbered as the rules are',
  )
})

t.test('carriage returns, other text and every prefix are survived', async t => {
  t.same(parseUfwKernelLines(text.replaceAll('\n', '\r\n'), 'ipv4').length, 6)
  for (let end = 0; end <= text.length; end++) {
    t.ok(parseUfwKernelLines(text.slice(0, end), 'ipv4').length <= 6)
  }
  t.same(parseUfwKernelLines(`-A ufw-user-input ${'x'.repeat(100_000)}`, 'ipv4'), [])
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), garbage => {
      t.ok(Array.isArray(parseUfwKernelLines(garbage, 'ipv6')))
    }),
    { numRuns: 200 },
  )
})
