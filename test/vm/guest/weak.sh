# A server as it should not be: open to everybody, with what careless years leave behind. Every password, hash and key was
# made for this machine only.

# ---- people
groupadd developers
useradd -m -s /bin/bash -G sudo,shadow -c 'Alice' alice
useradd -m -s /bin/bash -G docker,developers,adm -c 'Bob' bob
useradd -m -s /bin/sh -c 'no password' dave
useradd -r -m -d /srv/app -s /bin/bash -c 'a service that may log in' app
useradd -o -u 0 -g 0 -d /root -M -s /bin/bash toor 2>/dev/null
useradd -o -u "$(id -u bob)" -g bob -M -d /home/bob -s /bin/bash -c 'same uid' bob2
printf 'root:root\ntoor:toor\nalice:alice\napp:app\n' | chpasswd
printf 'bob:bob\n' | chpasswd -c MD5
printf 'bob2:bob2\n' | chpasswd -c DES
passwd -q -d dave
chage -M 99999 alice
echo '+::::::' >>/etc/passwd
ssh-keygen -q -t rsa -b 1024 -N '' -C '' -f /root/key
mkdir -p /root/.ssh /home/bob/.ssh
cp /root/key.pub /root/.ssh/authorized_keys
rm /root/key /root/key.pub
ssh-keygen -q -t dsa -N '' -C '' -f /root/key
cp /root/key.pub /home/bob/.ssh/authorized_keys
rm /root/key /root/key.pub
chown -R bob:bob /home/bob
chmod 666 /home/bob/.ssh/authorized_keys
chmod 777 /home/bob /home/bob/.ssh
sed -i -E 's/^UMASK.*/UMASK 000/; s/^ENCRYPT_METHOD.*/ENCRYPT_METHOD MD5/' /etc/login.defs
cat >/etc/sudoers.d/everybody <<'END'
Defaults !authenticate
Defaults !use_pty
Defaults timestamp_timeout=-1
%developers ALL=(ALL) NOPASSWD: ALL
dave ALL=(root) NOPASSWD: /usr/bin/less, /home/dave/deploy.sh
END
sed -i '/use_pty/d' /etc/sudoers
chmod 440 /etc/sudoers.d/everybody

# ---- ssh
cat >/etc/ssh/sshd_config.d/10-open.conf <<'END'
PermitRootLogin yes
PasswordAuthentication yes
PermitEmptyPasswords yes
HostbasedAuthentication yes
IgnoreRhosts no
StrictModes no
PermitUserEnvironment yes
X11Forwarding yes
GatewayPorts yes
PermitTunnel yes
MaxAuthTries 20
MaxSessions 100
MaxStartups 100:30:200
LoginGraceTime 0
LogLevel QUIET
UsePAM no
Ciphers +3des-cbc,aes128-cbc
MACs +hmac-md5,hmac-sha1-96
KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1
HostKeyAlgorithms +ssh-rsa,ssh-dss
Match User alice Address 10.0.2.0/24
  PermitTTY no
  X11Forwarding no
END
chmod 666 /etc/ssh/sshd_config.d/10-open.conf
chmod 644 /etc/ssh/ssh_host_rsa_key

# ---- kernel
# Debian sets some of these in 99-protect-links.conf, and the last file wins.
cat >/etc/sysctl.d/99-zz-open.conf <<'END'
kernel.kptr_restrict = 0
kernel.dmesg_restrict = 0
kernel.unprivileged_bpf_disabled = 0
kernel.yama.ptrace_scope = 0
kernel.sysrq = 1
kernel.perf_event_paranoid = -1
kernel.randomize_va_space = 1
kernel.core_pattern = |/tmp/keep-core
vm.unprivileged_userfaultfd = 1
vm.mmap_min_addr = 0
fs.protected_fifos = 0
fs.protected_hardlinks = 0
fs.protected_regular = 0
fs.protected_symlinks = 0
fs.suid_dumpable = 1
net.ipv4.ip_forward = 1
net.ipv4.tcp_syncookies = 1
net.ipv4.icmp_echo_ignore_broadcasts = 0
net.ipv4.icmp_ignore_bogus_error_responses = 0
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.default.rp_filter = 0
net.ipv4.conf.all.accept_redirects = 1
net.ipv4.conf.default.accept_redirects = 1
net.ipv4.conf.all.send_redirects = 1
net.ipv4.conf.all.accept_source_route = 1
net.ipv4.conf.default.accept_source_route = 1
net.ipv4.conf.all.route_localnet = 1
net.ipv4.conf.default.route_localnet = 1
net.ipv6.conf.all.accept_source_route = 1
net.ipv6.conf.default.accept_source_route = 1
END
printf 'blacklist sctp\nblacklist dccp\n' >/etc/modprobe.d/blacklist.conf
# Two files of one name: that in /etc hides the other.
mkdir -p /usr/local/lib/modprobe.d
echo 'install tipc /bin/false' >/usr/local/lib/modprobe.d/protocols.conf
echo 'options rds rds_exthdr=1' >/etc/modprobe.d/protocols.conf
printf 'rds\nusb_storage\n' >/etc/modules-load.d/old.conf

