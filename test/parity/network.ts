// Holds ports and firewall against what ss, ufw and nft printed.
import type { FirewallFacts, UfwRule } from '../../proto/facets/firewall.ts'
import type { PortsFacts, PortsObservations } from '../../proto/facets/ports.ts'
import { listenerKey, parseSsListeners, type SsListener } from '../ss-listeners.ts'
import { addCommand, numberedRules, printedRow, statusRow } from '../ufw-status-text.ts'
import { type Comparison, linesOf, type Recording, sorted } from './recording.ts'

export function comparePorts(recording: Recording): readonly Comparison[] {
  const { listeners } = recording.facts<PortsFacts>('ports')
  const { sockets } = recording.observations<PortsObservations>('ports')
  const text = recording.output('ss-H-lntupe')
  const ours = listeners.filter(({ protocol }) => protocol === 'tcp' || protocol === 'udp')
  const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)
  const found = ours.map(({ protocol, family, address, port, dualStack, holders = [] }) => {
    const same = sockets.filter(one => one.protocol === protocol && one.address === address && one.port === port)
    return {
      key: listenerKey({ protocol, family, address, port }),
      dualStack,
      processes: sorted(new Set(holders.map(({ process }) => process))),
      pids: [...new Set(same.flatMap(({ pids }) => pids))].sort((a, b) => a - b),
    }
  })
  const rows = parseSsListeners(text)
  const printed = rows.map(row => ({
    key: listenerKey(row),
    dualStack: row.dualStack || refusesInSecret(row, rows),
    processes: row.processes,
    pids: row.pids,
  }))
  // A socket that systemd opened belongs to the unit of the socket, its holders are systemd and the service.
  const printedUnits = linesOf(text).flatMap(line => {
    const [, protocol, port] = /^(\w+)\s.*?:(\d+)\s/.exec(line) ?? []
    const unit = /cgroup:\S*\/(\S+)/.exec(line)?.[1] ?? ''
    return unit.endsWith('.socket') ? [] : [`${protocol} ${port} ${unit}`]
  })
  const bySocketUnit = new Set(
    linesOf(text).flatMap(line => /^(\w+)\s.*?:(\d+)\s.*\.socket /.exec(line)?.slice(1, 3).join(' ') ?? []),
  )
  const units = ours
    .filter(({ protocol, port }) => !bySocketUnit.has(`${protocol} ${port}`))
    .flatMap(({ protocol, port, holders = [] }) => holders.map(({ unit }) => `${protocol} ${port} ${unit}`))
  return [
    {
      title: 'listeners, their families and holders are those of ss -lntup',
      found: found.sort(byKey),
      printed: [...printed].sort(byKey),
    },
    {
      title: 'units of holders are the cgroups of ss -e',
      found: sorted(new Set(units)),
      printed: sorted(new Set(printedUnits)),
    },
  ]
}

/** A socket that alone is told to refuse IPv4, with nobody beside it: procfs does not show that. */
const refusesInSecret = (row: SsListener, rows: readonly SsListener[]) =>
  row.family === 'ipv6' &&
  row.address === '::' &&
  !rows.some(other => other.family === 'ipv4' && other.protocol === row.protocol && other.port === row.port)

/** ufw's own words for the policies of its file. */
const policyWords = { accept: 'allow', drop: 'deny', reject: 'reject', unknown: '?' } as const

export function compareFirewall(recording: Recording): readonly Comparison[] {
  const facts = recording.facts<FirewallFacts>('firewall')
  const verbose = recording.output('ufw-verbose')
  const active = verbose.includes('Status: active')
  const rules = facts.ufwRules ?? []
  const comparisons: Comparison[] = [
    { title: 'ufw is as active as it says', found: facts.ufw?.loaded, printed: active },
    {
      title: 'rules are the commands of ufw show added',
      found: rules.filter(rule => rule.family === 'ipv4' || isOnlyIpv6(rule)).map(addCommand),
      printed: linesOf(recording.output('ufw-added')).filter(line => line.startsWith('ufw ')),
    },
  ]
  if (active) comparisons.push(...compareActiveUfw(recording, facts, verbose))
  return [...comparisons, ...compareChains(recording, facts)]
}

/** One command makes a rule for each family unless an address says which. */
const isOnlyIpv6 = ({ from, to }: UfwRule) => from.includes(':') || to.includes(':')

function compareActiveUfw(recording: Recording, facts: FirewallFacts, verbose: string): readonly Comparison[] {
  const { ufw } = facts
  const rules = facts.ufwRules ?? []
  const rows = (text: string) =>
    linesOf(text)
      .filter(line => /(ALLOW|DENY|REJECT|LIMIT) (IN|OUT|FWD)/.test(line))
      .map(printedRow)
  const [, log] = /^Logging: (?:on )?\(?(\w+)/m.exec(verbose) ?? []
  const [, incoming, outgoing, routed] = /^Default: (\w+) \(incoming\), (\w+) \(outgoing\), (\w+)/m.exec(verbose) ?? []
  return [
    { title: 'the log level is that of ufw status verbose', found: ufw?.logLevel, printed: log },
    {
      title: 'default policies are those of ufw status verbose',
      found: [ufw?.defaultInput, ufw?.defaultOutput, ufw?.defaultForward].map(one => policyWords[one ?? 'unknown']),
      printed: [incoming, outgoing, routed === 'disabled' ? 'deny' : routed],
    },
    {
      title: 'rules are the rows of ufw status verbose',
      found: rules.map(rule => statusRow(rule, 'verbose')),
      printed: rows(verbose),
    },
    {
      title: 'rules are the rows of ufw status numbered',
      found: numberedRules(rules).map(rule => statusRow(rule, 'numbered')),
      printed: rows(recording.output('ufw-numbered')),
    },
  ]
}

function compareChains(recording: Recording, facts: FirewallFacts): readonly Comparison[] {
  const printed: string[] = []
  let table = ''
  for (const line of recording.output('nft').split('\n')) {
    table = /^table (\S+ \S+) \{/.exec(line)?.[1] ?? table
    const chain = /^\tchain (\S+) \{/.exec(line)?.[1]
    if (chain) printed.push(`${table} ${chain}`)
  }
  const found = (facts.chains ?? []).map(({ family, table, chain }) => `${family} ${table} ${chain}`)
  return [{ title: 'chains are those of nft list ruleset', found: sorted(found), printed: sorted(printed) }]
}
