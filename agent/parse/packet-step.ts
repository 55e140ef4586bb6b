// A rule of the packet filter as the tests it puts to one packet and what it then does.

/** First and last port. */
export type PortRange = readonly [number, number]

/** One test; all tests of a step must hold. `of` lists alternatives, `negated` turns the answer around. */
export type PacketMatch =
  | { readonly kind: 'protocol'; readonly of: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'port'; readonly of: readonly PortRange[]; readonly negated: boolean }
  /** addresses, prefixes and ranges as text; `set NAME` for a set by name; `banned addresses` for what comes and goes */
  | { readonly kind: 'source' | 'destination'; readonly of: readonly string[]; readonly negated: boolean }
  /** names, with `*` at the end for all that begin so */
  | { readonly kind: 'interfaceIn' | 'interfaceOut'; readonly of: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'sourcePort'; readonly of: readonly string[]; readonly negated: boolean }
  | { readonly kind: 'family'; readonly of: 'ipv4' | 'ipv6' }
  /** the destination is an address of this host */
  | { readonly kind: 'local'; readonly negated: boolean }
  /** the first packet of a connection matches, as long as the connection is tracked */
  | { readonly kind: 'state'; readonly holds: boolean }
  /** the destination was translated */
  | { readonly kind: 'translated'; readonly negated: boolean }
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number; readonly negated: boolean }
  /** within a rate or a number of connections, or over it */
  | { readonly kind: 'rate'; readonly over: boolean }
  /** a test that holds for no first packet of a connection */
  | { readonly kind: 'never' }
  /** a test whose meaning is not read */
  | { readonly kind: 'unread' }

export type StepVerdict =
  | { readonly kind: 'accept' | 'drop' | 'reject' | 'return' | 'none' | 'opaque' | 'untrack' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** `(mark & ~mask) ^ value`; mask -1 when the new mark is not known */
  | { readonly kind: 'mark'; readonly value: number; readonly mask: number }
  /** destination translation; empty address for this host itself, undefined when it is not read; port 0 keeps the port */
  | { readonly kind: 'translate'; readonly address: string | undefined; readonly port: number }

export interface PacketStep {
  readonly matches: readonly PacketMatch[]
  readonly verdict: StepVerdict
}
