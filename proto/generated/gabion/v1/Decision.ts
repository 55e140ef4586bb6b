// Original file: proto/gabion/v1/uplink.proto

import type { Long } from '@grpc/proto-loader';

// Original file: proto/gabion/v1/uplink.proto

export const _gabion_v1_Decision_Kind = {
  KIND_UNSPECIFIED: 'KIND_UNSPECIFIED',
  KIND_KNOWN: 'KIND_KNOWN',
  KIND_WANT_DELTA: 'KIND_WANT_DELTA',
  KIND_WANT_FULL: 'KIND_WANT_FULL',
  KIND_RETRY_LATER: 'KIND_RETRY_LATER',
} as const;

export type _gabion_v1_Decision_Kind =
  | 'KIND_UNSPECIFIED'
  | 0
  | 'KIND_KNOWN'
  | 1
  | 'KIND_WANT_DELTA'
  | 2
  | 'KIND_WANT_FULL'
  | 3
  | 'KIND_RETRY_LATER'
  | 4

export type _gabion_v1_Decision_Kind__Output = typeof _gabion_v1_Decision_Kind[keyof typeof _gabion_v1_Decision_Kind]

export interface Decision {
  'sequence'?: (number | string | Long);
  'kind'?: (_gabion_v1_Decision_Kind);
  'retryAfterMs'?: (number);
}

export interface Decision__Output {
  'sequence': (number);
  'kind': (_gabion_v1_Decision_Kind__Output);
  'retryAfterMs': (number);
}
