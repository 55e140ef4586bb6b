// Tests of asking a container runtime, against a stand-in that speaks runtime.v1 on a Unix socket.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { startCriServer } from '../../cri-server.ts'

interface TearDown {
  teardown(handler: () => unknown): unknown
}

function makeRoot(t: TearDown): string {
  const root = mkdtempSync(join(tmpdir(), 'gabion-cri-'))
  t.teardown(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'run/containerd'), { recursive: true })
  return root
}

const socket = '/run/containerd/containerd.sock'

t.test('says who it is, and what it runs when asked', async t => {
  const root = makeRoot(t)
  await startCriServer(t, root + socket, {
    runtimeName: 'containerd',
    runtimeVersion: 'v2.0.1',
    sandboxes: [
      { id: 'aa', name: 'web-7d4b9c6f5d-x2k9p', namespace: 'shop', uid: 'u-1', state: 0, handler: 'gvisor' },
      { id: 'bb', name: 'gone', namespace: 'shop', uid: 'u-2', state: 1, handler: '' },
    ],
    containers: [
      {
        id: 'c1',
        sandboxId: 'aa',
        name: 'nginx',
        image: 'sha256:1',
        userImage: 'docker.io/library/nginx:1.27',
        state: 1,
      },
      { id: 'c2', sandboxId: 'aa', name: 'side', image: 'docker.io/library/busybox:1', userImage: '', state: 1 },
      { id: 'c3', sandboxId: 'bb', name: 'ended', image: 'x', userImage: '', state: 2 },
    ],
  })
  const host = await openHost({ root, live: true })

  const version = await host.askCri({ socket, what: 'version' })
  t.strictSame(version, {
    state: 'present',
    path: socket,
    value: { runtimeName: 'containerd', runtimeVersion: 'v2.0.1', apiVersion: 'v1', sandboxes: [], containers: [] },
  })
  const all = await host.askCri({ socket, what: 'containers' })
  t.strictSame(all.state === 'present' && all.value.sandboxes, [
    { id: 'aa', name: 'web-7d4b9c6f5d-x2k9p', namespace: 'shop', uid: 'u-1', handler: 'gvisor' },
  ])
  t.strictSame(all.state === 'present' && all.value.containers, [
    { id: 'c1', sandboxId: 'aa', name: 'nginx', image: 'docker.io/library/nginx:1.27' },
    { id: 'c2', sandboxId: 'aa', name: 'side', image: 'docker.io/library/busybox:1' },
  ])
})

t.test('a link to the socket inside the root is followed, one that leads out of it is not', async t => {
  const root = makeRoot(t)
  await startCriServer(t, root + socket, { runtimeName: 'cri-o', runtimeVersion: '1.31.0' })
  mkdirSync(join(root, 'var'))
  symlinkSync('/run', join(root, 'var/run'))
  const host = await openHost({ root, live: true })
  const inside = await host.askCri({ socket: '/var/run/containerd/containerd.sock', what: 'version' })
  t.equal(inside.state === 'present' && inside.value.runtimeName, 'cri-o')

  const outside = makeRoot(t)
  symlinkSync(root + socket, join(outside, 'run/containerd/containerd.sock'))
  const other = await openHost({ root: outside, live: true })
  t.equal((await other.askCri({ socket, what: 'version' })).state, 'absent', 'the link is taken inside the root')
})

t.test('what is no socket, does not listen, says nothing or something else', async t => {
  const root = makeRoot(t)
  const host = await openHost({ root, live: true })
  t.equal((await host.askCri({ socket, what: 'version' })).state, 'absent')

  writeFileSync(root + socket, 'a file')
  t.match(await host.askCri({ socket, what: 'version' }), { state: 'notRegular', detail: 'file' })
  rmSync(root + socket)

  const silent = createServer(connection => connection.resume())
  await new Promise<void>(resolve => silent.listen(root + socket, resolve))
  const asked = await host.askCri({ socket, what: 'version', timeoutMs: 200 })
  t.match(asked, { state: 'timedOut', path: socket })
  await new Promise<void>(resolve => silent.close(() => resolve()))

  const chatty = createServer(connection => {
    connection.on('error', () => undefined)
    connection.resume()
    connection.end('HTTP/1.1 400 Bad Request\r\n\r\n')
  })
  await new Promise<void>(resolve => chatty.listen(root + socket, resolve))
  t.match(await host.askCri({ socket, what: 'version', timeoutMs: 500 }), { state: /^(unavailable|timedOut)$/ })
  await new Promise<void>(resolve => chatty.close(() => resolve()))
})

t.test('a runtime without the interface is absent, one that floods is too large', async t => {
  const root = makeRoot(t)
  await startCriServer(t, root + socket, 'without the service')
  const host = await openHost({ root, live: true })
  t.match(await host.askCri({ socket, what: 'version' }), { state: 'absent', detail: 'does not speak runtime.v1' })

  const flooding = makeRoot(t)
  const row = { sandboxId: 'aa', name: 'x', image: 'y', userImage: '', state: 1 }
  await startCriServer(t, flooding + socket, {
    runtimeName: 'containerd',
    runtimeVersion: '1',
    containers: Array.from({ length: 10_001 }, (_, at) => ({ id: `c${at}`, ...row })),
  })
  const flooded = await openHost({ root: flooding, live: true })
  t.match(await flooded.askCri({ socket, what: 'containers' }), { state: 'tooLarge', detail: /10000 rows/ })

  const huge = makeRoot(t)
  const image = 'i'.repeat(17 * 1024 * 1024)
  await startCriServer(t, huge + socket, {
    runtimeName: 'containerd',
    runtimeVersion: '1',
    containers: [{ id: 'c', ...row, image }],
  })
  const bloated = await openHost({ root: huge, live: true })
  t.match(await bloated.askCri({ socket, what: 'containers', timeoutMs: 5000 }), { state: 'tooLarge', detail: /bytes/ })
})

t.test('an offline root is not asked', async t => {
  const root = makeRoot(t)
  await startCriServer(t, root + socket, { runtimeName: 'containerd', runtimeVersion: '1' })
  const host = await openHost({ root, live: false })
  t.match(await host.askCri({ socket, what: 'version' }), { state: 'absent', detail: 'offline root' })
})
