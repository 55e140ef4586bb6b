// What tells machines and boots apart, from the machine that the agent runs on.
import { readFileSync } from 'node:fs'

/** Attributes, never an identity; what cannot be read is empty. */
export function readBootAttributes(): { readonly machineId: string; readonly bootId: string } {
  return { machineId: readLine('/etc/machine-id'), bootId: readLine('/proc/sys/kernel/random/boot_id') }
}

function readLine(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim().slice(0, 64)
  } catch {
    return ''
  }
}
