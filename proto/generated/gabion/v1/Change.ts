// Original file: proto/gabion/v1/uplink.proto

import type { Long } from '@grpc/proto-loader';

export interface Change {
  'sequence'?: (number | string | Long);
  'full'?: (Buffer | Uint8Array | string);
  'delta'?: (Buffer | Uint8Array | string);
  'body'?: "full"|"delta";
}

export interface Change__Output {
  'sequence': (number);
  'full'?: (Buffer);
  'delta'?: (Buffer);
  'body'?: "full"|"delta";
}
