// Reads what `ss -H -lntup` printed, to hold the ports facet against it.

export interface SsListener {
  readonly protocol: string
  readonly family: 'ipv4' | 'ipv6'
  readonly address: string
  readonly port: number
  /** printed as `*`: an IPv6 socket that serves IPv4 too */
  readonly dualStack: boolean
  /** names of processes, each once, sorted */
  readonly processes: readonly string[]
  /** sorted */
  readonly pids: readonly number[]
}

/** One entry per line; sockets that share an address and port are merged as the facet does it. */
export function parseSsListeners(text: string): readonly SsListener[] {
  const merged = new Map<string, SsListener>()
  for (const line of text.split('\n').filter(Boolean)) {
    const row = parseLine(line)
    const key = listenerKey(row)
    const before = merged.get(key)
    merged.set(key, before ? { ...row, ...joined(before, row) } : row)
  }
  return [...merged.values()].sort((a, b) => (listenerKey(a) < listenerKey(b) ? -1 : 1))
}

export const listenerKey = ({
  protocol,
  family,
  address,
  port,
}: Omit<SsListener, 'dualStack' | 'processes' | 'pids'>) => `${protocol} ${family} ${address} ${port}`

function joined(a: SsListener, b: SsListener): Pick<SsListener, 'processes' | 'pids' | 'dualStack'> {
  return {
    processes: sortedOnce([...a.processes, ...b.processes]),
    pids: sortedOnce([...a.pids, ...b.pids]),
    dualStack: a.dualStack || b.dualStack,
  }
}

/** `tcp LISTEN 0 16 [::]:22 [::]:* users:(("sshd",pid=404,fd=4)) …` */
function parseLine(line: string): SsListener {
  const [protocol = '', , , , local = ''] = line.split(/\s+/)
  const [, host = '', port = ''] = /^(.*):(\d+)$/.exec(local) ?? []
  const address = host.replace(/%[^\]]*/, '').replace(/^\[|\]$/g, '')
  const users = [...line.matchAll(/\("((?:[^"\\]|\\.)*)",pid=(\d+),fd=\d+\)/g)]
  return {
    protocol,
    family: address === '*' || address.includes(':') ? 'ipv6' : 'ipv4',
    address: address === '*' ? '::' : address,
    port: Number(port),
    dualStack: address === '*',
    processes: sortedOnce(users.map(([, name = '']) => name)),
    pids: sortedOnce(users.map(([, , pid]) => Number(pid))),
  }
}

function sortedOnce<T extends string | number>(items: readonly T[]): readonly T[] {
  return [...new Set(items)].sort((a, b) => (a < b ? -1 : 1))
}
