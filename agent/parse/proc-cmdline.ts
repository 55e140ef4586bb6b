// Parses /proc/cmdline, the kernel command line (next_arg of lib/cmdline.c).

export interface BootParameter {
  /** place among the kernel's parameters, from 0 */
  readonly position: number
  /** as written */
  readonly name: string
  /** empty for a bare word */
  readonly value: string
}

/** Parameters about security whose values are no secrets; nothing else of a command line may leave the host. */
const securityParameters: ReadonlySet<string> = new Set(
  `apparmor selinux enforcing checkreqprot security lsm lockdown evm fips
  audit audit_backlog_limit
  module_blacklist modprobe.blacklist module.sig_enforce nomodule
  mitigations nosmap nosmep nopti pti kpti nospectre_v1 nospectre_v2 spectre_v2 spectre_v2_user spectre_bhi
  spec_store_bypass_disable nospec_store_bypass_disable l1tf mds tsx tsx_async_abort mmio_stale_data retbleed srbds
  gather_data_sampling reg_file_data_sampling spec_rstack_overflow nosmt
  kaslr nokaslr norandmaps slab_nomerge slub_debug init_on_alloc init_on_free page_alloc.shuffle page_poison
  randomize_kstack_offset hardened_usercopy vsyscall debugfs
  iommu iommu.passthrough iommu.strict intel_iommu amd_iommu efi
  random.trust_cpu random.trust_bootloader
  ipv6.disable ipv6.disable_ipv6 systemd.unified_cgroup_hierarchy systemd.debug_shell cgroup_no_v1`
    .split(/\s+/)
    .map(canonicalName),
)
const securityPrefixes = ['ima_', 'integrity', 'evm_']

/**
 * Words are split at white space outside double quotes; quotes around a value or around the whole word go, there is
 * no escape. What follows a bare `--` belongs to process 1 and is left out. An unclosed quote runs to the end.
 */
export function parseProcCmdline(text: string): readonly BootParameter[] {
  const parameters: BootParameter[] = []
  for (const word of kernelWords(text)) {
    if (word === '--') break
    parameters.push({ position: parameters.length, ...nameAndValue(word) })
  }
  return parameters
}

/** The parameters that say how hardened the boot is. The kernel takes `-` and `_` in names for the same. */
export function securityBootParameters(parameters: readonly BootParameter[]): readonly BootParameter[] {
  return parameters.flatMap(parameter => {
    const name = canonicalName(parameter.name)
    const known = securityParameters.has(name) || securityPrefixes.some(prefix => name.startsWith(prefix))
    return known ? [{ ...parameter, name }] : []
  })
}

function canonicalName(name: string): string {
  return name.replaceAll('-', '_')
}

function kernelWords(text: string): readonly string[] {
  const words: string[] = []
  let start = -1
  let quoted = false
  for (let at = 0; at <= text.length; at += 1) {
    const char = text[at]
    const ends = char === undefined || (!quoted && /[ \t\n\v\f\r]/.test(char))
    if (char === '"') quoted = !quoted
    if (ends && start >= 0) words.push(text.slice(start, at))
    if (ends) start = -1
    else if (start < 0) start = at
  }
  return words
}

function nameAndValue(word: string): { readonly name: string; readonly value: string } {
  const bare = word.startsWith('"') ? withoutQuotes(word) : word
  const equals = bare.indexOf('=')
  if (equals <= 0) return { name: bare, value: '' }
  return { name: bare.slice(0, equals), value: withoutQuotes(bare.slice(equals + 1)) }
}

function withoutQuotes(text: string): string {
  if (!text.startsWith('"')) return text
  return text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1)
}
