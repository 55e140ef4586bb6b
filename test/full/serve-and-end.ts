// A collector of a package or an image: it gets ready, is looked at, and ends cleanly when it is told to.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Test } from 'tap'
import { freePort } from '../free-port.ts'

export interface ServeOptions {
  /** the program with what stands before it, and the words of `serve` */
  readonly command: (words: readonly string[]) => readonly [string, readonly string[]]
  /** (default: that of the test) */
  readonly env?: NodeJS.ProcessEnv
  /** what is held while it serves. @param address HOST:PORT of its API */
  readonly look: (address: string) => Promise<void> | void
}

export async function serveAndEnd(t: Test, { command, env, look }: ServeOptions): Promise<void> {
  const [http, grpc] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`]
  const words = ['serve', '--insecure-loopback', '--http-address', http, '--grpc-address', grpc]
  const child = spawn(...command(words), { ...(env && { env }), stdio: ['ignore', 'ignore', 'pipe'] })
  t.teardown(() => child.kill('SIGKILL'))
  let log = ''
  child.stderr.on('data', chunk => {
    log += chunk
  })
  const ended = once(child, 'exit')
  t.ok(await answers(`http://${http}/readyz`, child), `answers /readyz: ${log.slice(-800)}`)
  await look(http)
  child.kill('SIGTERM')
  t.same(await ended, [0, null], `ends with 0: ${log.slice(-800)}`)
}

/** Asks until there is a good answer or the process has ended. */
async function answers(url: string, child: { readonly exitCode: number | null }): Promise<boolean> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    const isGood = await fetch(url).then(
      response => response.ok,
      () => false,
    )
    if (isGood) return true
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  return false
}
