// Tests of ufw's tuple lines, also against what ufw itself writes and prints.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { parseUfwRules } from '../../../agent/parse/ufw-rules.ts'
import type { UfwRule } from '../../../proto/facets/firewall.ts'
import { rootFrom } from '../../host-from.ts'
import { findTool } from '../../tools.ts'
import { numberedRules, printedRow, statusRow } from '../../ufw-status-text.ts'

const plain: UfwRule = {
  family: 'ipv4',
  position: 1,
  action: 'allow',
  direction: 'in',
  protocol: 'tcp',
  to: 'any',
  toPort: '22',
  toApp: '',
  from: 'any',
  fromPort: 'any',
  fromApp: '',
  interfaceIn: '',
  interfaceOut: '',
  log: '',
  comment: '',
}

const one = (tuple: string, family: 'ipv4' | 'ipv6' = 'ipv4') =>
  parseUfwRules(`### tuple ### ${tuple}\n`, family).rules[0]

t.test('plain rules of both IP versions', async t => {
  t.strictSame(one('allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'), plain)
  t.strictSame(one('deny any 8080 ::/0 any ::/0 in', 'ipv6'), {
    ...plain,
    family: 'ipv6',
    action: 'deny',
    protocol: 'any',
    toPort: '8080',
  })
  t.match(one('limit udp 5000:6000,22 10.0.0.1 53 192.168.0.0/16 out'), {
    action: 'limit',
    direction: 'out',
    to: '10.0.0.1',
    toPort: '5000:6000,22',
    from: '192.168.0.0/16',
    fromPort: '53',
  })
  t.match(one('reject any any ANY any FE80::/10 in', 'ipv6'), { action: 'reject', to: 'any', from: 'fe80::/10' })
})

t.test('logging and routed rules', async t => {
  t.match(one('allow_log tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'), { action: 'allow', log: 'log' })
  t.match(one('deny_log-all tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'), { action: 'deny', log: 'log-all' })
  t.match(one('route:allow_log any any 10.0.0.0/8 any 0.0.0.0/0 in'), {
    action: 'allow',
    direction: 'routed',
    log: 'log',
  })
  t.equal(one('allow_loud tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'), undefined)
  t.match(one('frobnicate tcp 22 0.0.0.0/0 any 0.0.0.0/0 in'), { action: 'deny' }, 'ufw denies what it does not know')
})

t.test('interfaces', async t => {
  t.match(one('allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in_eth0'), {
    direction: 'in',
    interfaceIn: 'eth0',
    interfaceOut: '',
  })
  t.match(one('allow any any 0.0.0.0/0 any 0.0.0.0/0 out_wlan_0'), { direction: 'out', interfaceOut: 'wlan_0' })
  t.match(one('route:allow any any 0.0.0.0/0 any 0.0.0.0/0 in_eth0!out_eth1.5'), {
    direction: 'routed',
    interfaceIn: 'eth0',
    interfaceOut: 'eth1.5',
  })
  for (const way of ['eth0', 'in_', 'in_eth0!eth1', 'in_a/b', 'in_..', `in_${'x'.repeat(16)}`, 'In']) {
    t.equal(one(`allow any any 0.0.0.0/0 any 0.0.0.0/0 ${way}`), undefined, way)
  }
})

t.test('application names and comments', async t => {
  t.match(one('allow tcp 80,443 0.0.0.0/0 any 0.0.0.0/0 Nginx%20Full - in'), { toApp: 'Nginx Full', fromApp: '' })
  t.match(one('allow tcp any 0.0.0.0/0 22 0.0.0.0/0 - OpenSSH in_eth0'), {
    toApp: '',
    fromApp: 'OpenSSH',
    interfaceIn: 'eth0',
  })
  t.match(one('allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=6120636f6d6d656e7420c3bc'), { comment: 'a comment ü' })
  t.match(one('allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment='), { comment: '' })
  for (const comment of ['abc', 'zz', '20 comment=20']) {
    t.equal(one(`allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=${comment}`), undefined, comment)
  }
})

