// `npm start`: a collector and an agent on this host, the first verdict, and the address to look at.
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { styleText } from 'node:util'
import { visible } from '../report/visible.ts'

const root = join(import.meta.dirname, '..')
const dataDir = process.env['GABION_DATA_DIR'] || join(root, 'data')
const httpAddress = `127.0.0.1:${portFrom('GABION_HTTP_PORT', 8080)}`
const grpcAddress = `127.0.0.1:${portFrom('GABION_GRPC_PORT', 50051)}`
const base = `http://${httpAddress}`
/** A first sweep takes about a second; a loaded machine may need many. */
const firstScanMs = 60_000
/** Somebody else may sit on the port and never answer. */
const answerMs = 2_000

const children: ChildProcess[] = []
let stopping = false

const bold = (text: string) => styleText('bold', text, { stream: process.stdout })
const dim = (text: string) => styleText('dim', text, { stream: process.stdout })
const red = (text: string) => styleText('red', text, { stream: process.stdout })

process.on('SIGINT', () => stop(1_500))
process.on('SIGTERM', () => stop(0))

await main()

async function main(): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  process.stdout.write(dim('starting the collector and an agent on this host …\n'))
  start('collector', [
    ...['serve', '--insecure-loopback', '--demo', '--http-address', httpAddress, '--grpc-address', grpcAddress],
    ...['--data-dir', join(dataDir, 'collector')],
  ])
  if (!(await until(() => answers(`${base}/readyz`)))) return stop(0, 1)
  start('agent', ['run', '--collector', grpcAddress, '--state-dir', join(dataDir, 'agent')])
  if (!(await until(firstScanDone))) return stop(0, 1)
  process.stdout.write(await summary())
}

/** Runs one of the two bins; what it logs goes to a file, what ends it too early goes to the terminal. */
function start(name: 'agent' | 'collector', args: readonly string[]): void {
  const launcher = join(root, name, 'bin', `gabion-${name}.js`)
  const child = spawn(process.execPath, [launcher, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  const log = createWriteStream(join(dataDir, `${name}.log`), { flags: 'a', mode: 0o600 })
  let lastLines = ''
  child.stderr.on('data', (chunk: Buffer) => {
    log.write(chunk)
    lastLines = (lastLines + chunk.toString('utf8')).slice(-4_096)
  })
  child.on('exit', code => {
    log.end()
    if (stopping) return
    process.stderr.write(`${plainLines(lastLines) || `gabion-${name}: ended with ${code}`}\n`)
    stop(0, code || 1)
  })
  children.push(child)
}

/** What a bin says to people, without its JSON log lines. */
function plainLines(text: string): string {
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('{'))
    .join('\n')
}

async function until(condition: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + firstScanMs
  while (!stopping && performance.now() < deadline) {
    if (await condition()) return true
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  if (!stopping) process.stderr.write(`no answer within ${firstScanMs / 1000} s; see ${dataDir}/*.log\n`)
  return false
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(answerMs) })).ok
  } catch {
    return false
  }
}

interface Host {
  readonly id: string
  readonly hostname: string
  readonly connected: boolean
  /** with coverage, missing until a check has a verdict */
  readonly score?: number
  readonly coverage?: number
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${base}/api/v1/${path}`, { signal: AbortSignal.timeout(answerMs) })
  if (!response.ok) throw new Error(`GET ${path}: ${response.status}`)
  return (await response.json()) as T
}

async function thisHost(): Promise<Host | undefined> {
  const { items } = await get<{ items: readonly Host[] }>('hosts')
  return items.find(host => host.connected)
}

/** Done when every facet that the agent reads has arrived, and the host is judged. */
async function firstScanDone(): Promise<boolean> {
  try {
    const host = await thisHost()
    if (!host) return false
    const { items } = await get<{ items: readonly unknown[] }>(`hosts/${host.id}/facets`)
    const { probes } = await import('../agent/probes.generated.ts')
    return items.length >= probes.length && host.score !== undefined
  } catch {
    return false
  }
}

interface Finding {
  readonly severity: string
  readonly title: string
  readonly evidence: readonly string[]
}

async function summary(): Promise<string> {
  const host = await thisHost()
  if (!host) return ''
  const { items } = await get<{ items: readonly Finding[] }>(`results?host=${host.id}&state=fail&limit=500`)
  const order = ['critical', 'high', 'medium', 'low']
  const worst = [...items].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  const shown = worst.slice(0, 12).map(({ severity, title, evidence }) => {
    const label = severity.toUpperCase().padEnd(8)
    const first = evidence[0] === undefined ? '' : dim(`  ${visible(evidence[0])}`)
    const more = evidence.length > 1 ? dim(` and ${evidence.length - 1} more`) : ''
    return `  ${severity === 'critical' || severity === 'high' ? red(label) : label}  ${visible(title)}${first}${more}`
  })
  const rest = worst.length - shown.length
  return [
    '',
    `${bold(visible(host.hostname))}  score ${host.score} of 100, coverage ${host.coverage} %, ${worst.length} findings`,
    ...shown,
    ...(rest > 0 ? [dim(`  … and ${rest} more`)] : []),
    '',
    `Dashboard  ${bold(`${base}/`)}`,
    `API        ${base}/api/v1/summary, /hosts, /results, /drift`,
    dim(`Data and logs in ${dataDir}. Loopback only, no TLS, no login: a trial on this host. Ctrl-C ends it.`),
    '',
  ].join('\n')
}

/** @param graceMs a terminal sends Ctrl-C to the children too; a second signal would end them unclean */
function stop(graceMs: number, code = 0): void {
  if (stopping) return
  stopping = true
  process.exitCode = code
  const alive = children.filter(child => child.exitCode === null && child.signalCode === null)
  const terminate = (signal: NodeJS.Signals) => {
    for (const child of alive) if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  }
  if (graceMs === 0) terminate('SIGTERM')
  else setTimeout(() => terminate('SIGTERM'), graceMs).unref()
  setTimeout(() => terminate('SIGKILL'), 10_000).unref()
}

function portFrom(name: string, fallback: number): number {
  const text = process.env[name]
  if (text === undefined || text === '') return fallback
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  process.stderr.write(`${name}: expected a port from 1 to 65535, found ${JSON.stringify(text)}\n`)
  process.exit(2)
}
