// Answers on the HTTP address while the database is opened, which takes its time when there is something to migrate.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { openHttpServer } from './api/http-server.ts'
import { Problem, problemBody } from './api/problem.ts'
import { type OpenApiOptions, openTls } from './open-api.ts'

export interface Early {
  /** what it does now, for the log and for who asks; those who asked meanwhile are answered when it resolves */
  tell(text: string): Promise<void>
  /** leaves the address to the API */
  close(): Promise<void>
}

/** A database in this process leaves the loop no time of its own. */
const turn = () => new Promise<void>(resolve => setTimeout(resolve, 5))

/** Whoever asks comes again after that. */
const retryMs = 5_000

/** @throws GabionError as `openApi` */
export async function openEarly(
  options: Pick<OpenApiOptions, 'http' | 'api' | 'dataDirectory' | 'clock' | 'log'>,
): Promise<Early> {
  // Nobody knows a port that is still to be chosen.
  if (options.http.port === 0) return { tell: async text => options.log.info(text), close: async () => undefined }
  const opened = new AbortController()
  let doing = 'the database is being opened'
  const tls = await openTls(options, opened.signal)
  const server = await openHttpServer(options.http, (request, response) => answer(request, response, doing), tls)
  return {
    async tell(text) {
      options.log.info(text)
      doing = `the database is being opened: ${text}`
      await turn()
    },
    close() {
      opened.abort()
      return server.close(0)
    },
  }
}

/** It lives, and is not ready; nothing else is known yet. */
function answer({ url }: IncomingMessage, response: ServerResponse, doing: string): void {
  const isAlive = url === '/healthz'
  const problem = problemBody(new Problem(503, doing))
  response.writeHead(isAlive ? 200 : 503, {
    'content-type': isAlive ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    connection: 'close',
    ...(!isAlive && { 'retry-after': String(retryMs / 1_000) }),
  })
  response.end(JSON.stringify(isAlive ? { status: 'ok' } : problem))
}
