// CPU, memory and virtualization of the running machine: from the kernel's own files, else asked of systeminformation.
import { closeSync, openSync, readSync } from 'node:fs'
import type { Systeminformation } from 'systeminformation'
import { messageOf } from '../../runtime/errors.ts'
import { hypervisorOf } from '../parse/hypervisor.ts'
import { countCpus, cpuModelOf, memoryMiBOf } from '../parse/machine-size.ts'
import type { Hardware, Outcome } from './host.ts'

const source = 'systeminformation'
const timeoutMs = 10_000
/** The first CPU of many tells what all are. */
const maxBytes = 16 * 1024
let asked: Promise<Outcome<Hardware>> | undefined

/** Facts that do not change while the machine runs; a failure is asked again the next time. */
export async function readHardware(): Promise<Outcome<Hardware>> {
  asked ??= ask()
  const outcome = await asked
  if (outcome.state !== 'present') asked = undefined
  return outcome
}

/**
 * The library starts some twenty programs, blocks while it waits for them, and takes the kernel's log for a source,
 * which forgets; so it is asked only where the kernel's files do not tell, as on machines of ARM without DMI.
 */
async function ask(): Promise<Outcome<Hardware>> {
  const known = hardwareOfKernel(firstBytes)
  return known ? { state: 'present', path: '/proc/cpuinfo', value: known } : await askLibrary()
}

/** @param read the beginning of a file of /proc or /sys, empty where there is none */
export function hardwareOfKernel(read: (path: string) => string): Hardware | undefined {
  const cpuinfo = read('/proc/cpuinfo')
  const cpuCores = countCpus(read('/sys/devices/system/cpu/online'))
  const memoryMiB = memoryMiBOf(read('/proc/meminfo'))
  const virtualization = hypervisorOf({
    firmware: ['sys_vendor', 'product_name', 'board_vendor', 'bios_vendor'].map(name =>
      read(`/sys/class/dmi/id/${name}`),
    ),
    type: read('/sys/hypervisor/type'),
    clocks: read('/sys/devices/system/clocksource/clocksource0/available_clocksource'),
    cpuinfo,
  })
  const cpuModel = cpuModelOf(cpuinfo)
  if (cpuModel === '' || cpuCores === undefined || memoryMiB === undefined || virtualization === undefined) {
    return undefined
  }
  return { cpuModel, cpuCores, memoryMiB, virtualization }
}

function firstBytes(path: string): string {
  const buffer = Buffer.alloc(maxBytes)
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    return buffer.toString('latin1', 0, readSync(descriptor, buffer))
  } catch {
    return ''
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

async function askLibrary(): Promise<Outcome<Hardware>> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), timeoutMs)
  try {
    const { default: si } = await import('systeminformation')
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
  cpu: Systeminformation.CpuData,
  memory: Systeminformation.MemData,
  system: Systeminformation.SystemData,
): Hardware {
  return {
    cpuModel: [cpu.manufacturer, cpu.brand].filter(part => part !== '').join(' '),
    cpuCores: cpu.cores,
    memoryMiB: Math.round(memory.total / 1024 / 1024),
    virtualization: system.virtual ? (system.virtualHost ?? '').toLowerCase() || 'unknown' : 'none',
  }
}
