// Original file: proto/gabion/v1/enrollment.proto


export interface RenewRequest {
  'signingRequest'?: (Buffer | Uint8Array | string);
}

export interface RenewRequest__Output {
  'signingRequest': (Buffer);
}
