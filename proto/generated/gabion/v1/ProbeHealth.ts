// Original file: proto/gabion/v1/uplink.proto

import type { Long } from '@grpc/proto-loader';

export interface ProbeHealth {
  'facet'?: (string);
  'runs'?: (number | string | Long);
  'failures'?: (number | string | Long);
  'lastDurationMs'?: (number);
  'longestDurationMs'?: (number);
  'failingRuns'?: (number);
  'slowdown'?: (number);
  'wishedSeconds'?: (number);
}

export interface ProbeHealth__Output {
  'facet': (string);
  'runs': (number);
  'failures': (number);
  'lastDurationMs': (number);
  'longestDurationMs': (number);
  'failingRuns': (number);
  'slowdown': (number);
  'wishedSeconds': (number);
}
