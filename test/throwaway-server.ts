// Makes certificates and servers that live as long as one test.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface TearDown {
  teardown(handler: () => void): unknown
}

export interface KeyPair {
  readonly key: string
  readonly cert: string
}

/** A certificate that signs itself. @param options more options of `openssl req`, such as -days or -addext */
export function throwawayCertificate(
  subject: string,
  options: readonly string[] = [],
  key: readonly string[] = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
): KeyPair {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-certificate-'))
  const [keyFile, certificateFile] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
  const files = ['-keyout', keyFile, '-out', certificateFile]
  try {
    execFileSync('openssl', ['req', '-x509', ...key, '-nodes', '-subj', subject, ...files, ...options], {
      stdio: 'ignore',
    })
    return { key: readFileSync(keyFile, 'utf8'), cert: readFileSync(certificateFile, 'utf8') }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** Listens on a port of loopback until the test ends. */
export async function serveOnLoopback(t: TearDown, server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
  })
  server.on('tlsClientError', (_, socket: Socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}
