// Original file: proto/gabion/v1/uplink.proto


export interface HeartbeatReply {
  'inStep'?: (boolean);
}

export interface HeartbeatReply__Output {
  'inStep': (boolean);
}
