// Reads the extended attribute security.capability: which capabilities a program gains when it is run, capabilities(7).

export interface FileCapability {
  /** gained whoever runs it, such as cap_net_raw; sorted by number */
  readonly permitted: readonly string[]
  /** gained by who has them in the inheritable set */
  readonly inheritable: readonly string[]
  /** in force at once, without the program asking */
  readonly effective: boolean
  /** root of the user namespace it holds in, 0 for all */
  readonly rootUid: number
}

const revisionMask = 0xff000000
const effectiveFlag = 0x000001
/** Revision → words of each set, and whether a root uid follows. */
const revisions: Readonly<Record<number, { readonly words: 1 | 2; readonly rootUid: boolean }>> = {
  [0x01000000]: { words: 1, rootUid: false },
  [0x02000000]: { words: 2, rootUid: false },
  [0x03000000]: { words: 2, rootUid: true },
}

/** @returns undefined when the bytes are no value that the kernel takes. @source linux/capability.h: vfs_ns_cap_data */
export function parseFileCapability(bytes: Uint8Array): FileCapability | undefined {
  if (bytes.length < 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0, true)
  const revision = revisions[(magic & revisionMask) >>> 0]
  if (!revision || bytes.length !== 4 + revision.words * 8 + (revision.rootUid ? 4 : 0)) return undefined
  const set = (offset: number) =>
    Array.from({ length: revision.words }, (_, word) =>
      namesOf(view.getUint32(4 + word * 8 + offset, true), word * 32),
    ).flat()
  return {
    permitted: set(0),
    inheritable: set(4),
    effective: (magic & effectiveFlag) !== 0,
    rootUid: revision.rootUid ? view.getUint32(4 + revision.words * 8, true) : 0,
  }
}

function namesOf(bits: number, first: number): readonly string[] {
  const names: string[] = []
  for (let bit = 0; bit < 32; bit += 1) {
    if (((bits >>> bit) & 1) === 1) names.push(capabilityNames[first + bit] ?? `cap_${first + bit}`)
  }
  return names
}

/** By number, linux/capability.h. */
const capabilityNames: readonly string[] = [
  ...['cap_chown', 'cap_dac_override', 'cap_dac_read_search', 'cap_fowner', 'cap_fsetid', 'cap_kill', 'cap_setgid'],
  ...['cap_setuid', 'cap_setpcap', 'cap_linux_immutable', 'cap_net_bind_service', 'cap_net_broadcast', 'cap_net_admin'],
  ...['cap_net_raw', 'cap_ipc_lock', 'cap_ipc_owner', 'cap_sys_module', 'cap_sys_rawio', 'cap_sys_chroot'],
  ...['cap_sys_ptrace', 'cap_sys_pacct', 'cap_sys_admin', 'cap_sys_boot', 'cap_sys_nice', 'cap_sys_resource'],
  ...['cap_sys_time', 'cap_sys_tty_config', 'cap_mknod', 'cap_lease', 'cap_audit_write', 'cap_audit_control'],
  ...['cap_setfcap', 'cap_mac_override', 'cap_mac_admin', 'cap_syslog', 'cap_wake_alarm', 'cap_block_suspend'],
  ...['cap_audit_read', 'cap_perfmon', 'cap_bpf', 'cap_checkpoint_restore'],
]
