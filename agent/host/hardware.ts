// CPU, memory and virtualization of the running machine, asked of systeminformation once per process.
import si from 'systeminformation'
import { messageOf } from '../../runtime/errors.ts'
import type { Hardware, Outcome } from './host.ts'

const source = 'systeminformation'
const timeoutMs = 10_000
let asked: Promise<Outcome<Hardware>> | undefined

/** Facts that do not change while the machine runs; a failure is asked again the next time. */
export async function readHardware(): Promise<Outcome<Hardware>> {
  asked ??= ask()
  const outcome = await asked
  if (outcome.state !== 'present') asked = undefined
  return outcome
}

async function ask(): Promise<Outcome<Hardware>> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  try {
    const answers = await Promise.race([Promise.all([si.cpu(), si.mem(), si.system()]), late])
    if (!answers) return { state: 'timedOut', path: source, detail: `no answer after ${timeoutMs} ms` }
    return { state: 'present', path: source, value: hardwareOf(...answers) }
  } catch (error) {
    return { state: 'unavailable', path: source, detail: messageOf(error) }
  } finally {
    clearTimeout(timer)
  }
}

function hardwareOf(
  cpu: si.Systeminformation.CpuData,
  memory: si.Systeminformation.MemData,
  system: si.Systeminformation.SystemData,
): Hardware {
  return {
    cpuModel: [cpu.manufacturer, cpu.brand].filter(part => part !== '').join(' '),
    cpuCores: cpu.cores,
    memoryMiB: Math.round(memory.total / 1024 / 1024),
    virtualization: system.virtual ? (system.virtualHost ?? '').toLowerCase() || 'unknown' : 'none',
  }
}
