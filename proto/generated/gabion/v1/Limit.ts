// Original file: proto/gabion/v1/uplink.proto

export const Limit = {
  LIMIT_UNSPECIFIED: 'LIMIT_UNSPECIFIED',
  LIMIT_CPU: 'LIMIT_CPU',
  LIMIT_MEMORY: 'LIMIT_MEMORY',
  LIMIT_DEADLINE: 'LIMIT_DEADLINE',
  LIMIT_OUTBOX: 'LIMIT_OUTBOX',
  LIMIT_WATCHES: 'LIMIT_WATCHES',
} as const;

export type Limit =
  | 'LIMIT_UNSPECIFIED'
  | 0
  | 'LIMIT_CPU'
  | 1
  | 'LIMIT_MEMORY'
  | 2
  | 'LIMIT_DEADLINE'
  | 3
  | 'LIMIT_OUTBOX'
  | 4
  | 'LIMIT_WATCHES'
  | 5

export type Limit__Output = typeof Limit[keyof typeof Limit]
