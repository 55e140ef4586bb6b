// Holds the told reach of ports against real packets, from an address that rules name and from one that none names.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { firewall } from '../../../agent/probes/firewall.ts'
import { FirewallFacet } from '../../../proto/facets/firewall.ts'
import { hostFrom } from '../../host-from.ts'
import { presentFacts, runProbe } from '../../run-probe.ts'
import { findTool } from '../../tools.ts'

/** The same rule sets in every run; GABION_SEED takes others. */
const seed = Number(process.env['GABION_SEED'] ?? 20_261_122)

t.setTimeout(200_000)

const ports = [7001, 7002, 7100]
const named = '10.9.0.2'
const unnamed = '10.9.0.3'
const sources = [named, unnamed]

const iptablesMatch = fc.constantFrom(
  '',
  '-p udp --dport 7001',
  '-p udp --dport 7002',
  '-p udp --dport 7000:7099',
  '-p udp ! --dport 7001',
  '-p udp -m multiport --dports 7002,7100',
  '-p tcp --dport 7001',
  '! -p tcp',
  '-p udp --dport 7001 -s 10.9.0.2',
  '-s 10.9.0.2',
  '! -s 10.9.0.2',
  '-s 10.9.0.0/31 -d 10.9.0.1',
  '-m iprange --src-range 10.9.0.1-10.9.0.2',
  '-i v0 -p udp --dport 7100',
  '! -i v0',
  '-i eth9 -p udp',
  '-m conntrack --ctstate RELATED,ESTABLISHED',
  '-m conntrack --ctstate NEW -p udp --dport 7002',
  '-m addrtype --dst-type LOCAL',
  '-m mark --mark 0x4/0x4',
  '-d 127.0.0.0/8',
)
const iptablesTarget = fc.constantFrom('ACCEPT', 'DROP', 'REJECT', 'RETURN', 'ONE', 'MARK --set-xmark 0x4/0x4')
const iptablesSet = fc
  .record({
    policy: fc.constantFrom('ACCEPT', 'DROP'),
    input: fc.array(fc.tuple(iptablesMatch, iptablesTarget), { minLength: 1, maxLength: 5 }),
    one: fc.array(fc.tuple(iptablesMatch, fc.constantFrom('ACCEPT', 'DROP', 'RETURN')), { maxLength: 3 }),
    nat: fc.constantFrom(
      [],
      [],
      ['-p udp --dport 7001 -j REDIRECT --to-ports 7100'],
      ['-p udp --dport 7300 -j REDIRECT --to-ports 7002'],
    ),
  })
  .map(({ policy, input, one, nat }) => [
    'iptables -N ONE',
    ...one.map(([match, target]) => `iptables -A ONE ${match} -j ${target}`),
    ...input.map(([match, target]) => `iptables -A INPUT ${match} -j ${target}`),
    ...nat.map(rule => `iptables -t nat -A PREROUTING ${rule}`),
    `iptables -P INPUT ${policy}`,
  ])

const nftMatch = fc.constantFrom(
  '',
  'udp dport 7001',
  'udp dport { 7001, 7100 }',
  'udp dport 7000-7010',
  'udp dport != 7001',
  'udp dport @doors',
  'th dport 7002',
  'tcp dport 7001',
  'meta l4proto udp',
  'meta l4proto { tcp, udp } th dport 7001',
  'ip saddr 10.9.0.2',
  'ip saddr != 10.9.0.2',
  'ip saddr @friends udp dport 7002',
  'ip saddr 10.9.0.2 udp dport 7001',
  'ip6 saddr fd00::/8',
  'iifname "v0" udp dport 7002',
  'iifname != "v0"',
  'ct state established,related',
  'ct state new udp dport 7100',
  'fib daddr type local',
  'meta mark & 0x4 == 0x4',
  'ip daddr 10.9.0.1',
)
const nftVerdict = fc.constantFrom('accept', 'drop', 'return', 'jump one', 'goto one', 'meta mark set 0x4')
const nftRule = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(nftMatch, nftVerdict).map(pair => pair.join(' ')) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'udp dport vmap { 7001 : drop, 7002-7050 : jump one }',
      'meta l4proto . th dport vmap { tcp . 7001 : drop, udp . 7002 : accept }',
      'ct state vmap { established : accept, invalid : drop }',
      'ip saddr vmap { 10.9.0.2 : drop }',
    ),
  },
)
const nftSet = fc
  .record({
    policy: fc.constantFrom('accept', 'drop'),
    input: fc.array(nftRule, { minLength: 1, maxLength: 5 }),
    one: fc.array(
      nftRule.filter(rule => !/ one/.test(rule)),
      { maxLength: 3 },
    ),
  })
  .map(({ policy, input, one }) => [
    `nft 'add table inet t'`,
    `nft 'add set inet t doors { type inet_service; flags interval; elements = { 7002, 7090-7110 }; }'`,
    `nft 'add set inet t friends { type ipv4_addr; elements = { 10.9.0.2 }; }'`,
    `nft 'add chain inet t one'`,
    `nft 'add chain inet t in { type filter hook input priority 0; policy ${policy}; }'`,
    ...one.map(rule => `nft 'add rule inet t one ${rule}'`),
    ...input.map(rule => `nft 'add rule inet t in ${rule}'`),
  ])

