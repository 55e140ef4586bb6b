// Tests of rules as iptables-save writes them.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readIptablesRule, splitWords } from '../../../agent/parse/iptables-rule.ts'
import { savedMatch, savedTarget, savedWord } from '../../iptables-text.ts'

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

t.test('protocol matches say nothing by themselves, odd packets are never meant', async t => {
  for (const name of ['ah', 'comment', 'dccp', 'esp', 'icmp', 'icmp6', 'sctp', 'tcp', 'udp', 'udplite'])
    t.strictSame(read(`-m ${name} -j DROP`).conditions, [], name)
  for (const name of ['eui64', 'frag', 'rpfilter', 'socket', 'unclean'])
    t.strictSame(read(`-m ${name} -j DROP`).conditions, ['never'], name)
})

t.test('what a match asks is read from its options, where it has some', async t => {
  t.strictSame(read('-m conntrack --ctstate NEW').conditions, [], 'the option decides')
  t.strictSame(read('-m osf').conditions, ['maybe'], 'nothing follows')
  t.strictSame(read('-m osf -m tcp').conditions, ['maybe'], 'another match follows')
  t.strictSame(read('-m osf -g LOG2').conditions, ['maybe'], 'a target follows')
})

t.test('every option that names something holds for no unnamed packet', async t => {
  const options = [
    ...['-s', '-d', '-i', '-o', '-p', '--sport', '--dport', '--sports', '--dports', '--ports', '--match-set'],
    ...['--src-range', '--dst-range', '--mac-source', '--icmp-type', '--icmpv6-type', '--uid-owner', '--gid-owner'],
    ...['--physdev-in', '--physdev-out', '--rt-type', '--src-type', '--espspi', '--ahspi', '--helper', '--path'],
    ...['--cgroup', '--header', '--tcp-flags', '--tcp-option'],
  ]
  for (const option of options) {
    t.strictSame(read(`${option} x -j DROP`).conditions, ['never'], option)
    t.strictSame(read(`! ${option} x -j DROP`).conditions, [], `! ${option}`)
    t.strictSame(read(`${option}x -j DROP`).conditions, ['maybe'], `${option}x is another option`)
  }
  t.strictSame(read('---sport x').conditions, ['maybe'], 'as is one with another beginning')
})

t.test('settings of a limit add nothing, what is over a limit is rare', async t => {
  const settings = [
    ...['limit-burst', 'connlimit-mask', 'connlimit-saddr', 'connlimit-daddr', 'hashlimit-burst', 'hashlimit-mode'],
    ...['hashlimit-srcmask', 'hashlimit-dstmask', 'hashlimit-name', 'hashlimit-htable-expire', 'hashlimit-rate-match'],
    ...['return-nomatch', 'update-counters'],
  ]
  for (const name of settings) {
    t.strictSame(read(`--${name} 1 -j DROP`).conditions, [], name)
    t.strictSame(read(`--x--${name} 1 -j DROP`).conditions, ['maybe'], `--x--${name}`)
    t.strictSame(read(`--${name}! 1 -j DROP`).conditions, ['maybe'], `--${name}!`)
  }
  for (const name of ['connlimit-above', 'hashlimit-above']) {
    t.strictSame(read(`--${name} 1`).conditions, ['never'], name)
    t.strictSame(read(`! --${name} 1`).conditions, ['maybe'], `not ${name}`)
    t.strictSame(read(`--${name}-all 1`).conditions, ['maybe'])
    t.strictSame(read(`--x--${name} 1`).conditions, ['maybe'])
  }
})

t.test('a value is not taken for an option', async t => {
  for (const option of ['-s', '-d', '-i', '-o', '-p'])
    t.strictSame(read(`${option} -j -j ACCEPT`).verdict, { kind: 'accept' }, option)
  for (const option of ['--ctstate', '--state', '--dst-type', '--mark', '--comment', '-m'])
    t.strictSame(read(`${option} -j -j ACCEPT`).verdict, { kind: 'accept' }, option)
  t.strictSame(read('--connlimit-saddr -j ACCEPT').verdict, { kind: 'accept' }, 'this one has none')
})

