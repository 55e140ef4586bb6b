// A TCP proxy on loopback that breaks connections in the ways that networks do.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface Faults {
  /** new connections are reset at once */
  refuse?: boolean
  /** each piece of data is that late */
  delayMs?: number
  /** connections without data for so long are closed */
  idleMs?: number
  /** connections that begin as HTTP/2, or as TLS that offers it, are reset after their first bytes */
  breakHttp2?: boolean
}

export interface FaultProxy {
  /** HOST:PORT */
  readonly address: string
  /** what befalls connections from now on */
  readonly faults: Faults
  /** accepted so far */
  readonly accepted: number
  /** targets that CONNECT asked for */
  readonly asked: readonly string[]
  /** ends every open connection */
  cut(how: 'close' | 'reset'): void
  /** every open connection stays open and passes nothing on any more */
  freeze(): void
}

interface Link {
  readonly ends: readonly [Socket, Socket]
  isFrozen: boolean
  timer: NodeJS.Timeout | undefined
}

/** @param target HOST:PORT that everything goes to; undefined makes it an HTTP proxy that knows CONNECT */
export async function startFaultProxy(t: Pick<Test, 'teardown'>, target?: string): Promise<FaultProxy> {
  const faults: Faults = {}
  const links = new Set<Link>()
  const asked: string[] = []
  let accepted = 0

  function join(near: Socket, to: string, first?: Buffer): void {
    const at = to.lastIndexOf(':')
    const far = connect(Number(to.slice(at + 1)), to.slice(0, at))
    const link: Link = { ends: [near, far], isFrozen: false, timer: undefined }
    links.add(link)
    const over = () => {
      links.delete(link)
      clearTimeout(link.timer)
      if (!link.isFrozen) for (const end of link.ends) end.destroy()
    }
    const pass = (chunk: Buffer, other: Socket) => {
      if (link.isFrozen) return
      clearTimeout(link.timer)
      if (faults.idleMs !== undefined) link.timer = setTimeout(over, faults.idleMs)
      if (faults.delayMs === undefined) other.write(chunk)
      else setTimeout(() => other.destroyed || other.write(chunk), faults.delayMs)
    }
    for (const [from, other] of [[near, far] as const, [far, near] as const]) {
      from.on('data', chunk => pass(chunk, other))
      from.on('error', () => undefined)
      from.on('close', over)
    }
    if (first) pass(first, far)
  }

  const server = createServer(near => {
    accepted++
    near.on('error', () => undefined)
    if (faults.refuse) return void near.resetAndDestroy()
    if (target === undefined) return void once(near, 'data').then(([head]) => connectTo(near, String(head)), ignore)
    joinUnlessBroken(near, target)
  })

  function joinUnlessBroken(near: Socket, to: string): void {
    if (!faults.breakHttp2) join(near, to)
    else {
      void once(near, 'data').then(([first]) => {
        if (isHttp2(first)) near.resetAndDestroy()
        else join(near, to, first)
      }, ignore)
    }
  }

  function connectTo(near: Socket, head: string): void {
    const to = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(head)?.[1]
    if (to === undefined) return void near.end('HTTP/1.1 405 Method Not Allowed\r\n\r\n')
    asked.push(to)
    near.write('HTTP/1.1 200 Connection established\r\n\r\n')
    joinUnlessBroken(near, to)
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const destroyAll = () => {
    for (const link of links) for (const end of link.ends) end.destroy()
  }
  t.teardown(() => {
    server.close()
    destroyAll()
  })
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    asked,
    get accepted() {
      return accepted
    },
    cut(how) {
      if (how === 'close') return destroyAll()
      for (const link of links) for (const end of link.ends) end.resetAndDestroy()
    },
    freeze() {
      for (const link of links) {
        link.isFrozen = true
        clearTimeout(link.timer)
      }
    },
  }
}

const ignore = () => undefined

/** The preface of HTTP/2, or a TLS client hello that names it for ALPN. */
const isHttp2 = (first: Buffer) => first.includes('PRI * HTTP/2.0') || first.includes(Buffer.from([2, 0x68, 0x32]))
