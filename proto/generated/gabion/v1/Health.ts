// Original file: proto/gabion/v1/uplink.proto

import type { ProbeHealth as _gabion_v1_ProbeHealth, ProbeHealth__Output as _gabion_v1_ProbeHealth__Output } from '../../gabion/v1/ProbeHealth.ts';
import type { Long } from '@grpc/proto-loader';

export interface Health {
  'rssBytes'?: (number | string | Long);
  'cpuPermille'?: (number);
  'outboxEntries'?: (number | string | Long);
  'outboxBytes'?: (number | string | Long);
  'outboxOldestMs'?: (number | string | Long);
  'probes'?: (_gabion_v1_ProbeHealth)[];
  'degraded'?: (string)[];
}

export interface Health__Output {
  'rssBytes': (number);
  'cpuPermille': (number);
  'outboxEntries': (number);
  'outboxBytes': (number);
  'outboxOldestMs': (number);
  'probes': (_gabion_v1_ProbeHealth__Output)[];
  'degraded': (string)[];
}
