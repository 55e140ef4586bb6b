// The services of a collector as grpc-js calls them: made from the contract once, for all connections.
import { loadPackageDefinition } from '@grpc/grpc-js'
import type { ProtoGrpcType as Enrollment } from '../../proto/generated/enrollment.ts'
import type { ProtoGrpcType as Uplink } from '../../proto/generated/uplink.ts'
import { wireDefinition } from '../../proto/wire.ts'

const { gabion } = loadPackageDefinition(wireDefinition) as unknown as Enrollment & Uplink

export const { EnrollmentService, UplinkService } = gabion.v1
