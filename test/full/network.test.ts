// A host that changes all the time, behind a real network that fails: each change is at the collector once and in order,
// or a recorded gap covers it. Two network namespaces, mutual TLS, faults by nftables and the cable itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { checkDatabase } from '../../collector/store/sqlite/check-database.ts'
import { skipFull } from '../tools.ts'
import { isComplete, readHistory } from '../whole/history.ts'
import type { AgentEvent, Wish } from './network/agent.ts'
import { createNetwork, type ends, type Network } from './network/namespaces.ts'

const times = 3
const unable = process.getuid?.() === 0 ? skipFull('ip', 'nft', 'tc') : 'needs root for network namespaces'
const network = unable || createNetwork(t)
const skip = typeof network === 'string' && network

t.setTimeout(900_000)
t.test('nothing is lost, nothing comes twice, however the network fails', { skip, timeout: 900_000 }, async t => {
  if (typeof network === 'string') throw new Error(network)
  const directory = t.testdir({ agent: {}, collector: {} })
  const collector = start(t, network, 'collector', join(directory, 'collector'))
  const [enrollmentString] = (await once(collector, 'message')) as [string]
  const agent = start(t, network, 'agent', join(directory, 'agent'), enrollmentString)
  let last = 0
  let heard = 0
  const ended: string[] = []
  agent.on('message', (event: AgentEvent) => {
    if ('changed' in event) last = event.changed
    if ('ended' in event) ended.push(event.ended)
    if ('heard' in event) heard++
  })
  const until = async (what: string, holds: () => Promise<boolean> | boolean) => {
    const deadline = performance.now() + 120_000
    while (!(await holds())) {
      if (performance.now() > deadline) throw new Error(`${what}: not within two minutes; ${ended.slice(-3)}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  const isHere = async (value: number) => {
    collector.send(value)
    const [answer] = (await once(collector, 'message')) as [{ readonly isHere: boolean }]
    return answer.isHere
  }
  /** What the agent told before it heard this is told. */
  const tell = async (wish: Wish) => {
    const before = heard
    agent.send(wish)
    await until(`an agent that heard ${wish}`, () => heard > before)
  }
  /** A change that is made from now on is at the collector. */
  const arrived = async () => {
    await tell('busy')
    const wanted = last + 1
    await until('a change', () => last >= wanted)
    await until('its arrival', () => isHere(wanted))
  }
  /** The agent noticed that its stream is of no use. */
  const broken = async (fault: () => Promise<void> | void) => {
    const before = ended.length
    await fault()
    await until('the end of a stream', () => ended.length > before)
    return ended.at(-1)
  }
  const faults: Readonly<Record<string, () => Promise<unknown>>> = {
    async 'packets that are dropped in both directions'() {
      const reason = await broken(() =>
        network.rules(chain('output', 'tcp dport 50052 drop'), chain('input', 'tcp sport 50052 drop')),
      )
      network.rules()
      return reason
    },
    async 'a peer that went silent'() {
      const reason = await broken(() => network.rules(chain('input', 'tcp sport 50052 drop')))
      network.rules()
      return reason
    },
    async 'connections that are reset'() {
      const reason = await broken(() => network.rules(chain('output', 'tcp dport 50052 reject with tcp reset')))
      network.rules()
      return reason
    },
    async 'a cable that is pulled'() {
      const reason = await broken(() => network.cable('down'))
      network.cable('up')
      return reason
    },
    async 'a slow way'() {
      const how = network.slow(true)
      await arrived()
      await arrived()
      network.slow(false)
      return how
    },
    async 'a middlebox that forgets idle connections'() {
      network.forgetAfter(1)
      network.rules(
        chain('output', 'ct state established accept; tcp flags & (syn | ack) == syn accept; tcp dport 50052 drop'),
        chain('input', 'ct state established accept; tcp sport 50052 drop'),
      )
      // Only what the box remembers comes through: then it is the agent's connection, which a ping of it finds forgotten.
      await arrived()
      const reason = await broken(() => tell('idle'))
      await arrived()
      network.rules()
      return reason
    },
  }
  await arrived()
  for (const [name, fault] of Object.entries(faults)) {
    let how: unknown
    for (let count = 0; count < times; count++) {
      how = await fault()
      await arrived()
    }
    t.pass(`${times} times ${name} (${how})`)
  }
  await tell('idle')
  await until('the last change', () => isHere(last))
  await stop(agent)
  await stop(collector)
  const database = join(directory, 'collector/collector.db')
  t.same((await checkDatabase(database)).problems, [])
  const history = readHistory(database)
  isComplete(t, history)
  t.equal(history.rows.at(-1)?.value, last)
  t.ok(history.rows.length > 50, `${history.rows.length} of ${last} changes came one by one, ${history.gaps.size} gaps`)
})

const chain = (hook: 'input' | 'output', rules: string) =>
  `chain ${hook} { type filter hook ${hook} priority 0; policy accept; ${rules}; }`

function start(
  t: Pick<Test, 'teardown'>,
  network: Network,
  end: keyof typeof ends,
  ...args: readonly string[]
): ChildProcess {
  const script = join(import.meta.dirname, 'network', `${end}.ts`)
  const [program, ...rest] = network.at(end, process.execPath, script, ...args)
  const child = spawn(program, rest, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  await once(child, 'exit')
}
