// Names the bits of Linux capability sets, capabilities(7).

/** By number. */
const names = [
  ...['CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID', 'SETUID', 'SETPCAP'],
  ...['LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN', 'NET_RAW', 'IPC_LOCK', 'IPC_OWNER'],
  ...['SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE', 'SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE'],
  ...['SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP'],
  ...['MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG', 'WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ'],
  ...['PERFMON', 'BPF', 'CHECKPOINT_RESTORE'],
] as const

/** AUDIT_READ: what came later (5.8) was split off from SYS_ADMIN, and older engines do not know it. */
const lastOfOld = 37n

/** Names without CAP_, by number; a bit that has none is CAP_41. */
export function capabilityNames(mask: bigint): readonly string[] {
  return bitsOf(mask).map(bit => names[bit] ?? `CAP_${bit}`)
}

/** Names as files of programs and setcap(8) have them, such as cap_chown. */
export function fileCapabilityNames(mask: bigint): readonly string[] {
  return bitsOf(mask).map(bit => `cap_${(names[bit] ?? `${bit}`).toLowerCase()}`)
}

const bitsOf = (mask: bigint): readonly number[] =>
  Array.from({ length: 64 }, (_, bit) => bit).filter(bit => (mask >> BigInt(bit)) & 1n)

/**
 * Whether a set is as good as all: it has everything of the old capabilities that process 1 of the host may have.
 * @param last cap_last_cap of the kernel
 */
export function isAllCapabilities(mask: bigint, bounding: bigint, last: number): boolean {
  const known = (1n << (BigInt(Math.min(last, Number(lastOfOld))) + 1n)) - 1n
  const wanted = bounding & known
  return wanted !== 0n && (mask & wanted) === wanted
}

/** `CAP_NET_ADMIN`, `net_admin` and `NET_ADMIN` are one; what is no name may be anything and is dropped. */
export function capabilityName(text: string): string | undefined {
  const name = text.toUpperCase().replace(/^CAP_/, '')
  return name === 'ALL' || (names as readonly string[]).includes(name) ? name : undefined
}

/** Of `cap_net_raw`, and of `cap_45` or `45`, as libcap writes one that it has no name for; undefined for anything else. */
export function capabilityNumber(text: string): number | undefined {
  const plain = /^(?:cap_)?(?<number>\d{1,2})$/.exec(text)?.groups?.['number']
  const number = plain === undefined ? names.findIndex(name => `cap_${name.toLowerCase()}` === text) : Number(plain)
  return number >= 0 && number < 64 ? number : undefined
}
