// Any rules as `nft -j` prints them, for tests that read them in more than one way.
import fc from 'fast-check'

/** Statements after which a rule goes on and which say nothing of the packet. */
export const passingStatement: fc.Arbitrary<object> = fc.constantFrom<object[]>(
  { counter: { packets: 1, bytes: 60 } },
  { log: { prefix: 'drop' } },
  { 'ct helper': 'ftp' },
  { set: { op: 'add', elem: 1, set: '@seen' } },
)

const match = (op: string, left: object, right: unknown) => ({ match: { op, left, right } })

/** Whole matches of usual rules. */
export const matchStatement: fc.Arbitrary<object> = fc
  .record({
    op: fc.constantFrom('==', '!='),
    of: fc.constantFrom<(readonly [object, unknown])[]>(
      [{ meta: { key: 'iifname' } }, 'lo'],
      [{ meta: { key: 'nfproto' } }, 'ipv6'],
      [{ meta: { key: 'mark' } }, 1],
      [{ meta: { key: 'pkttype' } }, 'host'],
      [{ payload: { protocol: 'tcp', field: 'dport' } }, { set: [22, 80] }],
      [{ payload: { protocol: 'ip', field: 'saddr' } }, { prefix: { addr: '10.0.0.0', len: 8 } }],
      [{ ct: { key: 'state' } }, ['established', 'related']],
      [{ ct: { key: 'state' } }, 'new'],
      [{ fib: { result: 'type', flags: ['daddr'] } }, 'local'],
    ),
  })
  .map(({ op, of: [left, right] }) => match(op, left, right))

export interface NftVerdict {
  readonly statement: object
  readonly verdict: { readonly kind: string; readonly chain?: string }
}

/** Statements that decide, and what they decide. */
export const verdictStatement: fc.Arbitrary<NftVerdict> = fc.constantFrom<NftVerdict[]>(
  { statement: { accept: null }, verdict: { kind: 'accept' } },
  { statement: { drop: null }, verdict: { kind: 'drop' } },
  { statement: { reject: { type: 'icmpx', expr: 'port-unreachable' } }, verdict: { kind: 'reject' } },
  { statement: { return: null }, verdict: { kind: 'return' } },
  { statement: { jump: { target: 'own' } }, verdict: { kind: 'jump', chain: 'own' } },
  { statement: { goto: { target: 'own' } }, verdict: { kind: 'goto', chain: 'own' } },
  { statement: { masquerade: null }, verdict: { kind: 'accept' } },
)
