// The services that checks ask for, with the names of their units, programs and processes on several distributions.

export interface ServiceTraces {
  /** unit names; one without a type is a service and its SysV or OpenRC script */
  readonly units: readonly string[]
  /** comm or file name of a program; comm has at most 15 bytes */
  readonly processes: readonly string[]
  /** files whose presence means that it is installed, also without a unit */
  readonly programs?: readonly string[]
  /** does its work and ends: only systemd knows whether it is active */
  readonly oneShot?: true
}

const named = (...names: readonly string[]): ServiceTraces => ({ units: names, processes: names })

export const knownServices: Readonly<Record<string, ServiceTraces>> = {
  // remote access of old
  telnet: { units: ['telnet.socket', 'telnetd', 'inetutils-telnetd'], processes: ['telnetd', 'in.telnetd'] },
  rsh: {
    units: ['rsh.socket', 'rlogin.socket', 'rexec.socket'],
    processes: ['rshd', 'in.rshd', 'rlogind', 'in.rlogind', 'rexecd', 'in.rexecd'],
  },
  talk: { units: ['ntalk.socket', 'talk.socket'], processes: ['talkd', 'ntalkd', 'in.talkd'] },
  finger: { units: ['finger.socket', 'fingerd'], processes: ['fingerd', 'in.fingerd'] },
  inetd: {
    units: ['inetd', 'openbsd-inetd', 'inetutils-inetd', 'xinetd', 'rlinetd'],
    processes: ['inetd', 'xinetd', 'rlinetd', 'inetutils-inetd'],
  },
  nis: { units: ['nis', 'ypserv', 'ypbind', 'yppasswdd'], processes: ['ypserv', 'ypbind', 'rpc.yppasswdd'] },
  // files
  ftp: named('vsftpd', 'proftpd', 'pure-ftpd', 'pureftpd'),
  tftp: { units: ['tftp.socket', 'tftp', 'tftpd-hpa', 'atftpd'], processes: ['tftpd', 'in.tftpd', 'atftpd'] },
  nfs: { units: ['nfs-server', 'nfs-kernel-server', 'nfsd'], processes: ['nfsd', 'rpc.mountd'] },
  rpcbind: { units: ['rpcbind', 'rpcbind.socket', 'portmap'], processes: ['rpcbind', 'portmap'] },
  samba: named('smbd', 'nmbd', 'smb', 'nmb', 'samba-ad-dc', 'ksmbd'),
  rsync: { units: ['rsync', 'rsyncd', 'rsyncd.socket'], processes: [] },
  autofs: { units: ['autofs'], processes: ['automount'] },
  // network services
  avahi: { units: ['avahi-daemon', 'avahi-daemon.socket'], processes: ['avahi-daemon'] },
  cups: { units: ['cups', 'cups.socket', 'cups.path', 'cups-browsed', 'cupsd'], processes: ['cupsd', 'cups-browsed'] },
  snmp: { units: ['snmpd', 'snmptrapd'], processes: ['snmpd', 'snmptrapd'] },
  ldap: { units: ['slapd', 'dirsrv.target'], processes: ['slapd', 'ns-slapd'] },
  dns: {
    units: ['named', 'bind9', 'unbound', 'pdns', 'knot', 'nsd'],
    processes: ['named', 'unbound', 'pdns_server', 'knotd', 'nsd'],
  },
  dnsmasq: { units: ['dnsmasq'], processes: [] },
  dhcp: {
    units: [
      'isc-dhcp-server',
      'isc-dhcp-server6',
      'dhcpd',
      'dhcpd6',
      'kea-dhcp4-server',
      'kea-dhcp6-server',
      'kea-dhcp4',
    ],
    processes: ['dhcpd', 'kea-dhcp4', 'kea-dhcp6'],
  },
  'mail-access': {
    units: ['dovecot', 'dovecot.socket', 'cyrus-imapd', 'courier-imap'],
    processes: ['dovecot', 'imapd'],
  },
  'mail-transfer': {
    units: ['postfix', 'exim4', 'exim', 'sendmail', 'opensmtpd'],
    processes: ['exim4', 'exim', 'sendmail', 'smtpd'],
  },
  'web-server': {
    units: ['apache2', 'httpd', 'httpd.socket', 'nginx', 'lighttpd', 'caddy'],
    processes: ['apache2', 'httpd', 'nginx', 'lighttpd', 'caddy'],
  },
  'web-proxy': { units: ['squid', 'tinyproxy', 'privoxy'], processes: ['squid', 'tinyproxy', 'privoxy'] },
  // desktops
  'display-manager': {
    units: ['display-manager', 'gdm', 'gdm3', 'lightdm', 'sddm', 'xdm', 'lxdm'],
    processes: ['gdm', 'gdm3', 'lightdm', 'sddm', 'xdm', 'lxdm', 'Xorg', 'Xwayland'],
  },
  bluetooth: { units: ['bluetooth'], processes: ['bluetoothd'] },
  apport: {
    units: ['apport', 'apport-autoreport.path', 'whoopsie', 'whoopsie.path', 'abrtd'],
    processes: ['whoopsie', 'abrtd'],
  },
  'debug-shell': { units: ['debug-shell'], processes: [] },
  'ctrl-alt-del': { units: ['ctrl-alt-del.target'], processes: [] },
  // firewalls and confinement
  ufw: { units: ['ufw'], processes: [], programs: ['/usr/sbin/ufw'], oneShot: true },
  firewalld: { units: ['firewalld'], processes: ['firewalld'] },
  nftables: { units: ['nftables'], processes: [], oneShot: true },
  apparmor: { units: ['apparmor'], processes: [], oneShot: true },
  // watching
  auditd: { units: ['auditd'], processes: ['auditd'] },
  fail2ban: { units: ['fail2ban'], processes: ['fail2ban-server'] },
  crowdsec: { units: ['crowdsec'], processes: ['crowdsec'] },
  sshguard: { units: ['sshguard'], processes: ['sshguard'] },
  falco: {
    units: ['falco', 'falco-kmod', 'falco-bpf', 'falco-modern-bpf', 'falco-custom'],
    processes: ['falco'],
    programs: ['/usr/bin/falco'],
  },
  tetragon: { units: ['tetragon'], processes: ['tetragon'] },
  tracee: { units: ['tracee'], processes: ['tracee', 'tracee-ebpf'] },
  sysdig: { units: ['dragent', 'sysdig'], processes: ['dragent', 'sysdig'], programs: ['/usr/bin/sysdig'] },
  osquery: { units: ['osqueryd'], processes: ['osqueryd'] },
  wazuh: { units: ['wazuh-agent', 'ossec'], processes: ['wazuh-agentd', 'ossec-agentd', 'wazuh-syscheckd'] },
  'trivy-operator': { units: [], processes: ['trivy-operator'] },
  clamav: {
    units: ['clamav-daemon', 'clamav-daemon.socket', 'clamd@scan', 'clamd', 'clamav-freshclam'],
    processes: ['clamd', 'freshclam'],
  },
  aide: {
    units: ['dailyaidecheck.timer', 'aidecheck.timer', 'aide-check.timer', 'aide.timer'],
    processes: [],
    programs: ['/usr/bin/aide', '/usr/sbin/aide'],
  },
  usbguard: { units: ['usbguard'], processes: ['usbguard-daemon'] },
  // time and logs
  chrony: { units: ['chrony', 'chronyd'], processes: ['chronyd'] },
  'systemd-timesyncd': { units: ['systemd-timesyncd'], processes: ['systemd-timesyncd', 'systemd-timesyn'] },
  ntp: { units: ['ntp', 'ntpd', 'ntpsec', 'openntpd'], processes: ['ntpd'] },
  rsyslog: { units: ['rsyslog'], processes: ['rsyslogd'] },
  'syslog-ng': { units: ['syslog-ng'], processes: ['syslog-ng'] },
  journald: { units: ['systemd-journald'], processes: ['systemd-journald', 'systemd-journal'] },
  // upkeep
  'apt-refresh': { units: ['apt-daily.timer'], processes: [], oneShot: true },
  'apt-upgrade': { units: ['apt-daily-upgrade.timer'], processes: [], oneShot: true },
  'dnf-automatic': {
    units: ['dnf-automatic.timer', 'dnf-automatic-install.timer', 'dnf5-automatic.timer', 'yum-cron'],
    processes: [],
    oneShot: true,
  },
  cron: { units: ['cron', 'crond', 'cronie'], processes: ['cron', 'crond'] },
  ssh: { units: ['ssh', 'sshd', 'ssh.socket', 'sshd.socket', 'dropbear'], processes: ['sshd', 'dropbear'] },
  // containers
  docker: { units: ['docker', 'docker.socket'], processes: ['dockerd'] },
  containerd: { units: ['containerd'], processes: ['containerd'] },
  crio: { units: ['crio', 'cri-o'], processes: ['crio'] },
  podman: { units: ['podman', 'podman.socket'], processes: [] },
  kubelet: {
    units: ['kubelet', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent', 'k0scontroller', 'k0sworker'],
    processes: ['kubelet', 'kubelite', 'k3s-server', 'k3s-agent', 'rke2'],
  },
}
