// Text of /proc for little hosts: processes with sockets, and socket tables.
import type { FixtureFile } from '../../host-from.ts'

export interface LittleProcess {
  readonly pid: number
  readonly name: string
  readonly uid?: number
  readonly startTicks?: number
  /** inodes; descriptors count up from 3 */
  readonly sockets?: readonly number[]
  readonly cgroup?: string
}

/** Files of one process below /proc; it has a descriptor that is no socket too. */
export function processFiles(process: LittleProcess): Record<string, FixtureFile> {
  const { pid, name, uid = 0, startTicks = 1000 + pid, sockets = [], cgroup = '0::/init.scope' } = process
  const directory = `/proc/${pid}`
  const links = sockets.map(
    (inode, index) => [`${directory}/fd/${3 + index}`, { symlink: `socket:[${inode}]` }] as const,
  )
  return {
    [`${directory}/stat`]: `${pid} (${name}) S 1 1 1 0 -1 4194560 0 0 0 0 0 0 0 0 20 0 1 0 ${startTicks} 0 0\n`,
    [`${directory}/status`]: `Name:\t${name}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`,
    [`${directory}/comm`]: `${name}\n`,
    [`${directory}/cgroup`]: `${cgroup}\n`,
    [`${directory}/exe`]: { symlink: `/usr/bin/${name.replace(/[^a-z]/g, '')}` },
    [`${directory}/fd/0`]: { symlink: '/dev/null' },
    ...Object.fromEntries(links),
  }
}

export interface LittleSocket {
  /** hexadecimal in reading order, 8 digits or 32 */
  readonly address: string
  readonly port: number
  readonly inode: number
  /** default 10, LISTEN */
  readonly state?: number
  readonly remote?: readonly [address: string, port: number]
}

/** A table as a little-endian kernel writes it. */
export function tableText(sockets: readonly LittleSocket[]): string {
  const rows = sockets.map(({ address, port, inode, state = 10, remote = ['0'.repeat(address.length), 0] }, index) => {
    const local = `${kernelHex(address)}:${hex(port, 4)}`
    const peer = `${kernelHex(remote[0])}:${hex(remote[1], 4)}`
    return `${String(index).padStart(4)}: ${local} ${peer} ${hex(state, 2)} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 0000000000000000 100 0 0 10 0`
  })
  return `${['  sl  local_address rem_address   st tx_queue', ...rows].join('\n')}\n`
}

const hex = (value: number, width: number) => value.toString(16).toUpperCase().padStart(width, '0')

function kernelHex(address: string): string {
  const words = address.match(/.{8}/g) ?? []
  return words.map(word => (word.match(/../g) ?? []).reverse().join('')).join('')
}
