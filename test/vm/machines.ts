// The machines that tests of real machines boot, and the packages that each of them has.

export interface Machine {
  readonly packages: readonly string[]
  /** more words for the kernel's command line */
  readonly kernelArguments: string
}

const everywhere = [
  ...['linux-image-amd64', 'initramfs-tools', 'zstd', 'systemd-sysv', 'dbus', 'udev', 'kmod', 'procps', 'iproute2'],
  ...['util-linux-extra', 'login', 'passwd', 'libpam-systemd', 'sudo', 'openssh-server', 'cron', 'ufw', 'iptables'],
  ...['nftables', 'apparmor', 'apparmor-utils', 'libcap2-bin', 'iputils-ping', 'ca-certificates'],
]

export const machines = {
  /** nothing runs that is not needed, and what runs is bounded and watched */
  hardened: {
    packages: [
      ...everywhere,
      ...['auditd', 'rsyslog', 'chrony', 'unattended-upgrades', 'libpam-pwquality', 'apparmor-profiles', 'logrotate'],
      ...['fail2ban', 'python3-systemd', 'aide', 'aide-common'],
    ],
    kernelArguments: 'apparmor=1 security=apparmor audit=1 audit_backlog_limit=8192 lockdown=integrity',
  },
  /** open to everybody, with containerd, Docker and services of old */
  weak: {
    packages: [
      ...everywhere,
      ...[
        'docker.io',
        'containerd',
        'runc',
        'python3-minimal',
        'inetutils-inetd',
        'telnetd',
        'tcpd',
        'vsftpd',
        'rsync',
      ],
      ...['tftpd-hpa', 'rpcbind', 'snmpd', 'avahi-daemon', 'apparmor-profiles', 'telnet', 'less'],
    ],
    kernelArguments: 'apparmor=1 security=apparmor mitigations=off nokaslr',
  },
} satisfies Record<string, Machine>

export type MachineName = keyof typeof machines

/** What packages are installed on, by nobody but dpkg and systemd. */
export const packaged: Machine = { packages: everywhere, kernelArguments: 'apparmor=1 security=apparmor' }
