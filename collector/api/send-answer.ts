// Sends what a route answered: JSON, a text, or pieces of one as they come.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import { errnoOf } from '../../runtime/errors.ts'
import type { RequestContext } from './request-context.ts'
import type { Answer } from './route.ts'

export async function sendAnswer(
  answer: Answer,
  result: unknown,
  response: Response,
  { signal }: Pick<RequestContext, 'signal'>,
): Promise<void> {
  response.status(answer.status)
  if (response.get('cache-control') === undefined) response.set('cache-control', 'no-cache')
  if ('schema' in answer) response.json(result)
  else if (!('contentType' in answer)) response.end()
  else {
    if (response.get('content-type') === undefined) response.type([answer.contentType].flat()[0] ?? 'text/plain')
    if (typeof result === 'string') response.send(result)
    else await stream(result as AsyncIterable<string>, response, signal)
  }
}

/** Waits for whoever reads slowly; ends quietly when nobody reads any more. */
async function stream(pieces: AsyncIterable<string>, response: Response, signal: AbortSignal): Promise<void> {
  response.flushHeaders()
  if (response.req.method === 'HEAD') return void response.end()
  try {
    await pipeline(Readable.from(pieces), response)
  } catch (error) {
    if (signal.aborted || response.destroyed || errnoOf(error) === 'ERR_STREAM_PREMATURE_CLOSE') return
    throw error
  }
}
