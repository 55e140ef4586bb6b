// Commands that show by hand what a check reads, for somebody who wants to see it before changing anything.

/** `property.field` of a facet, or the facet alone → commands. Words in capitals stand for what the evidence names. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'accounts.users': ['getent passwd', 'passwd -S USER', 'chage -l USER'],
  'accounts.groups': ['getent group'],
  'accounts.loginDefs': ["grep -Ev '^ *(#|$)' /etc/login.defs"],
  'accounts.sudo': ['visudo -c', "grep -rEv '^ *(#|$)' /etc/sudoers /etc/sudoers.d"],
  'accounts.sudoRules': ['sudo -l -U USER', "grep -rEv '^ *(#|$)' /etc/sudoers /etc/sudoers.d"],
  'accounts.coreLimits': ["grep -rEv '^ *(#|$)' /etc/security/limits.conf /etc/security/limits.d", 'ulimit -c'],
  'accounts.legacyEntries': ["grep -n '^+' /etc/passwd /etc/shadow /etc/group"],
  'accounts.privilegedMembers': ['getent group'],
  accounts: ["grep -rEv '^ *(#|$)' /etc/pam.d"],
  'apparmor.files': ['sha256sum /etc/apparmor.d/*'],
  apparmor: ['aa-status', 'cat /sys/kernel/security/apparmor/profiles'],
  'audit.rules': ['auditctl -l', "grep -rEv '^ *(#|$)' /etc/audit/rules.d"],
  'audit.coverage': ['auditctl -l', "grep -rEv '^ *(#|$)' /etc/audit/rules.d"],
  'audit.files': ["stat -c '%A %a %U:%G %n' /var/log/audit /etc/audit /sbin/auditctl"],
  audit: ['auditctl -s', "grep -Ev '^ *(#|$)' /etc/audit/auditd.conf", 'systemctl status auditd'],
  'containerRuntime.docker': ['docker info', 'cat /etc/docker/daemon.json', 'ps -o args= -C dockerd'],
  'containerRuntime.containerd': ['containerd config dump'],
  'containerRuntime.crio': ['crio config', "grep -rEv '^ *(#|$)' /etc/crio"],
  'containerRuntime.files': ["stat -c '%A %a %U:%G %n' FILE"],
  'containerRuntime.sockets': [
    "stat -c '%A %a %U:%G %n' /run/docker.sock /run/containerd/containerd.sock /run/crio/crio.sock",
  ],
  'containerRuntime.registries': ['docker info', 'ls -lR /etc/containerd/certs.d /etc/containers'],
  containerRuntime: ['containerd config dump', 'ls -l /dev/kvm'],
  'containers.staticPods': ['ls -l /etc/kubernetes/manifests', 'crictl pods'],
  containers: ['crictl ps -a', 'docker ps -a', 'crictl inspect NAME', 'docker inspect NAME'],
  'controlPlane.apiServers': ['ps -o args= -C kube-apiserver', 'cat /etc/kubernetes/manifests/kube-apiserver.yaml'],
  'controlPlane.controllerManagers': [
    ...['ps -o args= -C kube-controller-manager', 'cat /etc/kubernetes/manifests/kube-controller-manager.yaml'],
  ],
  'controlPlane.schedulers': ['ps -o args= -C kube-scheduler', 'cat /etc/kubernetes/manifests/kube-scheduler.yaml'],
  'controlPlane.etcdMembers': ['ps -o args= -C etcd', 'cat /etc/kubernetes/manifests/etcd.yaml'],
  'controlPlane.kubeProxies': ['ps -o args= -C kube-proxy', 'kubectl -n kube-system get configmap kube-proxy -o yaml'],
  'controlPlane.certificates': ['openssl x509 -noout -subject -issuer -dates -in FILE'],
  'controlPlane.observations': ['ls -l /var/log/kubernetes', 'ps -o args= -C kube-apiserver'],
  controlPlane: ["stat -c '%A %a %U:%G %n' FILE", 'ls -l /etc/kubernetes /etc/kubernetes/pki'],
  'files.mounts': ['findmnt', 'cat /etc/fstab'],
  'files.capabilityFiles': ['getcap -r / 2>/dev/null'],
  'files.setIdFiles': ['find / -xdev -type f -perm /6000 -ls'],
  'files.unowned': [String.raw`find / -xdev \( -nouser -o -nogroup \) -ls`],
  'files.worldWritableFiles': ['find / -xdev -type f -perm -0002 -ls'],
  'files.worldWritableDirectories': ['find / -xdev -type d -perm -0002 ! -perm -1000 -ls'],
  files: ["stat -c '%A %a %U:%G %n' FILE"],
  'firewall.ufw': ['ufw status verbose', 'cat /etc/default/ufw'],
  'firewall.ufwRules': ['ufw status numbered'],
  'firewall.ufwUndeclared': ['ufw status numbered', 'iptables-save'],
  'firewall.firewalld': ['firewall-cmd --state', 'systemctl status firewalld'],
  'firewall.nftablesAtBoot': ['systemctl is-enabled nftables', 'cat /etc/nftables.conf'],
  'firewall.exposures': ['ss -lntup', 'nft list ruleset', 'iptables-save'],
  firewall: ['nft list ruleset', 'iptables-save', 'ip6tables-save'],
  'host.bootParameters': ['cat /proc/cmdline', 'grep -r GRUB_CMDLINE /etc/default/grub /etc/default/grub.d'],
  'host.secureBoot': ['mokutil --sb-state'],
  'host.lockdown': ['cat /sys/kernel/security/lockdown'],
  'host.securityModules': ['cat /sys/kernel/security/lsm'],
  'host.machineId': ['cat /etc/machine-id'],
  'host.os': ['cat /etc/os-release'],
  'host.cloud': ['cat /sys/class/dmi/id/sys_vendor', 'cloud-init query cloud_name'],
  'host.kubernetesRoles': ["ps -eo pid,comm | grep -E 'kube|etcd|k3s|rke2'"],
  host: ['hostnamectl'],
  'kernelModules.loadingDisabled': ['sysctl kernel.modules_disabled'],
  'kernelModules.taintFlags': ['sysctl kernel.tainted'],
  'kernelModules.modprobePath': ['sysctl kernel.modprobe'],
  kernelModules: ['lsmod', 'modprobe --showconfig', 'modprobe -n -v NAME'],
  'kubelet.certificates': ['openssl x509 -noout -subject -issuer -dates -in FILE'],
  'kubelet.endpoints': ['ss -lntp', 'curl -sk https://127.0.0.1:10250/pods', 'curl -s http://127.0.0.1:10255/pods'],
  'kubelet.tls': ['openssl s_client -connect 127.0.0.1:10250 -tls1_2 </dev/null'],
  'kubelet.files': ["stat -c '%A %a %U:%G %n' FILE"],
  kubelet: [
    'ps -o args= -C kubelet',
    'cat /var/lib/kubelet/config.yaml',
    'kubectl get --raw /api/v1/nodes/NODE/proxy/configz',
  ],
  'packages.rebootRequired': ['cat /run/reboot-required /run/reboot-required.pkgs', 'needs-restarting -r'],
  'packages.rebootPackages': ['cat /run/reboot-required.pkgs'],
  'packages.packages': ['dpkg -l', 'rpm -qa'],
  'packages.replacedFiles': ['ls -l /proc/*/exe 2>/dev/null | grep deleted'],
  'packages.observations': ['ls -l /var/lib/apt/lists', 'dnf repolist -v'],
  packages: ['uname -r', 'ls /boot /lib/modules'],
  'ports.unixSockets': ['ss -lxp', "stat -c '%A %a %U:%G %n' FILE"],
  ports: ['ss -lntup', 'ss -lwp'],
  'seccomp.profiles': ['ls -lR /var/lib/kubelet/seccomp', 'jq . FILE'],
  'seccomp.directories': ["stat -c '%A %a %U:%G %n' /var/lib/kubelet/seccomp"],
  seccomp: ['sysctl kernel.seccomp.actions_avail kernel.seccomp.actions_logged'],
  'selinux.booleans': ['getsebool -a'],
  'selinux.unconfinedDaemons': ['ps -eZ | grep unconfined_service_t'],
  'selinux.permissiveDomains': ['semanage permissive -l'],
  selinux: ['sestatus', 'cat /etc/selinux/config'],
  'services.journald': ['systemd-analyze cat-config systemd/journald.conf', 'ls -ld /var/log/journal'],
  'services.timeSources': ['timedatectl', 'chronyc sources', 'systemd-analyze cat-config systemd/timesyncd.conf'],
  'services.failedUnits': ['systemctl --failed'],
  'services.falco': ['systemctl status falco', 'cat /etc/falco/falco.yaml'],
  'services.automaticUpdates': ['apt-config dump APT::Periodic', 'systemctl list-timers'],
  services: [
    'systemctl list-unit-files --state=enabled',
    'systemctl list-units --type=service,socket',
    'systemctl status UNIT',
  ],
  'ssh.files': ["stat -c '%A %a %U:%G %n' /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*"],
  'ssh.hostKeys': ["stat -c '%A %a %U:%G %n' /etc/ssh/ssh_host_*", 'ssh-keygen -lf FILE'],
  'ssh.matches': ['sshd -T -C user=USER,host=HOST,addr=ADDRESS', 'grep -n -A9 -i ^match /etc/ssh/sshd_config'],
  'ssh.rejectedLines': ['sshd -t'],
  ssh: ['sshd -T', "grep -rEv '^ *(#|$)' /etc/ssh/sshd_config /etc/ssh/sshd_config.d"],
  'sysctl.interfaces': ['sysctl -a -r "^net.ipv[46].conf"', 'ip -br link'],
  sysctl: ['sysctl -a', "grep -rEv '^ *(#|;|$)' /etc/sysctl.conf /etc/sysctl.d /run/sysctl.d /usr/lib/sysctl.d"],
}

