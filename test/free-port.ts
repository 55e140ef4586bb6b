// A TCP port of the loopback that nobody uses now, and that no outgoing connection is given while its server is down.
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { errnoOf } from '../runtime/errors.ts'

/** Below those that Linux gives to connections (32768 and on): a server that stops finds its port free when it starts again. */
const ports = { from: 15_000, to: 32_000 }

export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(ports.from, ports.to)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    if (errnoOf(error) === 'EADDRINUSE') return false
    throw error
  }
  server.close()
  await once(server, 'close')
  return true
}
