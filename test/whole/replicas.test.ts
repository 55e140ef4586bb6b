// Two collectors as processes of their own on one PostgreSQL database, with an agent that streams all the time: what one
// takes the other tells, one is asked and the agent of the other looks again, and either may be killed.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { plaintextChannel } from '../../agent/uplink/channel.ts'
import { checkStore } from '../../collector/store/look-after.ts'
import { openStore } from '../../collector/store/open-store.ts'
import { systemClock } from '../../runtime/clock.ts'
import { freePort } from '../free-port.ts'
import { startSmallUplink } from '../small-uplink.ts'
import { startPostgres, whyNoPostgres } from '../start-postgres.ts'
import { type History, isComplete, type Row } from './history.ts'
import { startBalancer } from './replica/balancer.ts'
import { readEvents } from './replica/events.ts'

const rounds = process.env['GABION_FULL'] === '1' ? 20 : 3

t.setTimeout(600_000)
const why = whyNoPostgres()
if (why) t.plan(0, why)
else t.test('two collectors, either of which is killed', { timeout: 600_000 }, test)

interface Replica {
  readonly base: string
  readonly grpc: number
  start(): Promise<void>
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<readonly [number | null, string | null]>
}

async function makeReplica(t: Test, directory: string, url: string): Promise<Replica> {
  const [http, grpc] = [await freePort(), await freePort()]
  const script = join(import.meta.dirname, 'replica/collector.ts')
  const base = `http://127.0.0.1:${http}`
  let child: ChildProcess | undefined
  t.teardown(() => child?.kill('SIGKILL'))
  mkdirSync(directory, { mode: 0o700 })
  return {
    base,
    grpc,
    async start() {
      child = spawn(process.execPath, [script, directory, String(http), String(grpc), url], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      await until(async () => (await fetch(`${base}/readyz`)).ok, 'a collector is ready')
    },
    async kill(signal) {
      if (!child) throw new Error('it was never started')
      const ended = once(child, 'exit')
      child.kill(signal)
      return (await ended) as [number | null, string | null]
    },
  }
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 120_000
  while (!(await holds().catch(() => false))) {
    if (performance.now() > deadline) throw new Error(`not within two minutes: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

async function test(t: Test): Promise<void> {
  const server = await startPostgres(t)
  const url = await server.database()
  const root = t.testdir({ agent: {} })
  const replicas = [
    await makeReplica(t, join(root, 'one'), url),
    await makeReplica(t, join(root, 'other'), url),
  ] as const
  const [one, other] = replicas
  await Promise.all(replicas.map(replica => replica.start()))
  const balancer = await startBalancer(t, one.grpc)
  let rescans = 0
  const uplink = startSmallUplink({
    directory: join(root, 'agent'),
    openChannel: plaintextChannel(balancer.address),
    onRescan: () => rescans++,
  })
  let reading = other.base
  const atOther = readEvents(() => other.base)
  const moving = readEvents(() => reading)
  t.teardown(() => Promise.all([atOther.close(), moving.close()]))
  const flow = keepChanging(uplink)
  const coming = async (more: number) => {
    const before = moving.events.length
    await until(async () => moving.events.length >= before + more, 'changes come')
  }

  await t.test('changes that one collector took are events of the other', async t => {
    await until(async () => atOther.events.length > 20, 'events')
    t.ok(atOther.events.length > 20)
  })

  await t.test('a collector that is asked has the agent of the other look again', async t => {
    const { items } = (await (await fetch(`${other.base}/api/v1/hosts`)).json()) as { items: readonly { id: string }[] }
    t.equal(items.length, 1)
    const path = `${other.base}/api/v1/hosts/${items[0]?.id}/rescan`
    const body = JSON.stringify({ facets: ['small'] })
    const ask = () => fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    await until(async () => (await ask()).status === 202, 'the other knows that the host is connected')
    await until(async () => rescans > 0, 'the agent looks again')
    t.ok(rescans > 0)
  })

  await t.test('either is killed, again and again, while the agent streams', async t => {
    for (let round = 0; round < rounds; round++) {
      const [dies, lives] = round % 2 === 0 ? [one, other] : [other, one]
      balancer.choose(lives.grpc)
      reading = lives.base
      t.same(await dies.kill('SIGKILL'), [null, 'SIGKILL'])
      await coming(10)
      await dies.start()
      await coming(10)
    }
  })

  const last = await flow.end()
  await until(async () => uplink.outbox.size === 0, 'everything is acknowledged')
  await uplink.stop()
  for (const replica of replicas) t.same(await replica.kill('SIGTERM'), [0, null])
  await Promise.all([atOther.close(), moving.close()])
  const { history, drift } = await stored(url)
  t.equal(history.rows.at(-1)?.value, last, 'the last change is there')
  isComplete(t, history)
  t.ok(moving.connections > rounds / 2, `the reader connected ${moving.connections} times`)
  for (const [name, { events }] of Object.entries({ atOther, moving })) {
    const ids = events.map(({ id }) => id)
    t.same(ids, drift.slice(0, ids.length), `${name}: each event once and in order, ${ids.length} of ${drift.length}`)
  }
  t.ok(moving.events.length >= 20 * rounds)
  const { problems, rows } = await checkStore({ kind: 'postgres', url, passwordFile: '' })
  t.same([problems, rows['hosts'], rows['states']], [[], 1, history.rows.length])
}

function keepChanging(uplink: ReturnType<typeof startSmallUplink>) {
  let last = uplink.change()
  const timer = setInterval(() => {
    if (uplink.outbox.size < 40) last = uplink.change()
  }, 4)
  return {
    async end() {
      clearInterval(timer)
      return last
    },
  }
}

/** What the database has of the only host, oldest first, and the ids of all drift. */
async function stored(url: string): Promise<{ readonly history: History; readonly drift: readonly number[] }> {
  const store = await openStore({ kind: 'postgres', url, passwordFile: '' }, systemClock)
  try {
    const { items } = await store.read.hosts({ connected: new Set(), sort: 'hostname' }, { limit: 10 })
    const id = items[0]?.id ?? ''
    const rows: Row[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await store.read.facetHistory(id, 'small', { limit: 500, ...(cursor !== undefined && { cursor }) })
      for (const { digest, validFrom } of page.items) {
        const body = JSON.parse((await store.read.body(digest))?.body ?? '{}') as {
          readonly rows: readonly { readonly name: string; readonly value: number }[]
        }
        rows.unshift({ value: body.rows.find(({ name }) => name === 'a')?.value ?? 0, from: Date.parse(validFrom) })
      }
      cursor = page.nextCursor
      if (cursor === undefined) break
    }
    const gaps = (await store.read.gaps(id, { limit: 500 })).items.map(({ to }) => Date.parse(to))
    const drift: number[] = []
    for (let after = 0; ; ) {
      const page = await store.read.driftAfter(after, 500)
      drift.push(...page.map(row => row.id))
      after = drift.at(-1) ?? 0
      if (page.length < 500) break
    }
    return { history: { rows, gaps: new Set(gaps) }, drift }
  } finally {
    await store.close()
  }
}
