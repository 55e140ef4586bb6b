// Who is at the other end of a connection, as far as it proved it.
import type { PeerCertificate } from 'node:tls'
import { enrolledKey } from '../store/enrolled-key.ts'

export type PeerIdentity =
  /** loopback or a Unix socket: whoever got there may speak for the host key it names */
  | { readonly kind: 'unproven' }
  /** a client certificate of ours that is in force */
  | { readonly kind: 'certificate'; readonly hostId: string; readonly serialNumber: string }
  /** a ServiceAccount token that the cluster's API server vouched for */
  | {
      readonly kind: 'kubernetes'
      /** name of the cluster in the collector's configuration */
      readonly cluster: string
      readonly nodeUid: string
      readonly nodeName: string
      /** that the token is bound to; undefined for one that is bound to the node itself */
      readonly pod?: { readonly namespace: string; readonly name: string; readonly uid: string }
    }

/** What a connection shows of itself. */
export interface PeerCall {
  /** value of the authorization header, empty when there is none */
  readonly authorization: string
  /** the client certificate that the TLS handshake verified */
  readonly certificate?: { readonly commonName: string; readonly serialNumber: string }
  /** address and port */
  readonly address: string
}

/** A certificate as Node tells it: the serial number in lower case, as it is kept. */
export function shownCertificate({ subject, serialNumber }: PeerCertificate): NonNullable<PeerCall['certificate']> {
  return { commonName: String(subject.CN ?? ''), serialNumber: serialNumber.toLowerCase() }
}

/** Why a peer is not let in. */
export class NotIdentified extends Error {
  override readonly name = 'NotIdentified'
  /** how long to stay away */
  readonly retryAfterMs: number
  constructor(message: string, retryAfterMs = 60_000) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** Nobody can tell now who the peer is. That says nothing about the peer: it is to come again. */
export class CannotIdentify extends Error {
  override readonly name = 'CannotIdentify'
  /** how long to stay away */
  readonly retryAfterMs: number
  constructor(message: string, retryAfterMs: number) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** @throws NotIdentified, or CannotIdentify when that cannot be told now */
export type Identify = (call: PeerCall) => Promise<PeerIdentity>

/** For listeners that only this machine reaches. */
export const unproven: Identify = async () => ({ kind: 'unproven' })

/** Begins the key of every node of a cluster; its uid follows. */
export const nodeKeyPrefix = (cluster: string) => `kubernetes:${cluster}/`

/** Why a host is retired whose node its cluster deleted: one that speaks again is back. */
export const nodeDeleted = 'node deleted'

/** Key of the host's record: the proven identity, or what the agent says where nothing is proven. */
export function hostKeyOf(identity: PeerIdentity, ownKey: string): string {
  if (identity.kind === 'certificate') return enrolledKey(identity.hostId)
  if (identity.kind === 'kubernetes') return nodeKeyPrefix(identity.cluster) + identity.nodeUid
  return ownKey
}
