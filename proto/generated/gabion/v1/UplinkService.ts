// Original file: proto/gabion/v1/uplink.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ConnectRequest as _gabion_v1_ConnectRequest, ConnectRequest__Output as _gabion_v1_ConnectRequest__Output } from '../../gabion/v1/ConnectRequest.ts';
import type { ConnectResponse as _gabion_v1_ConnectResponse, ConnectResponse__Output as _gabion_v1_ConnectResponse__Output } from '../../gabion/v1/ConnectResponse.ts';

export interface UplinkServiceClient extends grpc.Client {
  Connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_gabion_v1_ConnectRequest, _gabion_v1_ConnectResponse__Output>;
  Connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_gabion_v1_ConnectRequest, _gabion_v1_ConnectResponse__Output>;
  connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_gabion_v1_ConnectRequest, _gabion_v1_ConnectResponse__Output>;
  connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_gabion_v1_ConnectRequest, _gabion_v1_ConnectResponse__Output>;
  
}

export interface UplinkServiceHandlers extends grpc.UntypedServiceImplementation {
  Connect: grpc.handleBidiStreamingCall<_gabion_v1_ConnectRequest__Output, _gabion_v1_ConnectResponse>;
  
}

export interface UplinkServiceDefinition extends grpc.ServiceDefinition {
  Connect: MethodDefinition<_gabion_v1_ConnectRequest, _gabion_v1_ConnectResponse, _gabion_v1_ConnectRequest__Output, _gabion_v1_ConnectResponse__Output>
}
