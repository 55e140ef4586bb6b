// Ends a gRPC call whose client does not close its side after the collector closed its own.
import { constants } from 'node:http2'

interface Http2Stream {
  readonly closed: boolean
  close(code: number): void
}

interface ServerCall {
  readonly nextCall?: ServerCall
  readonly stream?: Http2Stream
}

/**
 * The library sends its trailers and then waits for the client for as long as the connection lives; it has no public
 * way to end the HTTP/2 stream below, so this looks for it. A test holds that it is still found.
 */
export function resetCall(stream: unknown): void {
  let { call } = stream as { readonly call?: ServerCall }
  while (call?.nextCall) call = call.nextCall
  if (call?.stream && !call.stream.closed) call.stream.close(constants.NGHTTP2_NO_ERROR)
}
