// Original file: proto/gabion/v1/uplink.proto


export interface Ping {
}

export interface Ping__Output {
}
