// Kernel parameters that the facet always holds: those that checks judge, and those that the kubelet protects.

/** Per interface and for `all` and `default`; paths below /proc/sys/net/ipv4/conf/NAME. */
const ipv4Interface = [
  'accept_redirects',
  'accept_source_route',
  'forwarding',
  'log_martians',
  'route_localnet',
  'rp_filter',
  'secure_redirects',
  'send_redirects',
] as const

const ipv6Interface = ['accept_ra', 'accept_redirects', 'accept_source_route', 'disable_ipv6', 'forwarding'] as const

/** Paths below /proc/sys. */
export const wantedParameters: readonly string[] = [
  'dev/tty/ldisc_autoload',
  'fs/protected_fifos',
  'fs/protected_hardlinks',
  'fs/protected_regular',
  'fs/protected_symlinks',
  'fs/suid_dumpable',
  'kernel/apparmor_restrict_unprivileged_userns',
  'kernel/core_pattern',
  'kernel/dmesg_restrict',
  'kernel/io_uring_disabled',
  'kernel/kexec_load_disabled',
  'kernel/keys/root_maxbytes',
  'kernel/keys/root_maxkeys',
  'kernel/kptr_restrict',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/perf_event_paranoid',
  'kernel/randomize_va_space',
  'kernel/sysrq',
  'kernel/unprivileged_bpf_disabled',
  'kernel/unprivileged_userns_clone',
  'kernel/yama/ptrace_scope',
  'net/bridge/bridge-nf-call-ip6tables',
  'net/bridge/bridge-nf-call-iptables',
  'net/core/bpf_jit_harden',
  'net/ipv4/icmp_echo_ignore_broadcasts',
  'net/ipv4/icmp_ignore_bogus_error_responses',
  'net/ipv4/ip_forward',
  'net/ipv4/tcp_syncookies',
  'user/max_user_namespaces',
  'vm/mmap_min_addr',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'vm/unprivileged_userfaultfd',
  ...['all', 'default'].flatMap(name => [
    ...ipv4Interface.map(leaf => `net/ipv4/conf/${name}/${leaf}`),
    ...ipv6Interface.map(leaf => `net/ipv6/conf/${name}/${leaf}`),
  ]),
]

/** Parameters that hold key material: only whether they are set leaves the host. */
export function isSecretParameter(path: string): boolean {
  return /(^|\/)(stable_secret|tcp_fastopen_key|[^/]*_(key|secret))$/.test(path)
}
