// Original file: proto/gabion/v1/uplink.proto

import type { Encoding as _gabion_v1_Encoding, Encoding__Output as _gabion_v1_Encoding__Output } from '../../gabion/v1/Encoding.ts';
import type { Long } from '@grpc/proto-loader';

export interface Change {
  'sequence'?: (number | string | Long);
  'full'?: (Buffer | Uint8Array | string);
  'delta'?: (Buffer | Uint8Array | string);
  'encoding'?: (_gabion_v1_Encoding);
  'body'?: "full"|"delta";
}

export interface Change__Output {
  'sequence': (number);
  'full'?: (Buffer);
  'delta'?: (Buffer);
  'encoding': (_gabion_v1_Encoding__Output);
  'body'?: "full"|"delta";
}
