// Original file: proto/gabion/v1/uplink.proto

import type { FacetStatus as _gabion_v1_FacetStatus, FacetStatus__Output as _gabion_v1_FacetStatus__Output } from '../../gabion/v1/FacetStatus.ts';
import type { Gap as _gabion_v1_Gap, Gap__Output as _gabion_v1_Gap__Output } from '../../gabion/v1/Gap.ts';
import type { Long } from '@grpc/proto-loader';

export interface Offer {
  'sequence'?: (number | string | Long);
  'facet'?: (string);
  'schemaVersion'?: (number);
  'status'?: (_gabion_v1_FacetStatus);
  'digest'?: (string);
  'baseDigest'?: (string);
  'bodyBytes'?: (number | string | Long);
  'deltaBytes'?: (number | string | Long);
  'observedAtMs'?: (number | string | Long);
  'baseline'?: (boolean);
  'previousSequence'?: (number | string | Long);
  'gap'?: (_gabion_v1_Gap | null);
  'queuedChanges'?: (number | string | Long);
}

export interface Offer__Output {
  'sequence': (number);
  'facet': (string);
  'schemaVersion': (number);
  'status': (_gabion_v1_FacetStatus__Output);
  'digest': (string);
  'baseDigest': (string);
  'bodyBytes': (number);
  'deltaBytes': (number);
  'observedAtMs': (number);
  'baseline': (boolean);
  'previousSequence': (number);
  'gap': (_gabion_v1_Gap__Output | null);
  'queuedChanges': (number);
}
