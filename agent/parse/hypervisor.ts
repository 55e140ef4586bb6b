// Tells the hypervisor below a kernel from what the firmware, the clocks and the CPU say of it.

export interface HypervisorClues {
  /** sys_vendor, product_name, board_vendor and bios_vendor of /sys/class/dmi/id; empty where there is no DMI */
  readonly firmware: readonly string[]
  /** /sys/hypervisor/type, empty where there is none */
  readonly type: string
  /** available_clocksource of /sys/devices/system/clocksource/clocksource0 */
  readonly clocks: string
  /** /proc/cpuinfo, its beginning is enough */
  readonly cpuinfo: string
}

/** What vendors write into the firmware of their guests, in the order in which they are to be believed. */
const makers: readonly (readonly [start: string, name: string])[] = [
  ['vmware', 'vmware'],
  ['innotek', 'virtualbox'],
  ['virtualbox', 'virtualbox'],
  ['microsoft corporation virtual machine', 'hyper-v'],
  ['parallels', 'parallels'],
  ['bhyve', 'bhyve'],
  ['apple virtualization', 'apple'],
  ['xen', 'xen'],
  ['bochs', 'bochs'],
]

/** The same for names that also stand on machines of the kernel's own hypervisor, which its clock tells better. */
const emulators: readonly (readonly [start: string, name: string])[] = [
  ['kvm', 'kvm'],
  ['openstack', 'kvm'],
  ['kubevirt', 'kvm'],
  ['google compute engine', 'kvm'],
  ['amazon ec2', 'amazon'],
  ['qemu', 'qemu'],
]

/** Clocks that a hypervisor offers its guests. */
const clocks: readonly (readonly [clock: RegExp, name: string])[] = [
  [/\bkvm-clock\b/, 'kvm'],
  [/\bhyperv_/, 'hyper-v'],
  [/\bxen\b/, 'xen'],
]

/**
 * `kvm`, `vmware`, …, `unknown` for one that does not say its name, `none` on bare metal; undefined where nothing
 * tells, as on machines of ARM without DMI.
 */
export function hypervisorOf(clues: HypervisorClues): string | undefined {
  const texts = [...clues.firmware, clues.firmware.slice(0, 2).join(' ')].map(text => text.trim().toLowerCase())
  const named = (names: typeof makers) => names.find(([start]) => texts.some(text => text.startsWith(start)))?.[1]
  const told =
    named(makers) ??
    (clues.type.trim() === 'xen' ? 'xen' : undefined) ??
    clocks.find(([clock]) => clock.test(clues.clocks))?.[1]
  if (told !== undefined) return told
  const flags = /^flags\s*:(.*)$/m.exec(clues.cpuinfo)?.[1]
  const isGuest = flags === undefined ? undefined : /\shypervisor(?:\s|$)/.test(flags)
  // The firmware of a bare metal machine in a cloud names the cloud, too: there the CPU has the last word.
  if (isGuest === false) return 'none'
  return named(emulators) ?? (isGuest ? 'unknown' : undefined)
}
