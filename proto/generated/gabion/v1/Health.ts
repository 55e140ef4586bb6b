// Original file: proto/gabion/v1/uplink.proto

import type { ProbeHealth as _gabion_v1_ProbeHealth, ProbeHealth__Output as _gabion_v1_ProbeHealth__Output } from '../../gabion/v1/ProbeHealth.ts';
import type { Limit as _gabion_v1_Limit, Limit__Output as _gabion_v1_Limit__Output } from '../../gabion/v1/Limit.ts';
import type { Long } from '@grpc/proto-loader';

export interface Health {
  'rssBytes'?: (number | string | Long);
  'cpuPermille'?: (number);
  'outboxEntries'?: (number | string | Long);
  'outboxBytes'?: (number | string | Long);
  'outboxOldestMs'?: (number | string | Long);
  'probes'?: (_gabion_v1_ProbeHealth)[];
  'cpuMs'?: (number | string | Long);
  'startedAtMs'?: (number | string | Long);
  'loopDelayMs'?: (number);
  'watches'?: (number);
  'watchesRefused'?: (number);
  'watchMisses'?: (number | string | Long);
  'reloadError'?: (string);
  'nodeVersion'?: (string);
  'limits'?: (_gabion_v1_Limit)[];
  'slowdown'?: (number);
  'memoryLimitMib'?: (number);
  'cpuLimitPermille'?: (number);
}

export interface Health__Output {
  'rssBytes': (number);
  'cpuPermille': (number);
  'outboxEntries': (number);
  'outboxBytes': (number);
  'outboxOldestMs': (number);
  'probes': (_gabion_v1_ProbeHealth__Output)[];
  'cpuMs': (number);
  'startedAtMs': (number);
  'loopDelayMs': (number);
  'watches': (number);
  'watchesRefused': (number);
  'watchMisses': (number);
  'reloadError': (string);
  'nodeVersion': (string);
  'limits': (_gabion_v1_Limit__Output)[];
  'slowdown': (number);
  'memoryLimitMib': (number);
  'cpuLimitPermille': (number);
}
