// Tests of asking a kubelet for its configuration: who gets to see the token, and what is believed of the answer.

import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import { createServer as createPlainServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { askConfigz } from '../../../agent/host/kubelet-configz.ts'
import { serveOnLoopback, throwawayCertificate } from '../../throwaway-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'gabion-token-'))
t.teardown(() => rmSync(directory, { recursive: true, force: true }))
const known = throwawayCertificate('/CN=node')
const other = throwawayCertificate('/CN=node')
const fingerprints = [new X509Certificate(known.cert).fingerprint256]
const tokenFile = join(directory, 'token')
writeFileSync(tokenFile, 'canary.token\n')

async function kubelet(t: Parameters<typeof serveOnLoopback>[0], answer: RequestListener, tls = known) {
  const seen: string[] = []
  const server = createServer(tls, (request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.authorization}`)
    answer(request, response)
  })
  return { port: await serveOnLoopback(t, server), seen }
}
const ask = (port: number, file = tokenFile, timeoutMs = 1000) =>
  askConfigz(file, { address: '127.0.0.1', port, fingerprints, timeoutMs })

t.test('a kubelet whose certificate is known is asked with the token', async t => {
  const { port, seen } = await kubelet(t, (_, response) => response.end('{"kubeletconfig":{}}'))
  t.strictSame(await ask(port), {
    state: 'present',
    path: `https://127.0.0.1:${port}/configz`,
    value: { status: 200, body: '{"kubeletconfig":{}}' },
  })
  t.strictSame(seen, ['GET /configz Bearer canary.token'])
  const link = join(directory, 'link')
  symlinkSync('token', link)
  t.match(await ask(port, link), { value: { status: 200 } }, 'projected tokens are links')
})

t.test('a server with another certificate never sees the token', async t => {
  const { port, seen } = await kubelet(t, (_, response) => response.end('{}'), other)
  t.match(await ask(port), { state: 'unavailable', detail: /another certificate/ })
  t.strictSame(seen, [])
  const none = await kubelet(t, (_, response) => response.end('{}'))
  const unknown = { address: '127.0.0.1', port: none.port, fingerprints: [] }
  t.match(await askConfigz(tokenFile, unknown), { state: 'unavailable' }, 'nothing on disk to compare with')
  t.strictSame(none.seen, [])
})

t.test('a refusal has its status and no body', async t => {
  for (const status of [401, 403, 404, 500, 302]) {
    const { port } = await kubelet(t, (_, response) => response.writeHead(status, { location: '/x' }).end('canary'))
    t.match(await ask(port), { state: 'present', value: { status, body: '' } })
  }
})

t.test('an answer without end is cut, one that does not come is not waited for', async t => {
  const flood = await kubelet(t, (_, response) => {
    const more = () => {
      while (response.write('x'.repeat(10_000)));
      response.once('drain', more)
    }
    more()
  })
  t.match(await ask(flood.port), { state: 'tooLarge' })
  const slow = await kubelet(t, (_, response) => void response.write('{'))
  t.match(await ask(slow.port, tokenFile, 150), { state: 'timedOut' })
  const broken = await kubelet(t, (_, response) => {
    response.write('{')
    response.socket?.destroy()
  })
  t.match(await ask(broken.port), { state: 'unavailable' })
  const silent = await serveOnLoopback(t, createPlainServer())
  t.match(await ask(silent, tokenFile, 150), { state: 'timedOut' })
  const plain = await serveOnLoopback(
    t,
    createPlainServer(socket => socket.end('SSH-2.0\r\n')),
  )
  t.match(await ask(plain), { state: 'unavailable' })
})

t.test('without a token nothing is asked, and what is no token is named without its content', async t => {
  t.match(await askConfigz(undefined, { address: '127.0.0.1', port: 1, fingerprints }), { state: 'absent' })
  const { port, seen } = await kubelet(t, (_, response) => response.end('{}'))
  const bad = (name: string, content: string) => {
    writeFileSync(join(directory, name), content)
    return ask(port, join(directory, name))
  }
  execFileSync('mkfifo', [join(directory, 'fifo')])
  const outcomes = [
    await bad('empty', '\n'),
    await bad('two', 'canary one\ncanary two\n'),
    await bad('binary', 'canary\0\u00ff'),
    await bad('long', 'c'.repeat(20_000)),
    await ask(port, join(directory, 'missing')),
    await ask(port, join(directory, 'fifo')),
    await ask(port, directory),
  ]
  t.strictSame(
    outcomes.map(outcome => (outcome.state === 'present' ? 'present' : `${outcome.state}: ${outcome.detail}`)),
    [
      'unavailable: empty',
      'unavailable: not a token',
      'unavailable: not a token',
      'tooLarge: more than 16384 bytes',
      'unavailable: ENOENT',
      'notRegular: not a file',
      'notRegular: not a file',
    ],
  )
  t.notMatch(JSON.stringify(outcomes), /canary/)
  t.strictSame(seen, [])
})

t.test('only addresses of this machine are asked', async t => {
  const question = { address: '192.0.2.1', port: 10250, fingerprints }
  t.match(await askConfigz(tokenFile, question), { state: 'unavailable', detail: 'not an address of this machine' })
})
