// Tests of which ufw rules never decide.
import fc from 'fast-check'
import t from 'tap'
import { hiddenRules } from '../../../agent/firewall/hidden-rules.ts'
import { parseUfwRules } from '../../../agent/parse/ufw-rules.ts'

const hidden = (...tuples: readonly string[]) =>
  hiddenRules(parseUfwRules(tuples.map(tuple => `### tuple ### ${tuple}\n`).join(''), 'ipv4').rules)

t.test('an earlier rule hides what lies within it, whatever the two say', async t => {
  t.strictSame(hidden('deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 'allow tcp 22 0.0.0.0/0 any 10.0.0.5 in'), [0, 1])
  t.strictSame(hidden('allow tcp 22 0.0.0.0/0 any 10.0.0.0/8 in', 'allow tcp 22 0.0.0.0/0 any 10.1.0.0/16 in'), [0, 1])
  t.strictSame(
    hidden('allow tcp 1000:2000 0.0.0.0/0 any 0.0.0.0/0 in', 'deny tcp 1500,1600:1700 0.0.0.0/0 any 0.0.0.0/0 in'),
    [0, 1],
  )
  t.strictSame(
    hidden('allow any any 0.0.0.0/0 any 0.0.0.0/0 in', 'deny udp 53 0.0.0.0/0 any 0.0.0.0/0 in_eth0'),
    [0, 1],
  )
  t.strictSame(hidden('limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'), [0, 1])
})

t.test('of several the first is told', async t => {
  const rule = 'allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'
  t.strictSame(hidden(rule, rule, rule), [0, 1, 1])
})

t.test('a rule that takes less, or other packets, hides nothing', async t => {
  for (const [first, second] of [
    ['allow tcp 22 0.0.0.0/0 any 10.0.0.5 in', 'deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'],
    ['allow tcp 22 0.0.0.0/0 any 10.0.0.0/16 in', 'deny tcp 22 0.0.0.0/0 any 10.0.0.0/8 in'],
    ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 'deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 out'],
    ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 'route:deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'],
    ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in_eth0', 'deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'],
    ['allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in', 'deny any 22 0.0.0.0/0 any 0.0.0.0/0 in'],
    ['allow tcp 22,24 0.0.0.0/0 any 0.0.0.0/0 in', 'deny tcp 22:24 0.0.0.0/0 any 0.0.0.0/0 in'],
    ['allow tcp any 0.0.0.0/0 22 0.0.0.0/0 in', 'deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'],
    ['allow tcp ssh 0.0.0.0/0 any 0.0.0.0/0 in', 'deny tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'],
  ] as const) {
    t.strictSame(hidden(first, second), [0, 0], `${first} · ${second}`)
  }
})

t.test('any with a port is TCP and UDP, without one everything', async t => {
  t.strictSame(hidden('allow any 53 0.0.0.0/0 any 0.0.0.0/0 in', 'deny udp 53 0.0.0.0/0 any 0.0.0.0/0 in'), [0, 1])
  t.strictSame(hidden('allow any 53 0.0.0.0/0 any 0.0.0.0/0 in', 'deny esp any 0.0.0.0/0 any 0.0.0.0/0 in'), [0, 0])
  t.strictSame(hidden('allow any any 0.0.0.0/0 any 10.0.0.1 in', 'deny esp any 0.0.0.0/0 any 10.0.0.1 in'), [0, 1])
})

t.test('more rules than are held against each other are not judged', async t => {
  const many = Array.from({ length: 2_001 }, (_, i) => `allow tcp ${i + 1} 0.0.0.0/0 any 0.0.0.0/0 in`)
  t.equal(hidden(...many), undefined)
  t.equal(hidden(...many.slice(1))?.length, 2_000)
})

t.test('no packet of a hidden rule passes by the rule that hides it', async t => {
  const address = fc.constantFrom('0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.0.7')
  const port = fc.constantFrom('any', '22', '20:30', '22,80')
  const tuple = fc
    .tuple(fc.constantFrom('any', 'tcp', 'udp'), port, address, address)
    .map(([protocol, to, here, there]) => `allow ${protocol} ${to} ${here} any ${there} in`)
  const inside = (range: string, value: string) =>
    range === '0.0.0.0/0' || range === value || value.startsWith(prefix(range))
  const prefix = (range: string) => (range.endsWith('/8') ? '10.' : range.endsWith('/16') ? '10.1.' : '\n')
  const takes = (rule: string, packet: { protocol: string; port: number; to: string; from: string }) => {
    const [, protocol = '', ports = '', to = '', , from = ''] = rule.split(' ')
    const named = ports !== 'any'
    if (protocol === 'any' ? named && packet.protocol === 'esp' : protocol !== packet.protocol) return false
    const isPort = ports.split(',').some(part => {
      const [first, last] = part.split(':').map(Number)
      return packet.port >= (first ?? 0) && packet.port <= (last ?? first ?? 0)
    })
    return (!named || isPort) && inside(to, packet.to) && inside(from, packet.from)
  }
  const packets = ['tcp', 'udp', 'esp'].flatMap(protocol =>
    [22, 25, 80, 99].flatMap(port =>
      ['10.1.0.7', '10.1.9.9', '10.9.9.9', '9.9.9.9'].flatMap(to =>
        ['10.1.0.7', '10.1.9.9', '10.9.9.9', '9.9.9.9'].map(from => ({ protocol, port, to, from })),
      ),
    ),
  )
  fc.assert(
    fc.property(fc.array(tuple, { minLength: 2, maxLength: 6 }), tuples => {
      const positions = hidden(...tuples) ?? []
      for (const [index, by] of positions.entries()) {
        const own = packets.filter(packet => takes(tuples[index] ?? '', packet))
        if (by > 0) t.ok(own.every(packet => takes(tuples[by - 1] ?? '', packet)))
      }
    }),
    { numRuns: 200 },
  )
})
