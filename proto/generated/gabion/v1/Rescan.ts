// Original file: proto/gabion/v1/uplink.proto


export interface Rescan {
  'requestId'?: (string);
  'facets'?: (string)[];
}

export interface Rescan__Output {
  'requestId': (string);
  'facets': (string)[];
}
