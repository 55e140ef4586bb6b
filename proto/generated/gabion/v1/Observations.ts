// Original file: proto/gabion/v1/uplink.proto

import type { Encoding as _gabion_v1_Encoding, Encoding__Output as _gabion_v1_Encoding__Output } from '../../gabion/v1/Encoding.ts';
import type { Long } from '@grpc/proto-loader';

export interface Observations {
  'facet'?: (string);
  'body'?: (Buffer | Uint8Array | string);
  'observedAtMs'?: (number | string | Long);
  'encoding'?: (_gabion_v1_Encoding);
}

export interface Observations__Output {
  'facet': (string);
  'body': (Buffer);
  'observedAtMs': (number);
  'encoding': (_gabion_v1_Encoding__Output);
}
