// What tools say of a machine that is recorded, by the name that the recording gives each output.

/** Shell lines. Those without anything that only a shell understands are replayed to probes when they ask for them. */
export const commands: Readonly<Record<string, string>> = {
  // network
  'ss-H-lntupe': 'ss -H -lntupe',
  'ip-addr': 'ip -j addr',
  // kernel
  lsmod: 'lsmod',
  'modprobe-showcfg': 'modprobe --showconfig | grep -vE "^alias"',
  'sysctl-a': 'sysctl -a 2>/dev/null',
  uname: 'uname -a',
  findmnt: 'findmnt -J',
  // people
  getent: 'getent passwd; getent group',
  'getent-shadow': 'getent shadow',
  'users-passwd-S': 'passwd -S -a',
  id: 'for u in $(getent passwd | cut -d: -f1); do id $u; done',
  'sudo-l':
    'for u in $(getent passwd | awk -F: \'$3 >= 1000 && $3 < 60000 { print $1 }\'); do echo "== $u"; sudo -l -U $u; done',
  who: 'who',
  // packet filter
  'ufw-verbose': 'ufw status verbose',
  'ufw-numbered': 'ufw status numbered',
  'ufw-added': 'ufw show added',
  nft: 'nft list ruleset',
  'nft-j': 'nft -j list ruleset',
  'iptables-save': 'iptables-save',
  'ip6tables-save': 'ip6tables-save',
  // confinement
  'aa-status': 'aa-status',
  'aa-enabled': 'aa-enabled',
  'ps-Z': 'ps -eo label,pid,comm',
  // files
  getcap: 'getcap -r / 2>/dev/null',
  'set-id': 'find / -xdev -perm /6000 -type f -printf "%m %U %G %p\\n"',
  'world-writable': 'find / -xdev -perm -0002 -type f -printf "%p\\n"',
  'world-writable-directories': 'find / -xdev -perm -0002 ! -perm -1000 -type d -printf "%p\\n"',
  unowned: 'find / -xdev \\( -nouser -o -nogroup \\) -printf "%p\\n"',
  // services
  'sshd-T': 'sshd -T',
  'systemctl-files': 'systemctl list-unit-files --no-pager --plain --no-legend',
  'systemctl-units': 'systemctl list-units --all --no-pager --plain --no-legend',
  'systemctl-failed': 'systemctl list-units --failed --no-pager --plain --no-legend',
  'auditctl-rules': 'auditctl -l',
  'auditctl-status': 'auditctl -s',
  'dpkg-query': `dpkg-query -W -f="\\\${Package}\\t\\\${Version}\\t\\\${Status}\\t\\\${Architecture}\\n"`,
  hostnamectl: 'hostnamectl --json=pretty',
  'docker-info-json': 'docker info -f "{{json .}}"',
  'containerd-cfg': 'containerd config dump',
}

/** Asking loads modules of the kernel: asked once before anything is recorded, so that all see the same machine. */
export const settlingCommands: readonly string[] = [
  'ss-H-lntupe',
  'nft-j',
  'iptables-save',
  'ip6tables-save',
  'ufw-verbose',
]
