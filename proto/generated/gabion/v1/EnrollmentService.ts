// Original file: proto/gabion/v1/enrollment.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { EnrollRequest as _gabion_v1_EnrollRequest, EnrollRequest__Output as _gabion_v1_EnrollRequest__Output } from '../../gabion/v1/EnrollRequest.ts';
import type { EnrollResponse as _gabion_v1_EnrollResponse, EnrollResponse__Output as _gabion_v1_EnrollResponse__Output } from '../../gabion/v1/EnrollResponse.ts';
import type { RenewRequest as _gabion_v1_RenewRequest, RenewRequest__Output as _gabion_v1_RenewRequest__Output } from '../../gabion/v1/RenewRequest.ts';

export interface EnrollmentServiceClient extends grpc.Client {
  Enroll(argument: _gabion_v1_EnrollRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  Enroll(argument: _gabion_v1_EnrollRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  Enroll(argument: _gabion_v1_EnrollRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  Enroll(argument: _gabion_v1_EnrollRequest, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  enroll(argument: _gabion_v1_EnrollRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  enroll(argument: _gabion_v1_EnrollRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  enroll(argument: _gabion_v1_EnrollRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  enroll(argument: _gabion_v1_EnrollRequest, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  
  Renew(argument: _gabion_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _gabion_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _gabion_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  Renew(argument: _gabion_v1_RenewRequest, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _gabion_v1_RenewRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _gabion_v1_RenewRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _gabion_v1_RenewRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  renew(argument: _gabion_v1_RenewRequest, callback: grpc.requestCallback<_gabion_v1_EnrollResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface EnrollmentServiceHandlers extends grpc.UntypedServiceImplementation {
  Enroll: grpc.handleUnaryCall<_gabion_v1_EnrollRequest__Output, _gabion_v1_EnrollResponse>;
  
  Renew: grpc.handleUnaryCall<_gabion_v1_RenewRequest__Output, _gabion_v1_EnrollResponse>;
  
}

export interface EnrollmentServiceDefinition extends grpc.ServiceDefinition {
  Enroll: MethodDefinition<_gabion_v1_EnrollRequest, _gabion_v1_EnrollResponse, _gabion_v1_EnrollRequest__Output, _gabion_v1_EnrollResponse__Output>
  Renew: MethodDefinition<_gabion_v1_RenewRequest, _gabion_v1_EnrollResponse, _gabion_v1_RenewRequest__Output, _gabion_v1_EnrollResponse__Output>
}