t.test('the form of old versions has no direction', async t => {
  t.strictSame(one('allow tcp 22 0.0.0.0/0 any 0.0.0.0/0'), plain)
  t.match(one('allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 OpenSSH -'), { toApp: 'OpenSSH', direction: 'in' })
})

t.test('malformed tuples are told by line, other lines are passed over, positions count rules', async t => {
  const text = `*filter
:ufw-user-input - [0:0]
### tuple ### allow tcp
### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in
-A ufw-user-input -p tcp --dport 22 -j ACCEPT
### tuple ### allow tcp 22 300.0/0 any 0.0.0.0/0 in
### tuple ### deny udp 53 0.0.0.0/0 any 0.0.0.0/0 in
 ### tuple ### indented
COMMIT`
  const { rules, malformed } = parseUfwRules(text, 'ipv4')
  t.strictSame(
    rules.map(({ position, toPort }) => [position, toPort]),
    [
      [1, '22'],
      [2, '53'],
    ],
  )
  t.strictSame(malformed, [3, 6])
  t.strictSame(parseUfwRules(text.replaceAll('\n', '\r\n'), 'ipv4').rules, rules, 'CRLF')
  t.strictSame(parseUfwRules('', 'ipv4'), { rules: [], malformed: [] })
})

t.test('hostile files are survived', async t => {
  const tuple = '### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in comment=6162\n'
  for (let length = 0; length <= tuple.length; length++) t.ok(parseUfwRules(tuple.slice(0, length), 'ipv4'))
  t.equal(parseUfwRules(tuple.repeat(10_000), 'ipv4').rules.length, 10_000)
  t.strictSame(parseUfwRules(`### tuple ### ${'a'.repeat(1 << 20)}`, 'ipv4').malformed, [1])
  for (const piece of ['22,', 'a-', '1:', '%20', ' ', '!', '_', '\0', '\udcff', ' comment=']) {
    t.ok(parseUfwRules(`### tuple ### allow tcp ${piece.repeat(1000)} any any any in`, 'ipv4'))
    t.ok(parseUfwRules(`### tuple ### ${piece.repeat(200_000)}`, 'ipv4'))
  }
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 8 }), { maxLength: 10 }), words => {
      const { rules, malformed } = parseUfwRules(`### tuple ### ${words.join(' ')}`, 'ipv6')
      return rules.length + malformed.length === 1
    }),
    { numRuns: 2000 },
  )
})

const address = fc.constantFrom('any', '10.0.0.1', '10.9.0.0/16', '192.168.1.128/25')
const address6 = fc.constantFrom('any', 'fe80::1', '2001:db8::/32')
const port = fc.constantFrom('any', '22', '80,443', '6000:6010', '22,60:70')
const rule = fc.record({
  action: fc.constantFrom('allow', 'deny', 'reject', 'limit'),
  log: fc.constantFrom('', '', 'log', 'log-all'),
  protocol: fc.constantFrom('any', 'tcp', 'udp', 'esp'),
  dport: port,
  sport: port,
  dapp: fc.constantFrom('', '', '', 'Nginx Full', 'OpenSSH'),
  sapp: fc.constantFrom('', '', '', 'Nginx Full'),
  direction: fc.constantFrom('in', 'in', 'out'),
  forward: fc.boolean(),
  inside: fc.constantFrom('', '', 'eth0', 'br-1.5'),
  outside: fc.constantFrom('', '', 'wg0'),
  comment: fc.constantFrom('', '', 'web from the lab', "it's # ü"),
  v6: fc.boolean(),
  ends: fc.tuple(address, address),
  ends6: fc.tuple(address6, address6),
})

