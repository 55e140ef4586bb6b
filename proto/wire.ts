// The wire contract as grpc-js wants it; only the uplink and the ingest use it.
import { fromJSON } from '@grpc/proto-loader'
import { descriptor } from './descriptor.generated.ts'
import { wireOptions } from './wire-options.ts'

export const protocolVersion = 1

/** Package definition of gabion.v1, for grpc-js' loadPackageDefinition. */
export const wireDefinition = fromJSON(descriptor as Parameters<typeof fromJSON>[0], wireOptions)
