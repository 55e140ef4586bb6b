// Original file: proto/gabion/v1/enrollment.proto


export interface EnrollRequest {
  'tokenId'?: (string);
  'tokenSecret'?: (Buffer | Uint8Array | string);
  'requestId'?: (string);
  'signingRequest'?: (Buffer | Uint8Array | string);
  'hostname'?: (string);
  'machineId'?: (string);
  'bootId'?: (string);
  'agentVersion'?: (string);
}

export interface EnrollRequest__Output {
  'tokenId': (string);
  'tokenSecret': (Buffer);
  'requestId': (string);
  'signingRequest': (Buffer);
  'hostname': (string);
  'machineId': (string);
  'bootId': (string);
  'agentVersion': (string);
}
