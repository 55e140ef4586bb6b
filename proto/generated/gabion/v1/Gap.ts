// Original file: proto/gabion/v1/uplink.proto

import type { Long } from '@grpc/proto-loader';

export interface Gap {
  'changes'?: (number | string | Long);
  'fromMs'?: (number | string | Long);
}

export interface Gap__Output {
  'changes': (number);
  'fromMs': (number);
}
