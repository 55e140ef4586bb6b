// What a sweep of the ports probe costs beside reading every descriptor's link. `node bench/ports-sweep.ts [processes]`
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { openHost } from '../agent/host/open-host.ts'
import { readListeningRows } from '../agent/host/proc-sockets.ts'
import { readProcesses } from '../agent/host/processes.ts'
import { Gaps, type ProbeContext } from '../agent/probe.ts'
import { createPortsProbe } from '../agent/probes/ports.ts'

const rounds = 40

async function main(): Promise<void> {
  const children = startSleepers(Number(process.argv[2] ?? 500))
  try {
    await measure()
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}

async function measure(): Promise<void> {
  const host = await openHost({ root: '/' })
  const probe = createPortsProbe(() => Promise.resolve())
  let table = await readProcesses(host)
  const memory = new Map<string, unknown>()
  const context = (memory: Map<string, unknown>): ProbeContext => ({
    now: new Date(),
    signal: AbortSignal.timeout(10_000),
    gaps: new Gaps(),
    processes: async () => table,
    memory,
    probePorts: false,
    oneShot: false,
    asked: false,
  })
  const first = await median(rounds, async () => await probe.run(host, context(new Map())))
  await probe.run(host, context(memory))
  const later = await median(rounds, async () => await probe.run(host, context(memory)))
  const processes = await median(rounds, async () => {
    table = await readProcesses(host)
  })
  const tables = await median(rounds, readTables)
  const listening = await median(rounds, async () => {
    for (const name of ['tcp', 'tcp6']) await readListeningRows(host, `/proc/1/net/${name}`)
  })
  const loop = await median(rounds, readEveryLink)
  print(`${table.processes.length} processes, ${countLinks()} descriptors; medians of ${rounds}, CPU ms`)
  print(`bare loop of readlinkSync over every descriptor  ${loop.toFixed(2)}`)
  print(`the kernel's tables tcp and tcp6, whole          ${tables.toFixed(2)}`)
  print(`their listening part, as the probe reads it      ${listening.toFixed(2)}`)
  print(`ports, a sweep that looks everywhere             ${line(first, loop)}`)
  print(`ports, a later sweep                             ${line(later, loop)}`)
  print(`process table that all probes share              ${processes.toFixed(2)}`)
  print(`ports and process table, a later sweep           ${(later + processes).toFixed(2)}`)
}

function startSleepers(count: number): ChildProcess[] {
  return Array.from({ length: count }, () => spawn('sleep', ['600'], { stdio: 'ignore' }))
}

/** Median CPU time of one run in milliseconds, after some runs that do not count. */
async function median(count: number, work: () => unknown): Promise<number> {
  const times: number[] = []
  for (let round = -5; round < count; round += 1) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    if (round >= 0) times.push((user + system) / 1000)
  }
  return times.sort((a, b) => a - b)[count >> 1] ?? 0
}

function readTables(): void {
  for (const name of ['tcp', 'tcp6']) readFileSync(`/proc/1/net/${name}`)
}

function readEveryLink(): number {
  let count = 0
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    for (const link of linksOf(pid)) {
      count += 1
      try {
        readlinkSync(link)
      } catch {
        // Closed meanwhile, or not ours to read.
      }
    }
  }
  return count
}

const countLinks = readEveryLink

function linksOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map(name => `/proc/${pid}/fd/${name}`)
  } catch {
    return []
  }
}

const line = (ms: number, loop: number) => `${ms.toFixed(2)}  ${(ms / loop).toFixed(2)} × the loop`

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

await main()
