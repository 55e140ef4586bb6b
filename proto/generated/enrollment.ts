import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { EnrollRequest as _gabion_v1_EnrollRequest, EnrollRequest__Output as _gabion_v1_EnrollRequest__Output } from './gabion/v1/EnrollRequest.ts';
import type { EnrollResponse as _gabion_v1_EnrollResponse, EnrollResponse__Output as _gabion_v1_EnrollResponse__Output } from './gabion/v1/EnrollResponse.ts';
import type { EnrollmentServiceClient as _gabion_v1_EnrollmentServiceClient, EnrollmentServiceDefinition as _gabion_v1_EnrollmentServiceDefinition } from './gabion/v1/EnrollmentService.ts';
import type { RenewRequest as _gabion_v1_RenewRequest, RenewRequest__Output as _gabion_v1_RenewRequest__Output } from './gabion/v1/RenewRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  gabion: {
    v1: {
      EnrollRequest: MessageTypeDefinition<_gabion_v1_EnrollRequest, _gabion_v1_EnrollRequest__Output>
      EnrollResponse: MessageTypeDefinition<_gabion_v1_EnrollResponse, _gabion_v1_EnrollResponse__Output>
      EnrollmentService: SubtypeConstructor<typeof grpc.Client, _gabion_v1_EnrollmentServiceClient> & { service: _gabion_v1_EnrollmentServiceDefinition }
      RenewRequest: MessageTypeDefinition<_gabion_v1_RenewRequest, _gabion_v1_RenewRequest__Output>
    }
  }
}

