// Readers of events that come and go while hosts change: together they have read every change once, in order; and one
// that does not read at all holds nothing up and fills no memory.
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { createApp } from '../../../collector/api/app.ts'
import { openHttpServer } from '../../../collector/api/http-server.ts'
import { openSqliteStore } from '../../../collector/store/sqlite/open-store.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { apiOptionsOf } from './api-options-of.ts'

const opening = { machineId: '', bootId: '', agentVersion: '1', outboxId: 'o', labels: {}, skewMs: 0, atMs: 1 }
const row = (text: string) => ({
  ...({ kind: 'fact', subject: 'small', change: 'changed', field: 'note', text } as const),
  ...{ atMs: 1, receivedAtMs: 1 },
})

/** A store that is served, with one host. */
async function serve(t: Pick<Test, 'teardown' | 'testdir'>) {
  const store = await openSqliteStore(join(t.testdir({}), 'collector.db'), systemClock)
  const { host } = await store.write(transaction => transaction.openHost({ ...opening, hostKey: 'k', hostname: 'one' }))
  const listeners = new Set<() => void>()
  let reads = 0
  const read = {
    ...store.read,
    driftAfter: (...given: Parameters<typeof store.read.driftAfter>) => {
      reads++
      return store.read.driftAfter(...given)
    },
  }
  const onCommit = (listener: () => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  const stopping = new AbortController()
  const options = { onCommit, stopping: stopping.signal }
  const server = await openHttpServer(
    { host: '127.0.0.1', port: 0 },
    createApp(apiOptionsOf({ ...store, read }, options)),
  )
  t.teardown(async () => {
    stopping.abort()
    await server.close(0)
    await store.close()
  })
  async function change(texts: readonly string[]): Promise<void> {
    await store.write(transaction => transaction.appendDrift(host, texts.map(row)))
    for (const listener of listeners) listener()
  }
  return { store, change, address: server.address, reads: () => reads }
}

/** Reads that many events, or until all are read, and goes. @returns their ids */
async function readSome(address: string, after: number, most: number, last: () => number): Promise<readonly number[]> {
  const gone = new AbortController()
  const ids: number[] = []
  const headers = { 'last-event-id': String(after) }
  const { body } = await fetch(`http://${address}/api/v1/events`, { headers, signal: gone.signal })
  let rest = ''
  try {
    for await (const piece of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + piece).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const id = /^id: (\d+)\nevent: drift\ndata: /.exec(block)?.[1]
        // What comes after it has seen enough is lost with the connection, as it would be in a browser.
        if (id !== undefined && ids.length < most) ids.push(Number(id))
      }
      if (ids.length >= most || (ids.at(-1) ?? after) >= last()) break
    }
  } finally {
    gone.abort()
  }
  return ids
}

const script = fc.record({
  commits: fc.array(fc.integer({ min: 1, max: 250 }), { minLength: 5, maxLength: 15 }),
  readers: fc.array(fc.array(fc.integer({ min: 1, max: 180 }), { maxLength: 6 }), { minLength: 1, maxLength: 3 }),
})

t.test('whoever goes on by the last id has every change once, in order, whatever is committed meanwhile', async t => {
  const { store, change, address } = await serve(t)
  await change(['the first'])
  let total = 0
  const holds = fc.asyncProperty(script, async ({ commits, readers }) => {
    const start = (await store.read.fleet()).lastDriftId
    const end = start + commits.reduce((sum, count) => sum + count, 0)
    const writing = (async () => {
      for (const count of commits) await change(Array.from({ length: count }, (_, index) => `change ${index}`))
    })()
    const read = await Promise.all(
      readers.map(async stops => {
        const ids: number[] = []
        for (const most of [...stops, Number.POSITIVE_INFINITY]) {
          const after = ids.at(-1) ?? start
          if (after < end) ids.push(...(await readSome(address, after, most, () => end)))
        }
        return ids
      }),
    )
    await writing
    const expected = (await allAfter(start)).map(({ id }) => id)
    total += expected.length
    return read.every(ids => JSON.stringify(ids) === JSON.stringify(expected))
  })
  async function allAfter(after: number) {
    const rows = []
    for (let last = after; ; last = rows.at(-1)?.id ?? last) {
      const some = await store.read.driftAfter(last, 1_000)
      rows.push(...some)
      if (some.length < 1_000) return rows
    }
  }
  await fc.assert(holds, { numRuns: 12 })
  t.ok(total > 1_000, `${total} changes`)
})

t.test('a reader that does not read is not read for', async t => {
  const { store, change, address, reads } = await serve(t)
  const socket = connect(Number(address.split(':')[1]), '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.pause()
  socket.write('GET /api/v1/events?after=0 HTTP/1.1\r\nhost: localhost\r\n\r\n')
  const rows = 40_000
  for (let at = 0; at < rows; at += 2_000) {
    await change(Array.from({ length: 2_000 }, (_, index) => `${index} ${'x'.repeat(480)}`))
  }
  // All that is under way is what sockets buffer: a few megabytes of the twenty and more that there are.
  const before = reads()
  t.ok(before * 100 < rows, `${before} reads of 100 rows each`)
  let heard = ''
  let seen = 0
  const last = (await store.read.fleet()).lastDriftId
  socket.setEncoding('latin1').on('data', piece => {
    const lines = (heard + piece).split('\n')
    heard = lines.pop() ?? ''
    seen = lines.reduce((found, line) => (line.startsWith('id: ') ? Number(line.slice('id: '.length)) : found), seen)
    if (seen >= last) socket.destroy()
  })
  socket.resume()
  await once(socket, 'close')
  t.equal(seen, last, 'when it reads again it gets everything')
})
