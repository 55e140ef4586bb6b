// Tests of rules of iptables-save as tests of one packet.
import { deepEqual, equal } from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { readIptablesRule } from '../../../agent/parse/iptables-rule.ts'
import { readIptablesStep } from '../../../agent/parse/iptables-step.ts'
import { savedMatch, savedTarget } from '../../iptables-text.ts'

const read = (text: string) => readIptablesStep(text, name => name === 'ONE')

t.test('tests and targets of usual rules are read', async t => {
  t.strictSame(read('-s 10.0.0.0/8 -p tcp -m tcp --dport 22 -m comment --comment "a -j DROP" -j ACCEPT'), {
    matches: [
      { kind: 'source', of: ['10.0.0.0/8'], negated: false },
      { kind: 'protocol', of: ['tcp'], negated: false },
      { kind: 'port', of: [[22, 22]], negated: false },
    ],
    verdict: { kind: 'accept' },
  })
  t.strictSame(read('-p udp -m multiport ! --dports 53,100:200 -g ONE'), {
    matches: [
      { kind: 'protocol', of: ['udp'], negated: false },
      {
        kind: 'port',
        of: [
          [53, 53],
          [100, 200],
        ],
        negated: true,
      },
    ],
    verdict: { kind: 'goto', chain: 'ONE' },
  })
  const syn = '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP'
  t.strictSame(read(syn).matches[1], { kind: 'state', holds: true })
  t.strictSame(read('-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT').matches, [{ kind: 'state', holds: false }])
  t.strictSame(
    read('-m recent --update --seconds 30 --hitcount 6 --name DEFAULT --mask 255.255.255.255 --rsource').matches,
    [{ kind: 'rate', over: true }],
  )
  t.strictSame(read('-j MARK --set-xmark 0x4000/0x4000').verdict, { kind: 'mark', value: 0x4000, mask: 0x4000 })
})

t.test('translations say where they lead', async t => {
  const translate = (to: string) => read(`-p tcp -j DNAT --to-destination ${to}`).verdict
  t.strictSame(translate('172.17.0.2:80'), { kind: 'translate', address: '172.17.0.2', port: 80 })
  t.strictSame(translate('[fd00::2]:80'), { kind: 'translate', address: 'fd00::2', port: 80 })
  t.strictSame(translate('10.0.0.1-10.0.0.9'), { kind: 'translate', address: undefined, port: 0 })
  t.strictSame(read('-p tcp -j REDIRECT --to-ports 8080').verdict, { kind: 'translate', address: '', port: 8080 })
})

t.test('what is not read says so', async t => {
  for (const text of [
    '-m string --string x -j DROP',
    '-m owner --uid-owner 0 -j DROP',
    '-m connmark --mark 0x1 -j DROP',
  ]) {
    t.ok(
      read(text).matches.some(({ kind }) => kind === 'unread'),
      text,
    )
  }
  t.strictSame(read('-j TPROXY --on-port 1').verdict, { kind: 'opaque' })
})

/** The tests of a rule, the only one where there is one. */
const match = (text: string) => {
  const { matches } = read(`${text} -j DROP`)
  return matches.length === 1 ? matches[0] : matches
}
const unread = { kind: 'unread' }

t.test('addresses, interfaces and ports, negated or not', async t => {
  for (const option of ['-s', '--src-range'])
    t.strictSame(match(`${option} x`), { kind: 'source', of: ['x'], negated: false }, option)
  for (const option of ['-d', '--dst-range'])
    t.strictSame(match(`! ${option} x`), { kind: 'destination', of: ['x'], negated: true }, option)
  t.strictSame(match('-i veth+'), { kind: 'interfaceIn', of: ['veth*'], negated: false })
  t.strictSame(match('! -i a+b'), { kind: 'interfaceIn', of: ['a+b'], negated: true }, 'a plus inside is itself')
  t.strictSame(match('-o eth0'), { kind: 'interfaceOut', of: ['eth0'], negated: false })
  t.strictSame(match('-o e+'), { kind: 'interfaceOut', of: ['e*'], negated: false })
  t.strictSame(match('-o a+b'), { kind: 'interfaceOut', of: ['a+b'], negated: false })
  t.strictSame(match('-p all'), [])
  t.strictSame(match('! -p tcp'), { kind: 'protocol', of: ['tcp'], negated: true })
  for (const option of ['--sport', '--sports'])
    t.strictSame(match(`${option} 1,2:3`), { kind: 'sourcePort', of: ['1', '2:3'], negated: false }, option)
  t.strictSame(match('--dport 1024:65535'), { kind: 'port', of: [[1024, 65535]], negated: false })
  t.strictSame(read('! -i a -o b -j DROP').matches[1], { kind: 'interfaceOut', of: ['b'], negated: false })
  for (const ports of ['ssh', '22,ssh', '22x', 'x22', '1:2:3', '123456'])
    t.strictSame(match(`--dport ${ports}`), unread, `ports ${ports}`)
})

