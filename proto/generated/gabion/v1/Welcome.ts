// Original file: proto/gabion/v1/uplink.proto

import type { FacetDigest as _gabion_v1_FacetDigest, FacetDigest__Output as _gabion_v1_FacetDigest__Output } from '../../gabion/v1/FacetDigest.ts';
import type { Settings as _gabion_v1_Settings, Settings__Output as _gabion_v1_Settings__Output } from '../../gabion/v1/Settings.ts';
import type { Long } from '@grpc/proto-loader';

export interface Welcome {
  'hostId'?: (string);
  'collectorVersion'?: (string);
  'appliedSequence'?: (number | string | Long);
  'clockMs'?: (number | string | Long);
  'heartbeatSeconds'?: (number);
  'facets'?: (_gabion_v1_FacetDigest)[];
  'settings'?: (_gabion_v1_Settings | null);
}

export interface Welcome__Output {
  'hostId': (string);
  'collectorVersion': (string);
  'appliedSequence': (number);
  'clockMs': (number);
  'heartbeatSeconds': (number);
  'facets': (_gabion_v1_FacetDigest__Output)[];
  'settings': (_gabion_v1_Settings__Output | null);
}
