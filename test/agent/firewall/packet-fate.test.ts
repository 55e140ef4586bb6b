// Tests of what happens to a packet that no rule names.
import t from 'tap'
import { fateOf, filtersAny, type Path } from '../../../agent/firewall/packet-fate.ts'
import { type FirewallChain, parseIptables } from '../../rule-sets.ts'

const input: Path = { version: 'ipv4', hooks: ['prerouting', 'input'] }
const forward: Path = { version: 'ipv4', hooks: ['prerouting', 'forward'] }
const input6: Path = { ...input, version: 'ipv6' }

const fate = (text: string, path = input) => fateOf(parseIptables(text), path)

t.test('the policy decides where no rule does', async t => {
  t.equal(fate(''), 'accept', 'no rule set at all')
  t.equal(fate(':INPUT DROP'), 'drop')
  t.equal(fate(':INPUT ACCEPT'), 'accept')
  t.equal(fate(':INPUT DROP', input6), 'accept', 'the other family')
  t.equal(fate(':FORWARD DROP'), 'accept', 'another hook')
  t.equal(fate(':FORWARD DROP', forward), 'drop')
  t.equal(fate(':INPUT DROP\n-A INPUT -p tcp --dport 22 -j ACCEPT'), 'drop')
  t.equal(fate(':INPUT ACCEPT\n-A INPUT -s 10.0.0.0/8 -j DROP'), 'accept')
})

t.test('an unconditional rule decides before the policy', async t => {
  t.equal(fate(':INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j DROP'), 'drop')
  t.equal(fate(':INPUT ACCEPT\n-A INPUT -j REJECT'), 'reject')
  t.equal(fate(':INPUT DROP\n-A INPUT -j ACCEPT'), 'accept')
  t.equal(fate(':INPUT DROP\n-A INPUT -m conntrack --ctstate NEW -j ACCEPT'), 'accept', 'the packet is new')
  t.equal(fate(':INPUT ACCEPT\n-A INPUT ! -i lo -j DROP'), 'drop')
  t.equal(fate(':INPUT DROP\n-A INPUT -j RETURN\n-A INPUT -j ACCEPT'), 'drop')
  t.equal(fate(':INPUT DROP\n-A INPUT -j LOG\n-A INPUT -j ACCEPT'), 'accept')
})

t.test('chains are followed as the kernel follows them', async t => {
  t.equal(fate(':INPUT ACCEPT\n:X -\n-A INPUT -j X\n-A X -j REJECT'), 'reject')
  t.equal(fate(':INPUT ACCEPT\n:X -\n-A INPUT -j X\n-A INPUT -j DROP\n-A X -j RETURN\n-A X -j ACCEPT'), 'drop')
  t.equal(
    fate(':INPUT ACCEPT\n:X -\n-A INPUT -g X\n-A INPUT -j DROP\n-A X -i lo -j DROP'),
    'accept',
    'goto does not come back',
  )
  t.equal(fate(':INPUT ACCEPT\n:X -\n-A INPUT -s 10.0.0.1 -j X\n-A X -j DROP'), 'accept', 'the way there is named')
  t.equal(
    fate(':INPUT ACCEPT\n:A -\n:B -\n-A INPUT -j A\n-A A -j B\n-A B -j A'),
    'unknown',
    'a circle, which kernels refuse',
  )
})

t.test('what is meant for this host returns from the chain that drops the rest', async t => {
  const text =
    ':INPUT ACCEPT\n:FORWARD ACCEPT\n:N -\n-A INPUT -j N\n-A FORWARD -j N\n-A N -m addrtype --dst-type LOCAL -j RETURN\n-A N -j DROP'
  t.equal(fate(text), 'accept')
  t.equal(fate(text, forward), 'drop', 'what is passed on is not for this host')
})