t.test('a first packet is new, unless it is not tracked', async t => {
  const state = (holds: boolean) => ({ kind: 'state', holds })
  t.strictSame(match('-m state --state NEW,ESTABLISHED'), state(true))
  t.strictSame(match('-m conntrack ! --ctstate NEW'), state(false))
  t.strictSame(match('-m conntrack ! --ctstate ESTABLISHED'), state(true))
  t.strictSame(match('-m conntrack --ctstate UNTRACKED'), unread)
  t.strictSame(match('-m conntrack --ctstate SNAT'), unread)
  t.strictSame(match('-m conntrack --ctstate DNAT'), { kind: 'translated', negated: false })
  t.strictSame(match('-m conntrack ! --ctstate RELATED,DNAT'), { kind: 'translated', negated: true })
})

t.test('kinds of addresses', async t => {
  t.strictSame(match('-m addrtype --dst-type LOCAL'), { kind: 'local', negated: false })
  t.strictSame(match('-m addrtype ! --dst-type LOCAL,BROADCAST'), { kind: 'local', negated: true })
  for (const type of ['BROADCAST', 'MULTICAST', 'ANYCAST', 'BLACKHOLE', 'PROHIBIT', 'BROADCAST,ANYCAST']) {
    t.strictSame(match(`-m addrtype --dst-type ${type}`), { kind: 'state', holds: false }, type)
    t.strictSame(match(`-m addrtype ! --dst-type ${type}`), { kind: 'state', holds: true }, `! ${type}`)
  }
  t.strictSame(match('-m addrtype --dst-type UNICAST'), unread)
  t.strictSame(match('-m addrtype --dst-type BROADCAST,UNICAST'), unread)
})

t.test('marks of packets, not of connections', async t => {
  const mark = (value: number, mask: number, negated = false) => ({ kind: 'mark', value, mask, negated })
  t.strictSame(match('-m mark --mark 0x1'), mark(1, 0xffffffff))
  t.strictSame(match('-m mark ! --mark 0xA0/0xf0'), mark(0xa0, 0xf0, true))
  t.strictSame(match('-m mark --mark 4294967295'), mark(0xffffffff, 0xffffffff))
  for (const text of ['x', '0x1/', '0x1/2', 'x0x1', '0x1x', '0x123456789', '12345678901'])
    t.strictSame(match(`-m mark --mark ${text}`), unread, text)
})

t.test('of the flags looked at, a first packet has SYN alone', async t => {
  const holds = (flags: string) => {
    const test = match(`-p all -m tcp ${flags}`)
    return test && 'kind' in test && test.kind === 'state' ? test.holds : test
  }
  t.equal(holds('--tcp-flags ALL SYN'), true)
  t.equal(holds('--tcp-flags ALL NONE'), false)
  t.equal(holds('--tcp-flags ALL ALL'), false)
  t.equal(holds('--tcp-flags SYN,ACK SYN'), true)
  t.equal(holds('--tcp-flags SYN,ACK ACK'), false)
  t.equal(holds('--tcp-flags ACK,PSH,URG NONE'), true, 'SYN is not looked at, the others are not set')
  t.equal(holds('! --tcp-flags FIN,SYN,RST,ACK SYN'), false)
  t.equal(holds('--tcp-flags NONE NONE'), true)
  t.strictSame(holds('--tcp-flags SYN,ECE SYN'), unread, 'flags for congestion may be set or not')
  t.strictSame(holds('--tcp-flags ECE NONE'), unread)
})

