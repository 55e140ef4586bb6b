// What is wrong with a signing request.

export class RequestError extends Error {
  override readonly name = 'RequestError'
}
