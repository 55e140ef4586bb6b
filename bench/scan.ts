// What one `gabion-agent scan` of this host costs, whole process, beside an empty Node.js in the same run.
// npm run build && node bench/scan.ts
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const rounds = 9
/** Tells the highest resident set in KiB on descriptor 3 when the process ends. */
const peakReporter =
  'import{writeSync}from"node:fs";process.on("exit",()=>writeSync(3,String(process.resourceUsage().maxRSS)))'

interface Cost {
  readonly wallMs: number
  readonly cpuMs: number
  readonly peakMiB: number
}

const programs: Readonly<Record<string, readonly string[]>> = {
  'empty Node.js': ['-e', '0'],
  'scan (bundle)': [join(root, 'dist/gabion-agent.mjs'), 'scan', '-o', 'json'],
  'scan (sources)': [join(root, 'agent/bin/gabion-agent.js'), 'scan', '-o', 'json'],
}

const costs = new Map<string, Cost[]>()
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(programs))
    costs.set(name, [...(costs.get(name) ?? []), await measure(args)])
}

const empty = summary(costs.get('empty Node.js') ?? [])
// What else runs on the machine only adds.
process.stdout.write(`least of ${rounds}, alternating\n`)
for (const [name, list] of costs) {
  const { wallMs, cpuMs, peakMiB } = summary(list)
  const ratio = `${(cpuMs / empty.cpuMs).toFixed(1)}x the CPU of an empty Node.js`
  process.stdout.write(`${name.padEnd(16)} wall ${wallMs} ms, CPU ${cpuMs} ms, peak ${peakMiB} MiB, ${ratio}\n`)
}

/** CPU counts the process and the children it waited for, as /usr/bin/time does. */
async function measure(args: readonly string[]): Promise<Cost> {
  const started = performance.now()
  const before = childCpuTicks()
  const env = { ...process.env }
  delete env['NODE_EXTRA_CA_CERTS']
  const child = spawn(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(peakReporter)}`, ...args],
    {
      env,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  )
  let peak = ''
  child.stdio[3]?.on('data', chunk => {
    peak += chunk
  })
  await once(child, 'close')
  return {
    wallMs: Math.round(performance.now() - started),
    cpuMs: (childCpuTicks() - before) * 10,
    peakMiB: Math.round(Number(peak) / 1024),
  }
}

function summary(list: readonly Cost[]): Cost {
  return {
    wallMs: Math.min(...list.map(cost => cost.wallMs)),
    cpuMs: Math.min(...list.map(cost => cost.cpuMs)),
    peakMiB: Math.min(...list.map(cost => cost.peakMiB)),
  }
}

/** cutime and cstime of /proc/self/stat: ticks of 10 ms of all children that ended. */
function childCpuTicks(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1').split(') ')[1]?.split(' ') ?? []
  return Number(fields[13]) + Number(fields[14])
}
