// What stands before several collectors: new connections go to the one that is chosen, those that are open stay.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface Balancer {
  /** HOST:PORT */
  readonly address: string
  /** @param port on loopback that new connections go to */
  choose(port: number): void
}

export async function startBalancer(t: Pick<Test, 'teardown'>, port: number): Promise<Balancer> {
  const open = new Set<Socket>()
  let chosen = port
  const server = createServer(near => {
    const far = connect(chosen, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one)
      one.on('error', () => undefined)
      one.on('close', () => {
        open.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of open) socket.destroy()
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    choose: next => {
      chosen = next
    },
  }
}