t.test('of several base chains one that drops is enough', async t => {
  const one = parseIptables(':INPUT ACCEPT')
  const two = parseIptables(':INPUT DROP')
  const reject = parseIptables(':INPUT ACCEPT\n-A INPUT -j REJECT')
  t.equal(fateOf([...one, ...two], input), 'drop')
  t.equal(fateOf([...two, ...reject], input), 'drop')
  t.equal(fateOf([...reject, ...one], input), 'reject')
  t.equal(fateOf(parseIptables(':PREROUTING DROP', 'raw'), input), 'drop')
  t.equal(fateOf(parseIptables(':PREROUTING DROP', 'nat'), input), 'accept', 'nat is not asked for every packet')
  const early = parseIptables(':PREROUTING ACCEPT\n-A PREROUTING -j DROP', 'raw')
  t.equal(fateOf([...reject, ...early], input), 'drop', 'the earlier one decides')
})

const inet = (rules: FirewallChain['rules'], policy = 'accept'): FirewallChain => ({
  family: 'inet',
  table: 't',
  chain: 'in',
  type: 'filter',
  hook: 'input',
  priority: 0,
  policy,
  rules,
  certain: true,
  steps: [],
})
const rule = (
  conditions: FirewallChain['rules'][number]['conditions'],
  kind: 'drop' | 'accept' | 'reject' | 'opaque' | 'queue',
) => ({
  conditions,
  verdict: { kind },
  blocks: kind === 'drop' || kind === 'reject',
  leadsTo: [],
})

t.test('tables of both families are judged for each', async t => {
  const chains = [inet([rule(['ipv6'], 'drop')])]
  t.equal(fateOf(chains, input), 'accept')
  t.equal(fateOf(chains, input6), 'drop')
})

t.test('a rule that cannot be read leaves both ways open', async t => {
  t.equal(fateOf([inet([rule(['maybe'], 'drop')])], input), 'unknown')
  t.equal(fateOf([inet([rule(['maybe'], 'drop')], 'drop')], input), 'drop', 'both ways end alike')
  t.equal(fateOf([inet([rule(['maybe'], 'accept')])], input), 'accept')
  t.equal(fateOf([inet([rule(['maybe'], 'accept')], 'drop')], input), 'unknown')
  t.equal(fateOf([inet([rule(['maybe'], 'reject')], 'drop')], input), 'drop', 'it does not come in')
  t.equal(fateOf([inet([rule([], 'opaque')])], input), 'unknown')
  t.equal(fateOf([inet([rule([], 'queue')], 'drop')], input), 'unknown', 'a program decides')
  t.equal(fateOf([inet([], 'strange')], input), 'unknown')
  t.equal(fateOf([{ ...inet([], 'drop'), certain: false }], input), 'unknown', 'the table may be switched off')
  t.equal(fateOf([{ ...inet([], 'accept'), certain: false }], input), 'accept')
})

t.test('filtering is told when anything on the way may drop', async t => {
  const filters = (text: string, path = input) => filtersAny(parseIptables(text), path)
  t.equal(filters(':INPUT ACCEPT'), false)
  t.equal(filters(':INPUT DROP'), true)
  t.equal(filters(':INPUT ACCEPT\n-A INPUT -s 10.0.0.1 -j DROP'), true)
  t.equal(filters(':INPUT ACCEPT\n:X -\n-A INPUT -s 10.0.0.1 -j X\n-A X -j REJECT'), true)
  t.equal(filters(':INPUT ACCEPT\n:X -\n-A X -j REJECT'), false, 'nothing leads there')
  t.equal(filters(':INPUT ACCEPT\n:A -\n:B -\n-A INPUT -j A\n-A A -j B\n-A B -j A'), false)
})

t.test('ten thousand rules and chains are followed at once', async t => {
  const rules = Array.from({ length: 10_000 }, (_, at) => `-A INPUT -s 10.0.0.${at % 255} -j DROP`).join('\n')
  t.equal(fate(`:INPUT ACCEPT\n${rules}`), 'accept')
  const names = Array.from({ length: 40 }, (_, at) => `C${at}`)
  const doubled = names.slice(1).flatMap((name, at) => [`-A C${at} -j ${name}`, `-A C${at} -j ${name}`])
  const text = [':INPUT DROP', ...names.map(name => `:${name} -`), '-A INPUT -j C0', ...doubled].join('\n')
  t.equal(fate(text), 'drop', 'two ways at each of forty steps')
})
