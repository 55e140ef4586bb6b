// Original file: proto/gabion/v1/uplink.proto


export interface Refusal {
  'code'?: (string);
  'detail'?: (string);
  'retryAfterMs'?: (number);
}

export interface Refusal__Output {
  'code': (string);
  'detail': (string);
  'retryAfterMs': (number);
}