# ---- files
cp /usr/bin/id /usr/local/bin/old-suid
chmod 4755 /usr/local/bin/old-suid
cp /usr/bin/id /usr/local/bin/old-sgid
chgrp shadow /usr/local/bin/old-sgid
chmod 2755 /usr/local/bin/old-sgid
cp /usr/bin/cat /usr/local/bin/readall
setcap cap_dac_read_search+ep /usr/local/bin/readall
cp /usr/bin/id /usr/local/bin/become
setcap cap_setuid,cap_sys_admin+ep /usr/local/bin/become
mkdir -p /srv/share /srv/old
echo x >/srv/share/notes
chmod 777 /srv/share /usr/local/sbin
chmod 666 /srv/share/notes
echo x >/srv/old/left
chown -R 4242:4242 /srv/old
printf '* * * * * root /home/bob/backup.sh\n' >/etc/cron.d/backup
chmod 666 /etc/cron.d/backup
printf '#!/bin/sh\n' >/home/bob/backup.sh
chmod 777 /home/bob/backup.sh
chmod 666 /etc/passwd /etc/profile
chmod 644 /etc/shadow

# ---- firewall: rules are there, and it is off
ufw default allow incoming
ufw allow 22/tcp
ufw allow from any to any
ufw allow 8080:8090/tcp
ufw route allow in on eth0 out on docker0
ufw deny from 192.0.2.0/24 to any port 161 proto udp comment 'not from there'
sed -i 's/^ENABLED=.*/ENABLED=no/' /etc/ufw/ufw.conf

# ---- services
cat >/etc/docker/daemon.json <<'END'
{
  "hosts": ["unix:///var/run/docker.sock", "tcp://0.0.0.0:2375"],
  "insecure-registries": ["registry.example.net:5000"],
  "debug": true
}
END
mkdir -p /etc/systemd/system/docker.service.d
cat >/etc/systemd/system/docker.service.d/open.conf <<'END'
[Service]
ExecStart=
ExecStart=/usr/sbin/dockerd --containerd=/run/containerd/containerd.sock
ExecStartPost=/bin/chmod 666 /run/docker.sock
END
cat >/usr/local/lib/listen.py <<'END'
import socket, sys, time
kept = []
for port in sys.argv[1:]:
    one = socket.socket()
    one.bind(("0.0.0.0", int(port)))
    one.listen(4)
    kept.append(one)
time.sleep(1 << 30)
END
cat >/etc/systemd/system/web.service <<'END'
[Unit]
Description=A web service of root
[Service]
ExecStart=/usr/bin/python3 /usr/local/lib/listen.py 8080 6379 5900
[Install]
WantedBy=multi-user.target
END
cat >/etc/systemd/system/broken.service <<'END'
[Unit]
Description=A service that fails
[Service]
Type=oneshot
ExecStart=/bin/false
[Install]
WantedBy=multi-user.target
END
cp /usr/bin/sleep /usr/local/bin/replaced
cat >/etc/systemd/system/replaced.service <<'END'
[Unit]
Description=A program that was replaced since it started
[Service]
Type=exec
ExecStart=/usr/local/bin/replaced infinity
ExecStartPost=/bin/rm /usr/local/bin/replaced
[Install]
WantedBy=multi-user.target
END
cat >/etc/systemd/system/lazy.service <<'END'
[Unit]
Description=A program whose profile only complains
After=apparmor.service
[Service]
ExecStart=/usr/local/bin/lazy infinity
[Install]
WantedBy=multi-user.target
END
cp /usr/bin/sleep /usr/local/bin/lazy
cp /usr/bin/sleep /usr/local/bin/early
cat >/etc/apparmor.d/usr.local.bin.lazy <<'END'
abi <abi/3.0>,
include <tunables/global>
/usr/local/bin/lazy flags=(complain) {
  include <abstractions/base>
  /usr/local/bin/lazy mr,
}
END
sed 's/lazy flags=(complain)/early/; s/lazy/early/' /etc/apparmor.d/usr.local.bin.lazy >/etc/apparmor.d/usr.local.bin.early
mkdir -p /etc/apparmor.d/disable
ln -s /etc/apparmor.d/lsb_release /etc/apparmor.d/disable/lsb_release
cat >/usr/local/sbin/at-boot <<'END'
#!/bin/sh
# What only the running kernel can be told.
modprobe sctp
sysctl -w net.ipv4.tcp_syncookies=0
# Started without its profile, which comes only then.
apparmor_parser -R /etc/apparmor.d/usr.local.bin.early
setsid /usr/local/bin/early infinity </dev/null >/dev/null 2>&1 &
sleep 1
apparmor_parser -a /etc/apparmor.d/usr.local.bin.early
printf 'abi <abi/3.0>,\nprofile forgotten /usr/local/bin/forgotten {\n}\n' >/etc/apparmor.d/forgotten
touch /run/reboot-required
echo linux-image-6.1.0-99-amd64 >/run/reboot-required.pkgs
END
chmod 755 /usr/local/sbin/at-boot
cat >/etc/systemd/system/at-boot.service <<'END'
[Unit]
Description=What only the running kernel can be told
After=apparmor.service
[Service]
Type=oneshot
RemainAfterExit=yes
KillMode=process
ExecStart=/usr/local/sbin/at-boot
[Install]
WantedBy=multi-user.target
END
printf 'telnet stream tcp nowait root /usr/sbin/telnetd telnetd\n' >/etc/inetd.conf
sed -i -E 's/^RSYNC_ENABLE=.*/RSYNC_ENABLE=true/' /etc/default/rsync
printf '[all]\npath = /srv\nread only = no\n' >/etc/rsyncd.conf
sed -i -E 's/^agentaddress.*/agentaddress udp:161/' /etc/snmp/snmpd.conf
mkdir -p /etc/systemd/journald.conf.d
printf '[Journal]\nStorage=volatile\nCompress=no\nForwardToSyslog=no\n' >/etc/systemd/journald.conf.d/lossy.conf
apt-mark hold openssl >/dev/null
systemctl enable -q ssh docker containerd web broken replaced lazy at-boot debug-shell rsync inetutils-inetd vsftpd tftpd-hpa rpcbind snmpd avahi-daemon
systemctl disable -q ufw