/** Lets ufw's own library make the rules, write its files and print its status, without ever touching a firewall. */
const script = `
import json, sys, gettext
gettext.install('ufw')
import ufw.common, ufw.backend_iptables as b
from ufw.common import UFWRule, UFWError
ufw.common.do_checks = False
b.cmd = lambda *a, **k: (0, '')
root = sys.argv[1]
backend = b.UFWBackendIptables(False, rootdir=root, datadir=root)
backend.initcaps = lambda: None
backend.caps = {'limit': {'4': True, '6': True}}
for spec in json.load(open(root + '/specs.json')):
    try:
        action = spec['action'] + ('_' + spec['log'] if spec['log'] else '')
        dst, src = spec['ends6'] if spec['v6'] else spec['ends']
        r = UFWRule(action, spec['protocol'], spec['dport'], dst, spec['sport'], src, spec['direction'], spec['forward'], spec['comment'].encode().hex())
        # As ufw's own parser of commands has it: one interface goes with its direction, two only on routed rules.
        if spec['forward']:
            r.direction = 'out' if spec['outside'] and not spec['inside'] else 'in'
            if spec['inside']:
                r.set_interface('in', spec['inside'])
            if spec['outside']:
                r.set_interface('out', spec['outside'])
        elif r.direction == 'in' and spec['inside']:
            r.set_interface('in', spec['inside'])
        elif r.direction == 'out' and spec['outside']:
            r.set_interface('out', spec['outside'])
        r.dapp, r.sapp = spec['dapp'], spec['sapp']
        r.set_v6(spec['v6'])
        (backend.rules6 if spec['v6'] else backend.rules).append(r)
    except UFWError:
        pass
backend._write_rules(False)
backend._write_rules(True)
open(root + '/numbered', 'w').write(backend.get_status(False, True))
open(root + '/verbose', 'w').write(backend.get_status(True, False))
`

t.test('rules that ufw wrote are read as ufw prints them', async t => {
  // The interpreter that Debian's ufw runs on; another one on the PATH does not know its library.
  const python = '/usr/bin/python3'
  if (!findTool('ufw') || !existsSync(python)) {
    t.comment('skipped: ufw is not installed (package ufw)')
    return
  }
  const empty = '*filter\nCOMMIT\n'
  const root = rootFrom(t, {
    '/etc/default/ufw':
      'IPV6=yes\nDEFAULT_INPUT_POLICY="DROP"\nDEFAULT_OUTPUT_POLICY="ACCEPT"\nDEFAULT_FORWARD_POLICY="DROP"\nDEFAULT_APPLICATION_POLICY="SKIP"\n',
    '/etc/ufw/ufw.conf': 'ENABLED=no\nLOGLEVEL=low\n',
    '/etc/ufw/user.rules': empty,
    '/etc/ufw/user6.rules': empty,
    '/etc/ufw/before.rules': empty,
    '/etc/ufw/after.rules': empty,
    '/etc/ufw/before6.rules': empty,
    '/etc/ufw/after6.rules': empty,
  })
  for (const directory of ['etc/ufw/applications.d', 'lib/ufw']) mkdirSync(join(root, directory), { recursive: true })
  writeFileSync(join(root, 'specs.json'), JSON.stringify(fc.sample(rule, 600)))
  const { status, stderr } = spawnSync(python, ['-c', script, root], { encoding: 'utf8', cwd: '/' })
  t.equal(status, 0, stderr.split('\n').slice(-3).join(' '))
  const read = (name: string) => readFileSync(join(root, name), 'utf8')
  const ipv4 = parseUfwRules(read('etc/ufw/user.rules'), 'ipv4')
  const ipv6 = parseUfwRules(read('etc/ufw/user6.rules'), 'ipv6')
  t.strictSame([ipv4.malformed, ipv6.malformed], [[], []])
  const rules = [...ipv4.rules, ...ipv6.rules]
  t.ok(rules.length > 300, `${rules.length} rules`)
  const rows = (name: string) =>
    read(name)
      .split('\n')
      .filter(line => /(ALLOW|DENY|REJECT|LIMIT) (IN|OUT|FWD)/.test(line))
      .map(printedRow)
  t.strictSame(
    numberedRules(rules).map(one => statusRow(one, 'numbered')),
    rows('numbered'),
  )
  const order = { in: 0, out: 1, routed: 2 }
  const verbose = [...rules].sort((a, b) => order[a.direction] - order[b.direction])
  t.strictSame(
    verbose.map(one => statusRow(one, 'verbose')),
    rows('verbose'),
  )
})
