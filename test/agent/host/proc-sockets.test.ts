// Tests of reading descriptors and the listening part of TCP tables.
import { createServer } from 'node:net'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { holdsSocket, readHeldSockets, readListeningRows } from '../../../agent/host/proc-sockets.ts'
import { parseProcNetTcp } from '../../../agent/parse/proc-net-tcp.ts'
import { hostFrom } from '../../host-from.ts'
import { type LittleSocket, processFiles, tableText } from '../ports/little-proc.ts'

const listening = (count: number): LittleSocket[] =>
  Array.from({ length: count }, (_, index) => ({ address: '00000000', port: 1 + index, inode: 1 + index }))
const connection = (state: number): LittleSocket => ({ address: '0A000001', port: 9, inode: 7, state })

async function rowsRead(test: Parameters<typeof hostFrom>[0], text: string) {
  const host = await hostFrom(test, { files: { '/proc/1/net/tcp': text } })
  const outcome = await readListeningRows(host, '/proc/1/net/tcp')
  if (outcome.state !== 'present') throw new Error(outcome.detail)
  const { rows, malformed } = parseProcNetTcp(outcome.value, 'little')
  return { rows, malformed, bytes: outcome.value.length }
}

t.test('every listening row is read, however many pages they fill', async t => {
  for (const count of [0, 1, 26, 27, 28, 500]) {
    const { rows, malformed } = await rowsRead(t, tableText(listening(count)))
    t.strictSame([rows.length, malformed], [count, []])
  }
})

t.test('connections behind the listening rows are not read', async t => {
  const sockets = [...listening(60), ...Array.from({ length: 20_000 }, () => connection(1))]
  const { rows, malformed, bytes } = await rowsRead(t, tableText(sockets))
  t.equal(rows.filter(({ state }) => state === 10).length, 60)
  t.strictSame(malformed, [], 'the last row is whole')
  t.ok(bytes < 20_000, `${bytes} bytes were read`)
})

t.test('half-open connections of old kernels among the listening rows do not end them', async t => {
  const halfOpen = Array.from({ length: 100 }, () => connection(3))
  const { rows } = await rowsRead(t, tableText([...listening(5), ...halfOpen, ...listening(9)]))
  t.equal(rows.filter(({ state }) => state === 10).length, 14)
})

t.test('a table that is missing, cut, a symbolic link, or endless is told as that', async t => {
  const host = await hostFrom(t, {
    files: {
      '/proc/1/net/link': { symlink: '/etc/passwd' },
      '/proc/1/net/endless': tableText([]) + 'x'.repeat(17 * 1024 * 1024),
    },
  })
  t.match(await readListeningRows(host, '/proc/1/net/tcp'), { state: 'absent' })
  t.match(await readListeningRows(host, '/proc/1/net/link'), { state: 'unreadable', detail: 'ELOOP' })
  t.match(await readListeningRows(host, '/proc/1/net/endless'), { state: 'tooLarge' })
  const text = tableText(listening(2))
  t.equal((await rowsRead(t, text.slice(0, -80))).malformed.length, 1)
})

t.test('only wanted sockets of a process are kept, and a hold can be verified', async t => {
  const host = await hostFrom(t, { files: processFiles({ pid: 5, name: 'a', sockets: [10, 11, 12] }) })
  const held = await readHeldSockets(host, [5, 6], new Set([11, 12, 13]))
  t.strictSame(held.get(5), {
    state: 'read',
    sockets: new Map([
      [11, 4],
      [12, 5],
    ]),
  })
  t.strictSame(held.get(6), { state: 'ended' })
  t.equal(holdsSocket(host, 5, 4, 11), true)
  t.equal(holdsSocket(host, 5, 4, 12), false)
  t.equal(holdsSocket(host, 5, 44, 11), false)
})

t.test('an offline root is not asked', async t => {
  const host = await hostFrom(t, { files: processFiles({ pid: 5, name: 'a', sockets: [10] }), live: false })
  t.equal((await readHeldSockets(host, [5], new Set([10]))).size, 0)
  t.match(await readListeningRows(host, '/proc/1/net/tcp'), { state: 'absent', detail: 'offline root' })
})

t.test('on this machine our own listening socket is found among our descriptors', async t => {
  const server = createServer()
  t.teardown(() => server.close())
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const host = await openHost({ root: '/' })
  const table = await readListeningRows(host, `/proc/${process.pid}/net/tcp`)
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const row = table.state === 'present' ? parseProcNetTcp(table.value).rows.find(row => row.port === port) : undefined
  t.match(row, { address: '127.0.0.1', state: 10 })
  const held = (await readHeldSockets(host, [process.pid], new Set([row?.inode ?? 0]))).get(process.pid)
  t.ok(held?.state === 'read' && held.sockets.has(row?.inode ?? 0))
})
