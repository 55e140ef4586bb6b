// Tests of how the holders of sockets are found and remembered from one sweep to the next.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { Host } from '../../../agent/host/host.ts'
import { type ProcessTable, readProcesses } from '../../../agent/host/processes.ts'
import { createHolderMemory, findSocketHolders, type HolderMemory } from '../../../agent/ports/socket-holders.ts'
import { hostFrom } from '../../host-from.ts'
import { type LittleProcess, processFiles } from './little-proc.ts'

const init: LittleProcess = { pid: 1, name: 'init' }

/** A host whose processes can be changed between sweeps, and one sweep over it as `inode → names of holders`. */
async function machine(test: Parameters<typeof hostFrom>[0], ...processes: readonly LittleProcess[]) {
  const host = await hostFrom(test, { files: Object.assign({}, ...[init, ...processes].map(processFiles)) })
  const memory = createHolderMemory()
  const holders = async (wanted: readonly number[], table?: ProcessTable) => {
    const found = await findSocketHolders(host, table ?? (await readProcesses(host)), new Set(wanted), memory)
    return Object.fromEntries([...found.holders].map(([inode, list]) => [inode, list.map(({ pid }) => pid)]))
  }
  return { host, memory, holders }
}

function start(host: Host, process: LittleProcess): void {
  stop(host, process.pid)
  for (const [path, file] of Object.entries(processFiles(process))) {
    mkdirSync(`${host.root}${path.slice(0, path.lastIndexOf('/'))}`, { recursive: true })
    if (typeof file === 'object' && 'symlink' in file) symlinkSync(file.symlink, host.root + path)
    else writeFileSync(host.root + path, file as string)
  }
}

function stop(host: Host, pid: number): void {
  rmSync(`${host.root}/proc/${pid}`, { recursive: true, force: true })
}

/** Gives a running process one more descriptor. */
function hand(host: Host, pid: number, inode: number): void {
  symlinkSync(`socket:[${inode}]`, `${host.root}/proc/${pid}/fd/99`)
}

t.test('all holders of a new socket are found at once', async t => {
  const { holders } = await machine(t, { pid: 5, name: 'a', sockets: [10, 11] }, { pid: 6, name: 'b', sockets: [11] })
  t.strictSame(await holders([10, 11, 12]), { 10: [5], 11: [5, 6], 12: [] })
})

t.test('a socket that a known process makes later is found in the next sweep', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'a', sockets: [10] })
  await holders([10])
  hand(host, 5, 20)
  t.strictSame(await holders([10, 20]), { 10: [5], 20: [5] })
})

t.test('a forked child counts as a holder from its second sweep on', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'server', sockets: [10] })
  await holders([10])
  start(host, { pid: 6, name: 'server', sockets: [10] })
  t.strictSame(await holders([10]), { 10: [5] })
  t.strictSame(await holders([10]), { 10: [5, 6] })
})

t.test('short-lived children of a server that leaks its socket never count', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'server', sockets: [10] })
  await holders([10])
  for (let sweep = 0; sweep < 5; sweep += 1) {
    start(host, { pid: 100 + sweep, name: 'sleep', sockets: [10] })
    t.strictSame(await holders([10]), { 10: [5] })
    stop(host, 100 + sweep)
  }
})

t.test('when the last holder ends, whoever has the socket now counts at once', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'old', sockets: [10] }, { pid: 7, name: 'new' })
  await holders([10])
  stop(host, 5)
  hand(host, 7, 10)
  t.strictSame(await holders([10]), { 10: [7] })
})

t.test('a process that closed its descriptor is no holder any more', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'a', sockets: [10] }, { pid: 6, name: 'b', sockets: [10] })
  await holders([10])
  rmSync(`${host.root}/proc/6/fd/3`)
  t.strictSame(await holders([10]), { 10: [5] })
})

t.test('a descriptor that was handed over is found within one round of sweeps', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'a', sockets: [10] }, { pid: 6, name: 'b' })
  await holders([10])
  hand(host, 6, 10)
  let sweeps = 0
  while ((await holders([10]))[10]?.length === 1) {
    sweeps += 1
    if (sweeps > 31) break
  }
  t.ok(sweeps <= 31, `after ${sweeps} sweeps`)
})

t.test('a number that passed to another process since the table was read names nobody', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'early', startTicks: 50 })
  const table = await readProcesses(host)
  start(host, { pid: 5, name: 'late', startTicks: 60, sockets: [10] })
  const found = await findSocketHolders(host, table, new Set([10]), createHolderMemory())
  t.strictSame(
    found.holders.get(10)?.map(({ name }) => name),
    ['late'],
    'the table is read again',
  )
  t.strictSame(await holders([10]), { 10: [5] })
})

t.test('a process that is younger than the table is found', async t => {
  const { host, holders } = await machine(t)
  const table = await readProcesses(host)
  start(host, { pid: 9, name: 'young', sockets: [10] })
  t.strictSame(await holders([10], table), { 10: [9] })
})

t.test('a reused number inherits nothing from the process before', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'a', startTicks: 50, sockets: [10] })
  await holders([10])
  start(host, { pid: 5, name: 'b', startTicks: 60 })
  t.strictSame(await holders([10]), { 10: [] })
})

t.test('what is remembered is bounded by the processes and sockets there are', async t => {
  const { host, holders, memory } = await machine(t, { pid: 5, name: 'a', sockets: [10, 11, 12] })
  await holders([10, 11, 12])
  await holders([10])
  stop(host, 5)
  await holders([])
  const { processes, inodes } = memory as HolderMemory
  t.strictSame([[...processes.keys()], inodes.size], [[1], 0])
})

t.test('a process without readable descriptors is told, ended ones are not', async t => {
  const { host, holders } = await machine(t, { pid: 5, name: 'a' }, { pid: 6, name: 'b' })
  const table = await readProcesses(host)
  stop(host, 6)
  rmSync(`${host.root}/proc/5/fd`, { recursive: true })
  symlinkSync('fd', `${host.root}/proc/5/fd`)
  const found = await findSocketHolders(host, table, new Set([10]), createHolderMemory())
  t.match(found.failure, { state: 'unreadable', path: '/proc/5/fd', detail: 'ELOOP' })
  t.strictSame(await holders([]), {})
})