t.test('marks other than none are on no unnamed packet', async t => {
  t.strictSame(read('--mark 0x0').conditions, [])
  t.strictSame(read('! --mark 0x0').conditions, ['never'])
  t.strictSame(read('--mark 0x00ff').conditions, ['never'])
  t.strictSame(read('--mark 1/0x0').conditions, ['never'])
  t.strictSame(read('! -m addrtype --dst-type BROADCAST').conditions, ['never'], 'the sign is for the next word only')
  t.strictSame(read('-m addrtype ! --dst-type BROADCAST').conditions, [])
})

t.test('targets of address translation accept, and no other rule blocks than drop and reject', async t => {
  for (const target of ['ACCEPT', 'DNAT', 'SNAT', 'MASQUERADE', 'NETMAP', 'REDIRECT', 'TPROXY']) {
    const { verdict, blocks } = read(`-j ${target}`)
    t.strictSame({ verdict, blocks }, { verdict: { kind: 'accept' }, blocks: false }, target)
  }
  t.equal(read('-j REJECT').blocks, true)
  t.equal(read('-j RETURN').blocks, false)
  for (const target of ['QUEUE', 'NFQUEUE']) t.strictSame(read(`-j ${target}`).verdict, { kind: 'queue' }, target)
  t.strictSame(read('-j').verdict, { kind: 'opaque' }, 'a target that is missing')
})

t.test('words end at blanks outside of quotes', async t => {
  t.strictSame(splitWords('a  b\tc '), ['a', 'b', 'c'])
  t.strictSame(splitWords(' "a b" c"d e"f ""'), ['a b', 'cd ef', ''])
  t.strictSame(splitWords('"a \\"b\\\\" \\x'), ['a "b\\', '\\x'], 'a backslash counts inside quotes only')
  t.strictSame(splitWords('"a\\'), ['a'], 'cut off after the backslash')
  t.strictSame(splitWords(''), [])
})

t.test('hostile rules are read at once', async t => {
  for (const piece of ['"', '\\"', '! ', '-m ', '-j ', '-A ', '\0', '" ']) t.ok(read(piece.repeat(1 << 17)))
})

const isOwn = (name: string) => name === 'OWN'

t.test('any words are split as they were put together', async () => {
  const word = fc.string({ unit: fc.constantFrom(...'ab-_!\\" \t,#'), maxLength: 8 })
  fc.assert(
    fc.property(fc.array(word), fc.constantFrom(' ', '  ', '\t '), (words, blank) => {
      deepEqual(splitWords(words.map(savedWord).join(blank)), words)
    }),
    { numRuns: 300 },
  )
})

t.test('any matches before a target, and values that look like one, leave it what it is', async () => {
  fc.assert(
    fc.property(fc.array(savedMatch, { maxLength: 5 }), savedTarget, (matches, { text, kind }) => {
      const line = [...matches, text].join(' ')
      const { verdict, blocks, leadsTo } = readIptablesRule(line, isOwn)
      deepEqual(verdict, kind === 'jump' || kind === 'goto' ? { kind, chain: 'OWN' } : { kind }, line)
      deepEqual([blocks, leadsTo], [kind === 'drop' || kind === 'reject', []])
    }),
    { numRuns: 500 },
  )
})

t.test('a rule asks what its matches ask one by one', async () => {
  const conditions = (text: string) => readIptablesRule(text, isOwn).conditions
  fc.assert(
    fc.property(fc.array(savedMatch, { maxLength: 5 }), savedTarget, (matches, { text }) => {
      deepEqual(
        conditions([...matches, text].join(' ')),
        matches.flatMap(match => conditions(`${match} -j ACCEPT`)),
      )
    }),
    { numRuns: 300 },
  )
})

t.test('any text is read, and blocks when its verdict does', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'-jgmspdio! "\\aA,'), maxLength: 60 }), text => {
      const { conditions, verdict, blocks } = readIptablesRule(text, isOwn)
      equal(blocks, verdict.kind === 'drop' || verdict.kind === 'reject')
      equal(conditions.length <= splitWords(text).length, true)
    }),
    { numRuns: 300 },
  )
})
