// Original file: proto/gabion/v1/uplink.proto

import type { Long } from '@grpc/proto-loader';

export interface Hello {
  'protocolVersion'?: (number);
  'agentVersion'?: (string);
  'hostKey'?: (string);
  'hostname'?: (string);
  'machineId'?: (string);
  'bootId'?: (string);
  'outboxId'?: (string);
  'clockMs'?: (number | string | Long);
  'labels'?: ({[key: string]: string});
  'nodeName'?: (string);
  'queuedChanges'?: (number | string | Long);
  'oldestQueuedMs'?: (number | string | Long);
}

export interface Hello__Output {
  'protocolVersion': (number);
  'agentVersion': (string);
  'hostKey': (string);
  'hostname': (string);
  'machineId': (string);
  'bootId': (string);
  'outboxId': (string);
  'clockMs': (number);
  'labels': ({[key: string]: string});
  'nodeName': (string);
  'queuedChanges': (number);
  'oldestQueuedMs': (number);
}
