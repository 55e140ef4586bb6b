// The groups of things that an audit trail is expected to record, with what each takes.

export type Need =
  /** changes of a file or of what is below a directory */
  | { readonly kind: 'watch'; readonly path: string; readonly perm: string }
  /** a system call of one architecture; `errno` for calls that failed so */
  | {
      readonly kind: 'call'
      readonly arch: 'b64' | 'b32'
      readonly call: string
      readonly errno?: number
      readonly otherUser?: true
    }

export interface RuleGroup {
  readonly group: string
  /** watched with permissions `wa`, whether there or not */
  readonly watches?: readonly string[]
  /** watched with permissions `wa` where they are there */
  readonly existing?: readonly string[]
  /** watched with permissions `wa` where a file of theirs is there: path by that file */
  readonly marked?: Readonly<Record<string, string>>
  /** programs whose execution counts, where they are there */
  readonly programs?: readonly string[]
  /** programs whose execution counts while they have the set-uid or set-gid bit */
  readonly setIdPrograms?: readonly string[]
  readonly calls?: readonly string[]
  /** the benchmarks ask for the calls of 64-bit programs only */
  readonly only64?: true
  /** the calls count when they fail with one of these */
  readonly errnos?: readonly number[]
  /** the calls count when the effective user is another than the real one */
  readonly otherUser?: true
}

const bin = (...names: readonly string[]) => names.map(name => `/usr/bin/${name}`)

export const ruleGroups: readonly RuleGroup[] = [
  { group: 'sudo-configuration', watches: ['/etc/sudoers', '/etc/sudoers.d'] },
  { group: 'actions-as-other-user', calls: ['execve'], otherUser: true },
  { group: 'time-change', calls: ['adjtimex', 'settimeofday', 'clock_settime'], watches: ['/etc/localtime'] },
  {
    group: 'network-environment',
    calls: ['sethostname', 'setdomainname'],
    watches: ['/etc/issue', '/etc/issue.net', '/etc/hosts'],
    existing: ['/etc/networks', '/etc/network', '/etc/netplan', '/etc/sysconfig/network', '/etc/NetworkManager'],
  },
  {
    group: 'privileged-programs',
    // Red Hat gives these capabilities instead of the bit.
    programs: bin('newuidmap', 'newgidmap'),
    // A rule for a program holds whatever link it is started by: neither sudoedit nor sg is one of its own.
    setIdPrograms: [
      ...bin('sudo', 'su', 'passwd', 'gpasswd', 'chage', 'chfn', 'chsh', 'newgrp', 'mount', 'umount', 'crontab', 'at'),
      ...bin('pkexec', 'ssh-agent', 'expiry', 'fusermount3'),
      '/usr/sbin/unix_chkpwd',
      '/usr/lib/openssh/ssh-keysign',
      '/usr/lib/polkit-1/polkit-agent-helper-1',
      '/usr/lib/dbus-1.0/dbus-daemon-launch-helper',
    ],
  },
  { group: 'access-refused', calls: ['creat', 'open', 'openat', 'truncate', 'ftruncate'], errnos: [13, 1] },
  {
    group: 'identity',
    watches: ['/etc/group', '/etc/passwd', '/etc/gshadow', '/etc/shadow', '/etc/security/opasswd'],
  },
  {
    group: 'permission-changes',
    calls: [
      ...['chmod', 'fchmod', 'fchmodat', 'chown', 'fchown', 'lchown', 'fchownat'],
      ...['setxattr', 'lsetxattr', 'fsetxattr', 'removexattr', 'lremovexattr', 'fremovexattr'],
    ],
  },
  { group: 'permission-programs', programs: [...bin('chcon', 'setfacl', 'chacl'), '/usr/sbin/usermod'] },
  { group: 'mounts', calls: ['mount'] },
  { group: 'sessions', watches: ['/run/utmp', '/var/log/wtmp', '/var/log/btmp'] },
  { group: 'logins', watches: ['/var/log/lastlog', '/run/faillock'] },
  { group: 'deletions', calls: ['unlink', 'unlinkat', 'rename', 'renameat'] },
  {
    group: 'mac-policy',
    existing: ['/etc/apparmor', '/etc/apparmor.d', '/usr/share/selinux'],
    // On a Debian without SELinux the directory holds the settings of a library.
    marked: { '/etc/selinux/config': '/etc/selinux' },
  },
  {
    group: 'kernel-modules',
    calls: ['init_module', 'finit_module', 'delete_module'],
    only64: true,
    programs: bin('kmod'),
  },
  { group: 'audit-configuration', watches: ['/etc/audit'], existing: ['/etc/libaudit.conf'] },
  {
    group: 'container-runtime',
    existing: [
      ...['/etc/docker', '/var/lib/docker', '/usr/lib/systemd/system/docker.service', '/etc/containerd'],
      ...['/usr/lib/systemd/system/docker.socket', '/etc/default/docker', '/etc/sysconfig/docker', '/etc/crio'],
      ...bin('dockerd', 'containerd', 'containerd-shim', 'containerd-shim-runc-v1', 'containerd-shim-runc-v2', 'runc'),
    ],
  },
  {
    group: 'kubernetes',
    existing: ['/etc/kubernetes', '/var/lib/kubelet/config.yaml', '/etc/systemd/system/kubelet.service.d'],
  },
]

/** System calls that architectures younger than they are (arm64, riscv64, loongarch64) do not have. */
export const oldCalls: ReadonlySet<string> = new Set(['creat', 'open', 'chmod', 'chown', 'lchown', 'unlink', 'rename'])
