// Original file: proto/gabion/v1/uplink.proto

import type { Health as _gabion_v1_Health, Health__Output as _gabion_v1_Health__Output } from '../../gabion/v1/Health.ts';
import type { Long } from '@grpc/proto-loader';

export interface Heartbeat {
  'hostDigest'?: (Buffer | Uint8Array | string);
  'clockMs'?: (number | string | Long);
  'health'?: (_gabion_v1_Health | null);
}

export interface Heartbeat__Output {
  'hostDigest': (Buffer);
  'clockMs': (number);
  'health': (_gabion_v1_Health__Output | null);
}