t.test('sets of sources by name, each with its own direction', async t => {
  const set = (name: string, negated = false) => ({ kind: 'source', of: [`set ${name}`], negated })
  t.strictSame(match('-m set --match-set bad src'), set('bad'))
  t.strictSame(match('-m set ! --match-set good src'), set('good', true))
  t.strictSame(match('-m set --match-set ports dst'), unread)
  t.strictSame(match('-m set --match-set both src,dst'), unread)
  t.strictSame(match('-m set --match-set a src -m set --match-set b dst'), [set('a'), unread])
  t.strictSame(match('-m set --match-set a dst -m set --match-set b src'), [unread, set('b')])
})

t.test('rates and numbers of connections', async t => {
  const rate = (over: boolean) => ({ kind: 'rate', over })
  t.strictSame(match('-m limit --limit 3/min --limit-burst 10'), rate(false))
  t.strictSame(match('-m connlimit --connlimit-upto 9 --connlimit-mask 32 --connlimit-saddr'), rate(false))
  t.strictSame(match('-m connlimit --connlimit-above 9 --connlimit-daddr'), rate(true))
  const hashed = '--hashlimit-burst 5 --hashlimit-mode srcip --hashlimit-name x --hashlimit-srcmask 32'
  t.strictSame(match(`-m hashlimit --hashlimit-upto 5/sec ${hashed} --hashlimit-htable-expire 9`), rate(false))
  t.strictSame(match(`-m hashlimit --hashlimit-above 5/sec ${hashed} --hashlimit-dstmask 8`), rate(true))
  t.strictSame(match('-m connlimit ! --connlimit-above 9'), unread)
  t.strictSame(match('-m recent --set --name x --mask 255.255.255.255 --rsource'), [])
  t.strictSame(match('-m recent --rcheck --seconds 9 --hitcount 3 --name x'), rate(true))
  t.strictSame(match('-m recent --update --seconds 9 --name x'), unread, 'once seen is enough')
  t.strictSame(match('-m recent ! --rcheck --hitcount 3'), unread)
  for (const option of ['--limits', '--x--limit-burst', '--name-it', '--connlimit-upto-now', '--x--connlimit-upto'])
    t.strictSame(match(`${option} 1`), unread, option)
  for (const option of ['--hashlimit-above-all', '--x--hashlimit-above'])
    t.strictSame(match(`${option} 1`), unread, option)
})

t.test('matches that say nothing, never hold, or are not read', async t => {
  const quiet = 'addrtype ah comment connlimit conntrack dccp esp hashlimit icmp icmp6 iprange limit mark multiport'
  for (const name of `${quiet} recent sctp set state tcp udp udplite`.split(' ')) t.strictSame(match(`-m ${name}`), [])
  for (const name of ['rpfilter', 'rt', 'frag', 'eui64']) t.strictSame(match(`-m ${name}`), { kind: 'never' }, name)
  for (const name of ['string', 'xrt', 'rts', 'fragment']) t.strictSame(match(`-m ${name}`), unread, name)
  for (const option of ['--icmp-type', '--icmpv6-type', '--rt-type']) t.strictSame(match(`${option} 8`), [], option)
  for (const option of ['--x--icmp-type', '--icmp-types', '--type']) t.strictSame(match(`${option} 8`), unread, option)
  t.strictSame(match('--comment -s'), [], 'a value is no option')
  t.strictSame(match('--comment x y -i z'), { kind: 'interfaceIn', of: ['z'], negated: false }, 'other words are none')
})

t.test('every target', async t => {
  const target = (text: string) => read(`-j ${text}`).verdict
  for (const name of ['ACCEPT', 'SNAT', 'MASQUERADE']) t.strictSame(target(`${name} --x`), { kind: 'accept' }, name)
  t.strictSame(target('DROP'), { kind: 'drop' })
  t.strictSame(target('REJECT --reject-with tcp-reset'), { kind: 'reject' })
  t.strictSame(target('RETURN'), { kind: 'return' })
  t.strictSame(target('ONE'), { kind: 'jump', chain: 'ONE' })
  t.strictSame(target('LOG --log-prefix "x"'), { kind: 'none' })
  t.strictSame(target('NOTRACK'), { kind: 'untrack' })
  t.strictSame(target('CT --notrack'), { kind: 'untrack' })
  t.strictSame(target('CT --helper ftp'), { kind: 'none' })
  t.strictSame(target('CONNMARK --save-mark'), { kind: 'none' })
  t.strictSame(target('CONNMARK --restore-mark'), { kind: 'mark', value: 0, mask: -1 })
  t.strictSame(target('MARK --set-xmark 0x1/0xff'), { kind: 'mark', value: 1, mask: 255 })
  t.strictSame(target('MARK --and-mark x'), { kind: 'mark', value: 0, mask: -1 })
  t.strictSame(target('MARK --set-xmark x'), { kind: 'mark', value: 0, mask: -1 })
  t.strictSame(target('REDIRECT'), { kind: 'translate', address: '', port: 0 })
  for (const ports of ['80-90', 'x80', '80x', '123456'])
    t.strictSame(target(`REDIRECT --to-ports ${ports}`), { kind: 'translate', address: '', port: -1 }, ports)
  t.strictSame(read('').verdict, { kind: 'none' })
  t.strictSame(read('-i lo').verdict, { kind: 'none' })
})

