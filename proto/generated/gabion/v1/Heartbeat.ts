// Original file: proto/gabion/v1/uplink.proto

import type { Long } from '@grpc/proto-loader';

export interface Heartbeat {
  'hostDigest'?: (string);
  'clockMs'?: (number | string | Long);
}

export interface Heartbeat__Output {
  'hostDigest': (string);
  'clockMs': (number);
}