const cases = [
  [],
  ['iptables -P INPUT DROP', 'iptables -A INPUT -p udp --dport 7001 -s 10.9.0.2 -j ACCEPT'],
  ...fc.sample(nftSet, { numRuns: 22, seed }),
  ...fc.sample(iptablesSet, { numRuns: 22, seed }),
  ...fc.sample(fc.tuple(nftSet, iptablesSet), { numRuns: 6, seed }).map(sets => sets.flat()),
]

const views = { 'nft -j list ruleset': 'nft', 'iptables-save': 'iptables', 'ip6tables-save': 'ip6tables' } as const
const tables = ['tcp', 'udp', 'fib_trie', 'route']

/** Every source sends one packet, with a word of its own, to every port; 7300 has no socket. */
function driver(directory: string): string {
  const steps = cases.flatMap((commands, at) => [
    ...commands,
    ...Object.entries(views).map(([command, file]) => `${command} > ${directory}/${at}.${file}`),
    `nsenter -t $peer -n python3 ${directory}/send.py ${at}`,
    'nft flush ruleset',
  ])
  return `ip link set lo up
unshare -n sleep 300 & peer=$!
sleep 0.3
ip link add v0 type veth peer name v1 netns $peer || exit 9
ip addr add 10.9.0.1/24 dev v0 && ip link set v0 up
${sources.map(source => `nsenter -t $peer -n ip addr add ${source}/24 dev v1`).join('\n')}
nsenter -t $peer -n ip link set v1 up
python3 ${directory}/hear.py > ${directory}/heard & listener=$!
for i in $(seq 100); do grep -q ready ${directory}/heard && break; sleep 0.05; done
${tables.map(name => `cat /proc/self/net/${name} > ${directory}/${name}`).join('\n')}
${steps.join('\n')}
for i in $(seq 100); do nsenter -t $peer -n python3 ${directory}/send.py end; grep -q end ${directory}/heard && break; done
kill $peer $listener
`
}

const hear = `import select, socket
open = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(${ports.length})]
for s, port in zip(open, ${JSON.stringify(ports)}): s.bind(("0.0.0.0", port))
print("ready", flush=True)
while True:
  for s in select.select(open, [], [])[0]: print(s.recv(60).decode(), flush=True)
`
const send = `import socket, sys
for source in ${JSON.stringify(sources)}:
  for port in ${JSON.stringify([...ports, 7300])}:
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((source, 0))
    s.sendto((sys.argv[1] + " " + source + " " + str(port)).encode(), ("10.9.0.1", port))
`

t.test('what is told of a port is what happens to packets for it', { timeout: 200_000 }, async t => {
  const missing = ['unshare', 'nsenter', 'ip', 'nft', 'iptables', 'iptables-save', 'bash', 'python3'].filter(
    program => !findTool(program),
  )
  const mayUnshare =
    missing.length === 0 && spawnSync('unshare', ['-n', 'nft', 'add', 'table', 'inet', 't']).status === 0
  if (!mayUnshare) {
    t.comment(`skipped: needs root in a network namespace, and ${missing.join(' ') || 'nf_tables in the kernel'}`)
    return
  }
  const directory = mkdtempSync(join(tmpdir(), 'gabion-exposures-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ 'driver.sh': driver(directory), 'hear.py': hear, 'send.py': send })) {
    writeFileSync(join(directory, name), text)
  }
  const { status } = spawnSync('unshare', ['-n', 'bash', join(directory, 'driver.sh')], { stdio: 'ignore' })
  if (status === 9) {
    t.comment('skipped: the kernel has no virtual Ethernet')
    return
  }
  const read = (file: string) => readFileSync(join(directory, file), 'utf8')
  const heard = new Set(read('heard').split('\n'))
  const files = Object.fromEntries(tables.map(name => [`/proc/1/net/${name}`, read(name)]))
  const told = { accepted: 0, dropped: 0, conditional: 0, unknown: 0, dnat: 0 }
  for (const [at, commands] of cases.entries()) {
    const outputs = Object.entries(views).map(
      ([command, file]) => [command, { stdout: read(`${at}.${file}`) }] as const,
    )
    const host = await hostFrom(t, { files, commands: Object.fromEntries(outputs) })
    const { exposures = [] } = FirewallFacet.facts.parse(
      presentFacts(await runProbe(firewall, host, { oneShot: true })),
    )
    for (const { protocol, family, port, verdict, condition, restriction, via } of exposures) {
      if (protocol !== 'udp' || family !== 'ipv4' || ![...ports, 7300].includes(port)) continue
      told[verdict] += 1
      if (via === 'dnat') told.dnat += 1
      const arrived = sources.filter(source => heard.has(`${at} ${source} ${port}`))
      const line = `${port} ${verdict} ${condition}, arrived from ${arrived.join(' ')}:\n${commands.join('\n')}`
      if (verdict === 'accepted') t.strictSame(arrived, sources, line)
      if (verdict === 'dropped') t.strictSame(arrived, [], line)
      if (verdict === 'conditional' && restriction === 'sources' && !condition.includes('on ')) {
        t.notOk(arrived.includes(unnamed) && /^from 10\.9\.0\.2(?:\/32)?$/.test(condition), line)
        if (condition === 'from 10.9.0.2/32' || condition === 'from 10.9.0.2') t.strictSame(arrived, [named], line)
      }
    }
    t.ok(ports.every(port => exposures.some(one => one.port === port && one.protocol === 'udp')))
  }
  t.comment(JSON.stringify(told))
  t.ok(told.accepted > 10 && told.dropped > 10 && told.conditional > 3, 'ports of every kind were told')
})
