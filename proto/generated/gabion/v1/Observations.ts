// Original file: proto/gabion/v1/uplink.proto

import type { Long } from '@grpc/proto-loader';

export interface Observations {
  'facet'?: (string);
  'body'?: (Buffer | Uint8Array | string);
  'observedAtMs'?: (number | string | Long);
}

export interface Observations__Output {
  'facet': (string);
  'body': (Buffer);
  'observedAtMs': (number);
}