const most = 4

/**
 * Commands that show what these fields are, the most telling first.
 * @param fields `property.field…` of what a check judges
 * @param rule its rule, which names kernel parameters, keywords and mounts
 */
export function commandsByHand(fields: readonly string[], rule: string): readonly string[] {
  const found = fields.flatMap(path => {
    const [property = '', field = ''] = path.split('.')
    return commands[`${property}.${field}`] ?? commands[property] ?? []
  })
  return [...new Set(found.map(command => narrowed(command, rule)))].slice(0, most)
}

/** Names of the rule instead of everything there is. */
function narrowed(command: string, rule: string): string {
  const parameters = namesIn(rule, /"((?:kernel|net|fs|vm|dev|user)\.[\w.]+)"/g)
  if (command === 'sysctl -a' && parameters.length > 0) return `sysctl ${parameters.join(' ')}`
  const keywords = namesIn(rule, /\bssh\.settings\.(\w+)/g).map(name => name.toLowerCase())
  if (command === 'sshd -T' && keywords.length > 0) return `sshd -T | grep -E '^(${keywords.join('|')}) '`
  const [place, ...more] = namesIn(rule, /"(\/[\w/-]*)"/g)
  return command === 'findmnt' && place !== undefined && more.length === 0 ? `findmnt ${place}` : command
}