t.test('a translation that is not one address is not followed', async t => {
  const address = (to: string) => {
    const { verdict } = read(`-j DNAT --to-destination ${to}`)
    return verdict.kind === 'translate' ? [verdict.address, verdict.port] : verdict
  }
  t.strictSame(address('10.20.30.40'), ['10.20.30.40', 0])
  t.strictSame(address('192.168.100.200:65535'), ['192.168.100.200', 65535])
  t.strictSame(address('fd00:a::b2'), ['fd00:a::b2', 0])
  t.strictSame(address('::1'), ['::1', 0])
  t.strictSame(address('[fd00::2]'), ['fd00::2', 0])
  t.strictSame(address('[::ffff:10.0.0.1]:1'), ['::ffff:10.0.0.1', 1])
  for (const to of [
    ':8080',
    'x10.0.0.1',
    '10.0.0.1x',
    '10.0.0.1:',
    '[fd00::2]:x',
    'x[fd00::2]',
    'fd00::1-fd00::9',
    '""',
  ])
    t.strictSame(address(to), [undefined, 0], to)
})

t.test('any line has an answer', async () => {
  fc.assert(fc.property(fc.string(), text => read(text).matches.length <= text.length))
})

const isOwn = (name: string) => name === 'OWN'

t.test('options without a value leave the target what it is', async t => {
  for (const match of [
    ...[
      '-f',
      '! -f',
      '-m physdev --physdev-is-bridged',
      '-m socket --transparent',
      '-m time --timestart 9:00 --kerneltz',
    ],
    ...['-m addrtype --dst-type LOCAL --limit-iface-in', '-m recent --set --rdest', '-m policy --dir in --strict'],
  ])
    for (const [target, kind] of [
      ['DROP', 'drop'],
      ['ACCEPT', 'accept'],
    ])
      t.equal(read(`${match} -j ${target}`).verdict.kind, kind, `${match} -j ${target}`)
  t.equal(read('-m string --string -j --algo bm -j DROP').verdict.kind, 'drop', 'a text that looks like a target')
})

t.test('any matches before a target leave it what the other reader says', async () => {
  fc.assert(
    fc.property(fc.array(savedMatch, { maxLength: 5 }), savedTarget, (matches, { text, kind }) => {
      const line = [...matches, text].join(' ')
      const { verdict } = readIptablesStep(line, isOwn)
      deepEqual(verdict, readIptablesRule(line, isOwn).verdict, line)
      equal(verdict.kind, kind)
    }),
    { numRuns: 500 },
  )
})

t.test('a rule tests what its matches test one by one', async () => {
  const matchesOf = (text: string) => readIptablesStep(text, isOwn).matches
  // A rate is what the options behind it say; they are not looked for in other matches.
  const plain = savedMatch.filter(text => !text.includes('recent'))
  fc.assert(
    fc.property(fc.array(plain, { maxLength: 5 }), savedTarget, (matches, { text }) => {
      deepEqual(
        matchesOf([...matches, text].join(' ')),
        matches.flatMap(match => matchesOf(match)),
      )
    }),
    { numRuns: 300 },
  )
})

t.test('an address or an interface that is named holds for no unnamed packet, a negated one for all', async () => {
  const option = fc.constantFrom('-s 10.0.0.0/8', '-d 10.0.0.1/32', '-i eth0', '-o veth+', '-p tcp')
  fc.assert(
    fc.property(option, fc.boolean(), (match, negated) => {
      const text = `${negated ? '! ' : ''}${match} -j DROP`
      const [test] = read(text).matches
      equal(test && 'negated' in test && test.negated, negated)
      deepEqual(readIptablesRule(text, isOwn).conditions, negated ? [] : ['never'])
    }),
  )
})
