// Tests of rules as iptables-save writes them.
import t from 'tap'
import { readIptablesRule } from '../../../agent/parse/iptables-rule.ts'

const isChain = (name: string) => name === 'ufw-user-input' || name === 'LOG2'
const read = (text: string) => readIptablesRule(text, isChain)

t.test('a rule without matches holds for every packet', async t => {
  t.strictSame(read('-j DROP'), { conditions: [], verdict: { kind: 'drop' }, blocks: true, leadsTo: [] })
  t.strictSame(read('-j REJECT --reject-with icmp-port-unreachable').verdict, { kind: 'reject' })
  t.strictSame(read('-j ufw-user-input').verdict, { kind: 'jump', chain: 'ufw-user-input' })
  t.strictSame(read('-g LOG2').verdict, { kind: 'goto', chain: 'LOG2' })
  t.strictSame(read('-j LOG --log-prefix "-j DROP "').verdict, { kind: 'none' })
  t.strictSame(read('-j RETURN').verdict, { kind: 'return' })
  t.strictSame(read('-j NFQUEUE --queue-num 0').verdict, { kind: 'queue' })
  t.strictSame(read('-j TARPIT').verdict, { kind: 'opaque' })
  t.strictSame(read('').verdict, { kind: 'none' })
})

t.test('a match that names something does not hold for an unnamed packet, its negation does', async t => {
  for (const match of [
    '-s 10.0.0.0/8',
    '-i lo',
    '-p tcp',
    '-p udp -m udp --dport 53',
    '-m set --match-set x src',
    '-m mark --mark 0x1',
  ]) {
    t.ok(read(`${match} -j DROP`).conditions.includes('never'), match)
  }
  t.strictSame(read('! -s 10.0.0.0/8 ! -i lo -j DROP').conditions, [])
  t.strictSame(read('! -i lo -d 127.0.0.0/8 -j DROP').conditions, ['never'])
  t.strictSame(read('-m set ! --match-set x src -j DROP').conditions, [])
})

t.test('a match that says nothing of names may hold', async t => {
  for (const match of [
    '-m limit --limit 3/min --limit-burst 5',
    '-m pkttype --pkt-type unicast',
    '-m length --length 0:1500',
    '-m connlimit --connlimit-upto 10 --connlimit-mask 32',
    '-m statistic --mode random --probability 0.5',
  ]) {
    const { conditions } = read(`${match} -j ACCEPT`)
    t.ok(conditions.length > 0 && conditions.every(condition => condition === 'maybe'), match)
  }
  t.strictSame(read('-m connlimit --connlimit-above 10 --connlimit-mask 32 --connlimit-saddr -j DROP').conditions, [
    'never',
  ])
  t.strictSame(read('-m mark --mark 0x0/0xff -j DROP').conditions, [])
  t.strictSame(read('-m mark ! --mark 0x0/0xff -j DROP').conditions, ['never'])
})

t.test('an unnamed packet is new and for this host', async t => {
  t.strictSame(read('-m conntrack --ctstate NEW -j ACCEPT').conditions, [])
  t.strictSame(read('-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT').conditions, ['never'])
  t.strictSame(read('-m conntrack ! --ctstate RELATED,ESTABLISHED -j DROP').conditions, [])
  t.strictSame(read('-m state --state NEW,INVALID -j DROP').conditions, [])
  t.strictSame(read('-m addrtype --dst-type LOCAL -j RETURN').conditions, ['local'])
  t.strictSame(read('-m addrtype --dst-type BROADCAST -j DROP').conditions, ['never'])
  t.strictSame(read('-m addrtype ! --dst-type LOCAL -j DROP').conditions, ['never'])
})

t.test('comments and other values that look like options are values', async t => {
  t.strictSame(read('-m comment --comment "-s 1.2.3.4 -j ACCEPT" -j DROP'), {
    conditions: [],
    verdict: { kind: 'drop' },
    blocks: true,
    leadsTo: [],
  })
  t.strictSame(read('-m comment --comment "a \\" -j ACCEPT" -j DROP').verdict, { kind: 'drop' })
  t.strictSame(read('-i -j -j DROP').verdict, { kind: 'drop' })
})

t.test('a match extension that is not known may or may not hold', async t => {
  t.strictSame(read('-m frobnicate -j DROP').conditions, ['maybe'])
  t.strictSame(read('-m rpfilter -j DROP').conditions, ['never'])
})

t.test('hostile rules are read at once', async t => {
  for (const piece of ['"', '\\"', '! ', '-m ', '-j ', '-A ', '\0', '" ']) t.ok(read(piece.repeat(1 << 17)))
})
