// What an agent that stays takes: memory and CPU of `gabion-agent run` from the bundle, enrolled at a collector of this
// machine, and without one, beside an empty Node.js of the same time and settings.
// npm run build && node bench/resident.ts [minutes]
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../runtime/clock.ts'
import { freePort } from '../test/free-port.ts'

const minutes = Number(process.argv[2] ?? 5)
const dist = join(import.meta.dirname, '../dist')
const agent = join(dist, 'gabion-agent.mjs')
const collector = join(dist, 'gabion-collector.mjs')
/** As the image and the unit have it. */
const settings = {
  NODE_OPTIONS: '--max-semi-space-size=1 --max-old-space-size=128',
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '65536',
}
/** The first sweep and the connection are not what an agent takes day after day. */
const settlingMs = 60_000

interface Usage {
  readonly rssKiB: number
  /** of it memory of its own, neither the program's text nor shared */
  readonly anonymousKiB: number
  readonly peakKiB: number
  /** of the process and the children it waited for */
  readonly cpuMs: number
}

const directory = mkdtempSync(join(tmpdir(), 'gabion-resident-'))
const children: ChildProcess[] = []
try {
  const state = await enrolledState()
  const programs = {
    'empty Node.js': start(['-e', 'setInterval(() => undefined, 60_000)']),
    'agent, enrolled': start([agent, 'run', '--state-dir', state, '--log-level', 'warn']),
    'agent, alone': start([agent, 'run', '--state-dir', join(directory, 'alone'), '--log-level', 'warn']),
  }
  await systemClock.sleep(settlingMs)
  const before = Object.entries(programs).map(([name, pid]) => ({ name, pid, usage: usageOf(pid) }))
  await systemClock.sleep(minutes * 60_000)
  process.stdout.write(`after ${minutes} min, with ${Object.entries(settings).flat().join(' ')}\n`)
  for (const { name, pid, usage } of before) {
    const now = usageOf(pid)
    const share = ((now.cpuMs - usage.cpuMs) / (minutes * 60_000)) * 100
    const [rss, anonymous, peak] = [now.rssKiB, now.anonymousKiB, now.peakKiB].map(kib => (kib / 1024).toFixed(1))
    process.stdout.write(
      `${name.padEnd(16)} RSS ${rss} MiB (its own ${anonymous}, peak ${peak}), CPU ${share.toFixed(2)} % of a core\n`,
    )
  }
} finally {
  for (const child of children) child.kill('SIGKILL')
  rmSync(directory, { recursive: true, force: true })
}
process.exit()

/** Starts a collector, and answers the state directory of an agent that is enrolled there. */
async function enrolledState(): Promise<string> {
  const [data, state] = [join(directory, 'collector'), join(directory, 'agent')]
  const [http, grpc, enrolled, exchange] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const endpoint = `127.0.0.1:${grpc}`
  start([
    ...[collector, 'serve', '--data-dir', data, '--advertise', '127.0.0.1', '--log-level', 'warn'],
    ...['--http-address', `127.0.0.1:${http}`, '--grpc-address', endpoint],
    ...['--enrolled-port', String(enrolled), '--exchange-port', String(exchange)],
  ])
  while (!(await listens(enrolled))) await systemClock.sleep(100)
  const text = run([collector, 'token', 'create', '--data-dir', data, '--endpoint', endpoint])
  run([agent, 'enroll', /gabion_enroll_\S+/.exec(text)?.[0] ?? '', '--state-dir', state])
  return state
}

function run(args: readonly string[]): string {
  return execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

function start(args: readonly string[]): number {
  const env = { ...process.env, ...settings, NODE_ENV: 'production' }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  children.push(child)
  if (child.pid === undefined) throw new Error(`${args.join(' ')} did not start`)
  return child.pid
}

function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  const kib = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0)
  return { rssKiB: kib('VmRSS'), anonymousKiB: kib('RssAnon'), peakKiB: kib('VmHWM'), cpuMs: ticks * 10 }
}
