// Original file: proto/gabion/v1/enrollment.proto


// Original file: proto/gabion/v1/enrollment.proto

export const _gabion_v1_EnrollResponse_State = {
  STATE_UNSPECIFIED: 'STATE_UNSPECIFIED',
  STATE_ISSUED: 'STATE_ISSUED',
  STATE_PENDING: 'STATE_PENDING',
} as const;

export type _gabion_v1_EnrollResponse_State =
  | 'STATE_UNSPECIFIED'
  | 0
  | 'STATE_ISSUED'
  | 1
  | 'STATE_PENDING'
  | 2

export type _gabion_v1_EnrollResponse_State__Output = typeof _gabion_v1_EnrollResponse_State[keyof typeof _gabion_v1_EnrollResponse_State]

export interface EnrollResponse {
  'state'?: (_gabion_v1_EnrollResponse_State);
  'hostId'?: (string);
  'certificateChain'?: (Buffer | Uint8Array | string)[];
  'authorities'?: (Buffer | Uint8Array | string)[];
  'endpoint'?: (string);
  'retryAfterMs'?: (number);
}

export interface EnrollResponse__Output {
  'state': (_gabion_v1_EnrollResponse_State__Output);
  'hostId': (string);
  'certificateChain': (Buffer)[];
  'authorities': (Buffer)[];
  'endpoint': (string);
  'retryAfterMs': (number);
}
