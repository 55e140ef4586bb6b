// A collector on a Unix socket, asked by `ready`: what the manifests of a cluster do.
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from '../../free-port.ts'
import { runBin } from '../../run-bin.ts'
import { daemon } from '../../whole/system.ts'

t.test(
  'serves agents on a Unix socket that only its owner may open, also over one that a kill left behind',
  async t => {
    const directory = mkdtempSync(join(tmpdir(), 'gabion-ready-'))
    t.teardown(() => rmSync(directory, { recursive: true, force: true }))
    const socket = join(directory, 'collector.sock')
    const http = `127.0.0.1:${await freePort()}`
    const args = ['serve', '--insecure-loopback', '--http-address', http, '--grpc-address', `unix:${socket}`]
    const collector = daemon(t, 'collector', [...args, '--data-dir', join(directory, 'data')])
    const agent = daemon(t, 'agent', ['run', '--collector', `unix:${socket}`, '--state-dir', join(directory, 'agent')])
    const ask = (...more: string[]) => runBin('collector', ['ready', '--http-address', http, ...more])
    t.match(await ask(), { code: 1, stderr: /no answer/ }, 'nobody there is exit code 1 with a reason')

    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      collector.start()
      for (let attempt = 0; attempt < 100 && (await ask()).code !== 0; attempt++) t.ok(collector.running, collector.log)
      t.match(await ask(), { code: 0, stdout: 'ready\n' })
      t.match(await ask('--alive'), { code: 0, stdout: 'alive\n' })
      t.ok(statSync(socket).isSocket())
      t.equal(statSync(socket).mode & 0o777, 0o600)
      if (signal === 'SIGTERM') {
        agent.start()
        const items = async () =>
          ((await (await fetch(`http://${http}/api/v1/hosts`)).json()) as { items: unknown[] }).items
        for (let attempt = 0; attempt < 600 && (await items()).length === 0; attempt++) {
          await new Promise(resolve => setTimeout(resolve, 50))
        }
        t.equal((await items()).length, 1, 'an agent arrives over it')
        t.same(await agent.stop('SIGTERM'), { code: 0, signal: null })
      }
      await collector.stop(signal)
      t.equal(existsSync(socket), signal === 'SIGKILL')
    }
  },
)

t.test('a file that is no socket is left alone', async t => {
  const directory = mkdtempSync(join(tmpdir(), 'gabion-ready-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'precious')
  writeFileSync(path, 'data')
  const args = ['serve', '--insecure-loopback', '--http-address', `127.0.0.1:${await freePort()}`]
  const { code, stderr } = await runBin('collector', [
    ...args,
    '--grpc-address',
    `unix:${path}`,
    '--data-dir',
    join(directory, 'd'),
  ])
  t.equal(code, 1)
  t.match(stderr, `gRPC address unix:${path}`)
  t.equal(statSync(path).size, 4)
})

t.test('the API takes no Unix socket', async t => {
  const { code, stderr } = await runBin('collector', ['serve', '--insecure-loopback', '--http-address', 'unix:/tmp/x'])
  t.equal(code, 2)
  t.match(stderr, /expected HOST:PORT/)
})

t.test('a socket path that the kernel cannot hold is refused with its limit', async t => {
  const address = `unix:/${'x'.repeat(107)}`
  const { code, stderr } = await runBin('collector', ['serve', '--insecure-loopback', '--grpc-address', address])
  t.equal(code, 2)
  t.match(stderr, /at most 107 bytes/)
})
