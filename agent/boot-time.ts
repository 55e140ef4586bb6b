// Reads when the host booted, which the start times of processes count from.
import type { Host } from './host/host.ts'

/** Milliseconds since the epoch, undefined when unknown and on an offline root. /proc/stat, proc(5) */
export async function readBootTime(host: Host): Promise<number | undefined> {
  if (!host.live) return undefined
  const text = await host.readText('/proc/stat', { maxBytes: 16 * 1024 * 1024 })
  const seconds = text.state === 'present' ? /^btime (\d{1,12})$/m.exec(text.value)?.[1] : undefined
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
