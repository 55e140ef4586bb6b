// Which files of a machine are recorded, and what is left out of them.

export interface Tree {
  readonly path: string
  readonly skip: RegExp
}

const all = /never/

/** What probes read, without bulk that none of them looks at. @param release of the running kernel */
export function trees(release: string): readonly Tree[] {
  const etc =
    /^\/etc\/(ssl|ca-certificates|alternatives|ssh\/moduli|apparmor\.d\/(abi|abstractions)|apparmor\/severity|perl|python3|X11|terminfo|iproute2|ppp|vim|kernel|initramfs-tools|docker\/key|logcheck|services\.d|protocols|rpc|mke2fs|gai|avahi\/hosts|mime|apt\/trusted|ld\.so\.cache|sudo_logsrvd|fail2ban\/(action|filter)|aide\/aide\.conf\.d|snmp\/snmp\.conf)/
  const network =
    /\/(neigh|fib_trie\w*|stat|netfilter|rpc|igmp6?|mcfilter6?|dev_mcast|dev_snmp6|snmp6?|netstat|rt_acct)(\/|$)/
  return [
    { path: '/etc', skip: etc },
    ...['/bin', '/sbin', '/lib', '/lib64', '/usr/lib/os-release', '/usr/lib/modprobe.d', '/usr/lib/sysctl.d'].map(
      plain,
    ),
    ...['/usr/lib/modules-load.d', '/usr/local/lib', '/usr/lib64', '/root', '/home', '/srv', '/boot'].map(plain),
    { path: '/usr/lib/systemd', skip: /^\/usr\/lib\/systemd\/(?!system(\/|$)|system-preset|\w+\.conf\.d)./ },
    ...[`/usr/lib/modules/${release}/modules.dep`, `/usr/lib/modules/${release}/modules.builtin`].map(plain),
    ...['/var/lib/dpkg/status', '/var/lib/ufw', '/var/spool/cron', '/var/log', '/run/utmp'].map(plain),
    ...['/run/reboot-required', '/run/reboot-required.pkgs'].map(plain),
    ...['cmdline', 'cpuinfo', 'filesystems', 'meminfo', 'modules', 'stat', 'swaps', 'uptime', 'version'].map(name =>
      plain(`/proc/${name}`),
    ),
    { path: '/proc/1/net', skip: network },
    { path: '/proc/sys', skip: /\/neigh\// },
    ...['lsm', 'lockdown', 'apparmor/profiles'].map(name => plain(`/sys/kernel/security/${name}`)),
    ...['/sys/module/apparmor/parameters', '/sys/class/dmi/id'].map(plain),
    { path: '/sys/devices/virtual/dmi/id', skip: /(serial|uuid|uevent|modalias|power|subsystem)/ },
    ...['/tmp', '/var/tmp', '/dev/shm', '/opt', '/var/lib/docker', '/var/lib/containerd'].map(path => ({
      path,
      skip: new RegExp(`^${path}/`),
    })),
  ]
}

/** Programs: that they are there, and with which mode, not what is in them. */
export const programDirectories: readonly string[] = [
  ...['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/usr/lib/openssh', '/usr/lib/dbus-1.0'],
]

const plain = (path: string): Tree => ({ path, skip: all })

/** Text of a file as it is kept; undefined for a file that is too long to be kept. */
export function reduced(path: string, text: string): string | undefined {
  // Private keys of this machine: that there is one, not what it is.
  if (/^\/etc\/ssh\/ssh_host_\w+_key$/.test(path)) return ''
  if (/^\/boot\/config-/.test(path)) return kept(text, /^CONFIG_\w*(SECCOMP|APPARMOR|LSM|LOCKDOWN|YAMA|BPF|USER_NS)/)
  if (/^\/boot\/(?!config)/.test(path)) return ''
  if (path.endsWith('/modules.dep')) return text.replace(/:.*$/gm, ':')
  if (/^\/var\/log\//.test(path) && !/\/(wtmp|btmp|lastlog)$/.test(path)) return ''
  return text.length > 300_000 ? undefined : text
}

function kept(text: string, pattern: RegExp): string {
  return `${text
    .split('\n')
    .filter(line => pattern.test(line))
    .join('\n')}\n`
}
