// Reads the model and number of CPUs and the memory of a machine from texts of the kernel.

/** `model name` of /proc/cpuinfo, white space folded; empty where the kernel does not say it. */
export function cpuModelOf(cpuinfo: string): string {
  return (/^model name\s*:(.*)$/m.exec(cpuinfo)?.[1] ?? '').trim().replace(/\s+/g, ' ')
}

/** Number of CPUs in a list of the kernel such as `0-3,8`; undefined for another text. */
export function countCpus(list: string): number | undefined {
  let count = 0
  for (const part of list.trim().split(',')) {
    const range = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part)
    if (!range) return undefined
    const first = Number(range[1])
    const last = Number(range[2] ?? range[1])
    if (last < first) return undefined
    count += last - first + 1
  }
  return count
}

/** MemTotal of /proc/meminfo in MiB; undefined where it is not said. */
export function memoryMiBOf(meminfo: string): number | undefined {
  const kib = /^MemTotal:\s+(\d{1,15}) kB$/m.exec(meminfo)?.[1]
  return kib === undefined ? undefined : Math.round(Number(kib) / 1024)
}
