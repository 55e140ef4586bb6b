// Facet `firewall`: what ufw and firewalld declare, and what the kernel filters now.
import * as z from 'zod'
import { defineFacet, type FactsOf, keyed, type ObservationsOf } from '../facet.ts'

const policy = z.enum(['accept', 'drop', 'reject', 'unknown'])

export const UfwRuleSchema = z.object({
  family: z.enum(['ipv4', 'ipv6']).describe('user.rules or user6.rules'),
  position: z.int().describe('place in its file, from 1: the first match decides'),
  action: z.enum(['allow', 'deny', 'reject', 'limit']).describe('what happens to a match'),
  direction: z.enum(['in', 'out', 'routed']).describe('which traffic'),
  protocol: z.string().describe('tcp, udp, …, or any'),
  to: z.string().describe('destination address or any'),
  toPort: z.string().describe('destination port, list or range as ufw writes it, or any'),
  toApp: z.string().describe('application profile of the destination, empty when none'),
  from: z.string().describe('source address or any'),
  fromPort: z.string().describe('source port, list or range, or any'),
  fromApp: z.string().describe('application profile of the source, empty when none'),
  interfaceIn: z.string().describe('incoming interface, empty for all'),
  interfaceOut: z.string().describe('outgoing interface, empty for all'),
  log: z.enum(['', 'log', 'log-all']).describe('logging of matches'),
  comment: z.string().describe('comment of the rule'),
  hiddenBy: z
    .int()
    .optional()
    .describe(
      'position of the first earlier rule that takes every packet of this one, so that it never decides; 0 for none',
    ),
  loaded: z
    .boolean()
    .optional()
    .describe(
      'ufw’s chains of the kernel have what the file makes of it; left out where they cannot be seen rule by rule',
    ),
})
export type UfwRule = z.infer<typeof UfwRuleSchema>

export const FirewallFacet = defineFacet({
  name: 'firewall',
  version: 2,
  title: 'Firewall managers’ declared state and rules, and the policy the kernel applies now',
  facts: {
    ufw: z
      .object({
        installed: z.boolean().describe('ufw’s configuration exists'),
        enabled: z.boolean().describe('ENABLED=yes in /etc/ufw/ufw.conf'),
        enabledAtBoot: z.boolean().optional().describe('the unit (or init script) is linked to start at boot'),
        loaded: z
          .boolean()
          .optional()
          .describe('ufw’s chains are in the kernel now; left out when that cannot be read'),
        logLevel: z.string().describe('LOGLEVEL of ufw.conf, off when not set'),
        ipv6: z.boolean().describe('IPV6=yes in /etc/default/ufw'),
        defaultInput: policy.describe('DEFAULT_INPUT_POLICY; unknown when it is missing or none that ufw takes'),
        defaultOutput: policy.describe('DEFAULT_OUTPUT_POLICY'),
        defaultForward: policy.describe('DEFAULT_FORWARD_POLICY'),
      })
      .optional()
      .describe('/etc/ufw/ufw.conf and /etc/default/ufw'),
    ufwRules: keyed(UfwRuleSchema, ['family', 'position']).describe(
      'the `### tuple ###` lines of /etc/ufw/user.rules and user6.rules; they stand on disk also while ufw is off',
    ),
    ufwUndeclared: keyed(
      z.object({
        family: z.enum(['ipv4', 'ipv6']).describe('of the packets'),
        chain: z.string().describe('chain of ufw for rules of its users, such as ufw-user-input'),
        position: z.int().describe('place in that chain, from 1'),
        rule: z.string().describe('essence of the rule'),
      }),
      ['family', 'chain', 'position'],
    )
      .optional()
      .describe('rules that stand in those chains and in none of ufw’s files: somebody put them there behind its back'),
    firewalld: z
      .object({
        installed: z.boolean().describe('its program or its main configuration file exists'),
        enabledAtBoot: z.boolean().optional().describe('its unit is linked to start at boot'),
        defaultZone: z.string().optional().describe('DefaultZone of firewalld.conf, empty when not installed'),
      })
      .optional()
      .describe('firewalld configuration'),
    nftablesAtBoot: z.boolean().optional().describe('nftables.service is linked to start at boot'),
    live: z
      .object({
        source: z
          .enum(['nft', 'iptables', 'iptables-legacy', 'none'])
          .describe('what answered; none when the kernel has no packet filter loaded'),
        inputIpv4: policy
          .optional()
          .describe('what happens to an incoming IPv4 packet that no rule names; left out when it cannot be told'),
        inputIpv6: policy.optional().describe('the same for IPv6'),
        forwardIpv4: policy.optional().describe('the same for a forwarded IPv4 packet'),
        filtersInput: z.boolean().optional().describe('a rule or a policy drops or rejects some incoming traffic'),
      })
      .optional()
      .describe('`nft -j list ruleset`, or iptables-save and ip6tables-save'),
    chains: keyed(
      z.object({
        source: z.enum(['nft', 'iptables', 'iptables-legacy']).describe('which view it was read from'),
        family: z.string().describe('ip, ip6, inet, …'),
        table: z.string().describe('table name'),
        chain: z.string().describe('chain name'),
        hook: z.string().describe('netfilter hook of a base chain, empty for others'),
        priority: z.int().describe('priority of a base chain, 0 for others'),
        policy: z.string().describe('policy of a base chain, empty for others'),
        rules: z
          .int()
          .describe('number of rules; -1 where a cluster component (kube-proxy, Cilium, Calico) keeps changing them'),
        owner: z
          .enum(['ufw', 'firewalld', 'docker', 'kube-proxy', 'cilium', 'calico', 'libvirt', 'other'])
          .describe('manager told by the chain’s name'),
      }),
      ['source', 'family', 'table', 'chain'],
    )
      .optional()
      .describe(
        'chains of the live rule set without those made per service or workload (KUBE-SVC-…, cali-tw-…); left out when it cannot be read',
      ),
    exposures: keyed(
      z.object({
        protocol: z.enum(['tcp', 'udp', 'sctp']).describe('transport'),
        family: z
          .enum(['ipv4', 'ipv6'])
          .describe('of the packets; a socket of `::` that serves IPv4 too has a row of either'),
        address: z.string().describe('bound or translated address; 0.0.0.0 and :: mean any'),
        port: z.int().describe('port that another host sends to'),
        via: z
          .enum(['socket', 'dnat'])
          .describe('what answers: a socket, or what a rule of destination translation leads to'),
        verdict: z
          .enum(['accepted', 'dropped', 'conditional', 'unknown'])
          .describe('what becomes of a first packet from another host; unknown where a rule is not understood'),
        decidedBy: z.string().describe('table, chain and essence of the rule or policy that decides'),
        condition: z.string().describe('what packets are let in when the verdict is conditional, else empty'),
        restriction: z
          .enum(['none', 'sources', 'other', 'rate', 'exceptions'])
          .describe(
            'what the condition is: named sources only; an interface, address or source port; a rate; everybody but some',
          ),
      }),
      ['protocol', 'family', 'address', 'port'],
    )
      .optional()
      .describe(
        'what the live rules do with packets to sockets that are not bound to loopback, and to ports that are translated without one (published by Docker, NodePort, hostPort); programs in eBPF are not seen',
      ),
  },
  observations: {
    rulesTotal: z.int().describe('rules in the live rule set, 0 when it could not be read'),
  },
})
export type FirewallFacts = FactsOf<typeof FirewallFacet>
export type FirewallObservations = ObservationsOf<typeof FirewallFacet>
