// Tests of which ports the firewall probe says are reached from outside.
import t from 'tap'
import { firewall } from '../../../agent/probes/firewall.ts'
import { fixtureCommand } from '../../fixture-host.ts'
import { type FixtureHost, hostFrom } from '../../host-from.ts'
import { runProbe } from '../../run-probe.ts'
import { emptyNft, factsFrom, factsOf, recorded, ufwFiles } from './firewall-facts.ts'

t.test('ports of the recorded machine are reached as its firewall says', async t => {
  const { exposures = [] } = await recorded()
  const told = exposures.map(
    ({ protocol, family, port, verdict, decidedBy, condition }) =>
      `${protocol}/${port} ${family} ${verdict} ${condition === '' ? decidedBy : condition}`,
  )
  t.strictSame(told, [
    'tcp/22 ipv4 conditional from 10.0.2.2/32; from 172.16.238.5/32',
    'tcp/8080 ipv4 dropped ip filter ufw-user-input: tcp port 8080 drop',
    'tcp/2375 ipv4 dropped ip filter INPUT: policy drop',
    'tcp/22 ipv6 dropped ip6 filter INPUT: policy drop',
    'tcp/2375 ipv6 dropped ip6 filter INPUT: policy drop',
  ])
  t.ok(exposures.every(({ via }) => via === 'socket'))
  const printed = fixtureCommand('debian12-vm', 'ufw-verbose')
  t.strictSame(
    [...printed.matchAll(/^22\/tcp +ALLOW IN +(\S+)/gm)].map(([, source]) => `from ${source}/32`).join('; '),
    exposures.find(({ port, family }) => port === 22 && family === 'ipv4')?.condition,
  )
})

t.test('what reaches a port is left out with the rules, and when sockets cannot be seen', async t => {
  const gapsOf = async (files: Record<string, string>, commands: FixtureHost['commands'] = {}) => {
    const facts = factsOf(await runProbe(firewall, await hostFrom(t, { files: { ...ufwFiles, ...files }, commands })))
    t.notOk('exposures' in facts)
    return facts.gaps.filter(({ field }) => field === 'exposures').map(({ effect, source }) => `${effect} ${source}`)
  }
  t.ok((await gapsOf({ '/proc/1/net/tcp': '' })).length > 0)
  t.strictSame(await gapsOf({}, emptyNft), ['omitted /proc/1/net'])
})

t.test('ports that Docker publishes are told although no socket has them, and by which rule', async t => {
  const rules = `*filter
:INPUT DROP [0:0]
:FORWARD DROP [0:0]
:DOCKER - [0:0]
-A FORWARD -o docker0 -j DOCKER
-A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT
COMMIT
*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER -i docker0 -j RETURN
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -m comment --comment "secret word" -j DNAT --to-destination 172.17.0.2:80
-A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.3:80
COMMIT
`
  const { exposures } = await factsFrom(t, {
    files: {
      '/proc/1/net/ip_tables_names': 'nat\nfilter\n',
      '/proc/1/net/fib_trie': 'Local:\n  |-- 10.0.0.1\n     /32 host LOCAL\n',
      '/proc/1/net/route': 'Iface\tDestination\ndocker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n',
    },
    commands: { ...emptyNft, 'iptables-legacy-save': { stdout: rules } },
  })
  const common = {
    protocol: 'tcp',
    family: 'ipv4',
    address: '0.0.0.0',
    via: 'dnat',
    condition: '',
    restriction: 'none',
  }
  t.strictSame(exposures, [
    { ...common, port: 8080, verdict: 'accepted', decidedBy: 'ip filter DOCKER: tcp accept' },
    { ...common, port: 8081, verdict: 'dropped', decidedBy: 'ip filter FORWARD: policy drop' },
  ])
})

t.test('a port behind a rule that is not understood is unknown, and a gap', async t => {
  const rules = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m string --string x -j DROP\nCOMMIT\n'
  const listening = '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1'
  const { exposures, gaps } = await factsFrom(t, {
    files: { '/proc/1/net/ip_tables_names': 'filter\n', '/proc/1/net/tcp': `${listening}\n` },
    commands: { ...emptyNft, 'iptables-legacy-save': { stdout: rules } },
  })
  t.match(exposures, [{ port: 22, verdict: 'unknown', decidedBy: 'ip filter INPUT: a test that is not read' }])
  t.match(gaps, [{ field: 'exposures', effect: 'incomplete', source: 'the live rules', state: 'unavailable' }])
})
