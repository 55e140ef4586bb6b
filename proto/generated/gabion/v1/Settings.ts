// Original file: proto/gabion/v1/uplink.proto


export interface Settings {
  'heartbeatSeconds'?: (number);
  'probeSeconds'?: ({[key: string]: number});
  'defaultProbeSeconds'?: (number);
}

export interface Settings__Output {
  'heartbeatSeconds': (number);
  'probeSeconds': ({[key: string]: number});
  'defaultProbeSeconds': (number);
}
