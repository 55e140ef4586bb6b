// What the first walk of a directory tree costs, and the second, which need not read what has not changed.
// node bench/files-walk.ts [ROOT]
import { openMounts } from '../agent/host/mounts.ts'
import { turns, type WalkOutcome, walkFiles } from '../agent/host/walk/file-walk.ts'
import { openCapabilityReader } from '../agent/host/walk/read-capability.ts'
import { packMemory, unpackMemory, type WalkMemory } from '../agent/host/walk/walk-record.ts'

const root = process.argv[2] ?? '/usr'
const readCapability = await openCapabilityReader()
const noPackages: WalkMemory['packages'] = { stamp: '', names: new Map() }

interface Cost {
  readonly cpuMs: number
  readonly wallMs: number
}

function walk(memory: WalkOutcome['memory'], turn: number): { readonly outcome: WalkOutcome; readonly cost: Cost } {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  const outcome = walkFiles({
    ...{ root, mounts: openMounts(root), starts: [{ path: '/', fsType: 'directory' }], memory, turn, readCapability },
    ...{ maxEntries: 10_000_000, isOver: () => false, now: Date.now, isKnownUid: () => true, isKnownGid: () => true },
  })
  const used = process.cpuUsage(cpu)
  return { outcome, cost: { cpuMs: (used.user + used.system) / 1000, wallMs: performance.now() - wall } }
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.trunc(values.length / 2)] ?? 0
const show = ({ cpuMs, wallMs }: Cost) => `CPU ${cpuMs.toFixed(0)} ms, wall ${wallMs.toFixed(0)} ms`

// Once for the kernel's caches, which a host that runs has warm.
walk(new Map(), 0)
const first = walk(new Map(), 0)
const { entries, directories } = first.outcome
process.stdout.write(`${root}: ${entries} entries, ${directories} directories\n`)
process.stdout.write(`first walk    ${show(first.cost)}\n`)

const seconds = Array.from({ length: turns }, (_, turn) => walk(first.outcome.memory, turn))
const second: Cost = {
  cpuMs: median(seconds.map(({ cost }) => cost.cpuMs)),
  wallMs: median(seconds.map(({ cost }) => cost.wallMs)),
}
const reused = median(seconds.map(({ outcome }) => outcome.reused))
process.stdout.write(`second walk   ${show(second)} (median of ${turns}), ${reused} directories not read again\n`)
process.stdout.write(`ratio         ${(first.cost.cpuMs / second.cpuMs).toFixed(1)}x CPU\n`)

const packStarted = performance.now()
const bytes = packMemory({ directories: first.outcome.memory, packages: noPackages })
const packMs = performance.now() - packStarted
const unpackStarted = performance.now()
unpackMemory(bytes)
const unpackMs = performance.now() - unpackStarted
process.stdout.write(`memory        ${(bytes.length / 1024).toFixed(0)} KiB, packed in ${packMs.toFixed(0)} ms, `)
process.stdout.write(`unpacked in ${unpackMs.toFixed(0)} ms\n`)
