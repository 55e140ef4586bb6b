// The sensitive set: files and directories through which somebody becomes root, or learns what only root should know.
import type { PathRole } from '../../proto/facets/files.ts'

/** Paths by role. What is not on a host has no row. */
export const sensitivePaths: Readonly<Partial<Record<PathRole, readonly string[]>>> = {
  account: [
    ...['/etc/passwd', '/etc/passwd-', '/etc/group', '/etc/group-', '/etc/subuid', '/etc/subgid'],
    ...['/etc/shells', '/etc/login.defs', '/etc/nsswitch.conf'],
  ],
  secret: [
    ...['/etc/shadow', '/etc/shadow-', '/etc/gshadow', '/etc/gshadow-'],
    ...['/etc/security/opasswd', '/etc/security/opasswd.old'],
  ],
  sudo: ['/etc/sudoers', '/etc/sudoers.d', '/etc/sudo.conf'],
  cron: [
    ...['/etc/crontab', '/etc/anacrontab', '/etc/cron.d', '/etc/cron.hourly', '/etc/cron.daily', '/etc/cron.weekly'],
    ...['/etc/cron.monthly', '/etc/cron.allow', '/etc/cron.deny', '/etc/at.allow', '/etc/at.deny'],
    ...['/var/spool/cron', '/var/spool/cron/crontabs'],
  ],
  ssh: ['/etc/ssh', '/etc/ssh/sshd_config', '/etc/ssh/sshd_config.d', '/root/.ssh', '/root/.ssh/authorized_keys'],
  'boot-loader': [
    ...['/boot', '/boot/grub', '/boot/grub/grub.cfg', '/boot/grub2', '/boot/grub2/grub.cfg', '/boot/loader'],
    ...['/boot/efi', '/etc/default/grub', '/etc/grub.d'],
  ],
  banner: ['/etc/motd', '/etc/issue', '/etc/issue.net'],
  'network-access': ['/etc/hosts', '/etc/hosts.allow', '/etc/hosts.deny'],
  unit: [
    ...['/etc/systemd', '/etc/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'],
    ...['/lib/systemd/system', '/etc/init.d', '/etc/rc.local', '/etc/inittab'],
  ],
  program: ['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt'],
  library: [
    ...['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/local/lib', '/lib/modules'],
    ...['/etc/ld.so.preload', '/etc/ld.so.conf', '/etc/ld.so.conf.d'],
  ],
  'shell-startup': [
    ...['/etc/profile', '/etc/profile.d', '/etc/bash.bashrc', '/etc/bashrc', '/etc/environment'],
    ...['/root/.bashrc', '/root/.profile', '/root/.bash_profile'],
  ],
  authentication: ['/etc/pam.d', '/etc/pam.conf', '/etc/security'],
  'kernel-setting': ['/etc/sysctl.conf', '/etc/sysctl.d', '/etc/modprobe.d', '/etc/modules-load.d', '/etc/fstab'],
  'package-source': ['/etc/apt', '/etc/apt/sources.list', '/etc/apt/sources.list.d', '/etc/yum.repos.d', '/etc/apk'],
  temporary: ['/tmp', '/var/tmp', '/dev/shm'],
  home: ['/root', '/home'],
}

export interface SensitiveDirectory {
  readonly path: string
  readonly role: PathRole
  readonly pattern: RegExp
}

/** Directories whose entries are rows of their own: each is read or run as root. */
export const sensitiveDirectories: readonly SensitiveDirectory[] = [
  { path: '/etc/sudoers.d', role: 'sudo', pattern: /^[^.~]+$/ },
  { path: '/etc/cron.d', role: 'cron', pattern: /./ },
  { path: '/etc/cron.hourly', role: 'cron', pattern: /./ },
  { path: '/etc/cron.daily', role: 'cron', pattern: /./ },
  { path: '/etc/cron.weekly', role: 'cron', pattern: /./ },
  { path: '/etc/cron.monthly', role: 'cron', pattern: /./ },
  { path: '/etc/ssh', role: 'ssh-host-key', pattern: /^ssh_host_.*_key$/ },
]

/** Directories that benchmarks want on file systems of their own, or mounted with fewer rights. */
export const mountedDirectories = [
  ...['/tmp', '/var/tmp', '/dev/shm', '/home', '/var', '/var/log', '/var/log/audit', '/boot'],
  ...['/var/lib/docker', '/var/lib/containerd', '/var/lib/containers'],
] as const
