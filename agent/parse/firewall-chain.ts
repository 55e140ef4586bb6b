// A chain of the kernel's packet filter as every view of it is parsed into.
import type { PacketStep } from './packet-step.ts'

/** What a rule asks of a packet that no rule names: one from an unnamed address and interface, to an unnamed port. */
export type Condition =
  /** names something, so such a packet does not match */
  | 'never'
  /** a match whose meaning the view does not show */
  | 'maybe'
  | 'ipv4'
  | 'ipv6'
  /** the destination is an address of this host */
  | 'local'

export type Verdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'queue' | 'none' }
  /** a target whose effect the view does not show */
  | { readonly kind: 'opaque' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }

export interface FirewallRule {
  /** all of them must hold; none at all matches every packet */
  readonly conditions: readonly Condition[]
  readonly verdict: Verdict
  /** drops or rejects what it matches, also by a verdict map */
  readonly blocks: boolean
  /** further chains that a verdict map leads to */
  readonly leadsTo: readonly string[]
}

export interface FirewallChain {
  /** ip, ip6, inet, … */
  readonly family: string
  readonly table: string
  readonly chain: string
  /** filter, nat or route for a base chain, else empty */
  readonly type: string
  /** netfilter hook of a base chain, else empty */
  readonly hook: string
  /** 0 for chains that are not base chains */
  readonly priority: number
  /** accept or drop for a base chain, else empty */
  readonly policy: string
  readonly rules: readonly FirewallRule[]
  /** the same rules as tests of one packet, a verdict map taken apart */
  readonly steps: readonly PacketStep[]
  /** false when the view does not tell whether the table is switched off */
  readonly certain: boolean
}

/** Targets of iptables after which the next rule is looked at. */
export const passingTargets: ReadonlySet<string> = new Set([
  'AUDIT',
  'CHECKSUM',
  'CLASSIFY',
  'CONNMARK',
  'CONNSECMARK',
  'CT',
  'DSCP',
  'ECN',
  'HL',
  'HMARK',
  'IDLETIMER',
  'LED',
  'LOG',
  'MARK',
  'NFLOG',
  'NOTRACK',
  'RATEEST',
  'SECMARK',
  'SET',
  'TCPMSS',
  'TCPOPTSTRIP',
  'TEE',
  'TOS',
  'TRACE',
  'TTL',
  'ULOG',
])