const namesIn = (rule: string, pattern: RegExp) => [
  ...new Set([...rule.matchAll(pattern)].map(([, name = '']) => name)),
]

/** What the words in capitals of commands stand for. */
export const placeholders: Readonly<Record<string, string>> = {
  USER: 'the account, as the evidence names it',
  GROUP: 'the group that is meant to have it',
  NAME: 'what the evidence names: a module, a container, a profile',
  FILE: 'the file, as the evidence names it',
  UNIT: 'the unit of systemd, such as `kubelet.service`',
  NODE: 'the name of the node in Kubernetes: `kubectl get nodes`',
  PID: 'the number of the process',
  PORT: 'the port, as the evidence names it',
  ADDRESS: 'an address: of the evidence, or of a client',
  HOST: 'the name of the other host',
  NUMBER: 'the number of the rule, as the list prints it',
  OLD: 'the number that it has now',
  NEW: 'a number that nothing has',
  GID: 'the number of a group',
  KEY: 'the file of the key',
  TYPE: 'the type of SELinux that the evidence names',
  MODE: 'the permission bits that were noted down',
  OWNER: 'the owner and group that were noted down, as `root:root`',
}

/** A line for each word in capitals that these texts have in their commands. */
export function placeholderLines(texts: readonly string[]): readonly string[] {
  const code = texts.flatMap(text => [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([span]) => span)).join('\n')
  const words = new Set([...code.matchAll(/(?<![\w$={-])[A-Z]{3,}(?![\w-])/g)].map(([word]) => word))
  return Object.entries(placeholders).flatMap(([word, meaning]) =>
    words.has(word) ? [`- \`${word}\`: ${meaning}`] : [],
  )
}
