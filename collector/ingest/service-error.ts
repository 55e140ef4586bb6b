// Errors of gRPC with the time after which it is worth asking again.
import { Metadata, type ServiceError, type status } from '@grpc/grpc-js'

export function serviceError(code: status, details: string, retryAfterMs = 0): Partial<ServiceError> {
  const metadata = new Metadata()
  if (retryAfterMs > 0) metadata.set('retry-after-ms', String(Math.ceil(retryAfterMs)))
  return { code, details, metadata }
}
