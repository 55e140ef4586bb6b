// Kills the agent and the collector at every named point and at random while a host changes all the time. Afterwards
// each change is at the collector once and in order, or a recorded gap covers it.
import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checkDatabase } from '../../collector/store/sqlite/check-database.ts'
import { freePort } from '../free-port.ts'
import { agentPoints, collectorPoints } from './crash/points.ts'
import { isComplete, readHistory } from './history.ts'

const isFull = process.env['GABION_FULL'] === '1'
const perPoint = isFull ? 20 : 3
const atRandom = isFull ? 200 : 12

type Side = 'agent' | 'collector'

// The runner's own limit is for files that do one thing.
t.setTimeout(1_500_000)
t.test('nothing is lost, nothing comes twice, wherever they die', { timeout: 1_500_000 }, async t => {
  const directory = t.testdir({ agent: {}, collector: {} })
  const [http, grpc] = [await freePort(), await freePort()]
  const base = `http://127.0.0.1:${http}/api/v1`
  const script = (side: Side) => join(import.meta.dirname, 'crash', `${side}.ts`)
  const fixed = {
    agent: [join(directory, 'agent'), `127.0.0.1:${grpc}`, randomUUID()],
    collector: [join(directory, 'collector'), String(http), String(grpc)],
  }
  const children: Partial<Record<Side, ChildProcess>> = {}
  const start = (side: Side, ...crash: readonly string[]) => {
    const child = spawn(process.execPath, [script(side), ...fixed[side], ...crash], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    children[side] = child
    return once(child, 'exit') as Promise<[number | null, string | null]>
  }
  t.teardown(() => {
    for (const child of Object.values(children)) child.kill('SIGKILL')
  })
  const progress = async () => {
    const { items } = (await (await fetch(`${base}/drift?limit=1`)).json()) as { items: readonly { id: number }[] }
    return items[0]?.id ?? 0
  }
  /** Both live and something new arrived. */
  const moving = async () => {
    const before = await progress().catch(() => 0)
    const deadline = performance.now() + 120_000
    while ((await progress().catch(() => 0)) <= before) {
      if (performance.now() > deadline) throw new Error('nothing arrives any more')
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
  let ended: Record<Side, Promise<[number | null, string | null]>> = {
    collector: start('collector'),
    agent: start('agent'),
  }
  await moving()

  for (const point of [...agentPoints, ...collectorPoints]) {
    const side: Side = (agentPoints as readonly string[]).includes(point) ? 'agent' : 'collector'
    for (let count = 1; count <= perPoint; count++) {
      children[side]?.kill('SIGKILL')
      await ended[side]
      const [, signal] = await start(side, point, String((count % 7) + 1))
      if (signal !== 'SIGKILL') t.fail(`${side} did not die ${point}, but by ${signal}`)
      ended = { ...ended, [side]: start(side) }
      await moving()
    }
    t.pass(`${perPoint} times ${point}`)
  }
  for (let count = 0; count < atRandom; count++) {
    const side: Side = Math.random() < 0.5 ? 'agent' : 'collector'
    await new Promise(resolve => setTimeout(resolve, Math.random() * 60))
    children[side]?.kill('SIGKILL')
    await ended[side]
    ended = { ...ended, [side]: start(side) }
    if (count % 5 === 4) await moving()
  }
  await moving()
  t.pass(`${atRandom} times at random`)

  children.agent?.kill('SIGTERM')
  t.same(await ended.agent, [0, null], 'the agent ends cleanly')
  ended = { ...ended, agent: start('agent') }
  const host = ((await (await fetch(`${base}/hosts`)).json()) as { items: readonly { id: string }[] }).items
  t.equal(host.length, 1)
  const written = () => readFileSync(join(directory, 'agent/values'), 'utf8').trimEnd().split('\n').length
  const target = written()
  const told = async () => {
    const now = (await (await fetch(`${base}/hosts/${host[0]?.id}/facets/small`)).json()) as {
      facts: { rows: readonly { name: string; value: number }[] }
    }
    return now.facts.rows.find(({ name }) => name === 'a')?.value ?? 0
  }
  while ((await told()) < target) await new Promise(resolve => setTimeout(resolve, 20))
  children.agent?.kill('SIGTERM')
  await ended.agent
  children.collector?.kill('SIGTERM')
  t.same(await ended.collector, [0, null], 'the collector ends cleanly')
  const database = join(directory, 'collector/collector.db')
  t.same((await checkDatabase(database)).problems, [], 'and its database is sound')
  const history = readHistory(database)
  isComplete(t, history)
  const { rows, gaps } = history
  t.ok(rows.length > target / 2, `${rows.length} of ${target} changes came one by one, ${gaps.size} gaps`)
})
