# A server as careful administrators set it up: nothing runs that is not needed, and what runs is bounded and watched.

# ---- people: one administrator with a key, nobody with a password that is worth anything (made for this machine only)
useradd -m -s /bin/bash -G sudo -c 'Ada Admin' ada
useradd -m -s /bin/bash -c 'Olaf Operator' olaf
groupadd -r sshusers
usermod -aG sshusers ada
usermod -aG sshusers olaf
printf 'ada:%s\nolaf:%s\n' throw-away-Pw-ada throw-away-Pw-olaf | chpasswd
for name in ada olaf; do
  install -d -m 700 -o "$name" -g "$name" "/home/$name/.ssh"
  ssh-keygen -q -t ed25519 -N '' -C '' -f /root/key
  install -m 600 -o "$name" -g "$name" /root/key.pub "/home/$name/.ssh/authorized_keys"
  rm /root/key /root/key.pub
  chmod 700 "/home/$name"
  chage -m 1 -M 365 -W 7 -I 30 "$name"
done
usermod -p '!*' root
chmod 700 /root
sed -i -E 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 365/; s/^PASS_MIN_DAYS.*/PASS_MIN_DAYS 1/; s/^UMASK.*/UMASK 027/' /etc/login.defs
sed -i -E 's/^#? ?INACTIVE=.*/INACTIVE=30/' /etc/default/useradd
useradd -D -f 30
printf 'umask 027\n' >/etc/profile.d/umask.sh
printf 'readonly TMOUT=900\nexport TMOUT\n' >/etc/profile.d/timeout.sh
cat >/etc/security/pwquality.conf <<'END'
minlen = 14
minclass = 4
maxrepeat = 3
END
printf 'deny = 5\nunlock_time = 900\n' >/etc/security/faillock.conf
cat >/usr/share/pam-configs/faillock <<'END'
Name: Lock accounts after failed logins
Default: yes
Priority: 0
Auth-Type: Primary
Auth:
	[default=die] pam_faillock.so authfail
Account-Type: Primary
Account:
	required pam_faillock.so
END
cat >/usr/share/pam-configs/faillock_notify <<'END'
Name: Lock accounts after failed logins, before the password
Default: yes
Priority: 1024
Auth-Type: Primary
Auth:
	requisite pam_faillock.so preauth
END
# Debian's default lets accounts without a password in.
sed -i 's/ nullok//g' /usr/share/pam-configs/unix
pam-auth-update --package
printf 'auth required pam_wheel.so use_uid group=sugroup\n' >>/etc/pam.d/su
groupadd -r sugroup
cat >/etc/sudoers.d/hardening <<'END'
Defaults use_pty
Defaults logfile=/var/log/sudo.log
Defaults timestamp_timeout=5
END
chmod 440 /etc/sudoers.d/hardening
touch /var/log/sudo.log
chmod 600 /var/log/sudo.log

# ---- ssh
cat >/etc/ssh/sshd_config.d/10-hardening.conf <<'END'
PermitRootLogin no
PasswordAuthentication no
AllowGroups sshusers
X11Forwarding no
AllowTcpForwarding no
AllowAgentForwarding no
DisableForwarding yes
GSSAPIAuthentication no
MaxAuthTries 3
MaxSessions 4
MaxStartups 10:30:60
LoginGraceTime 30
ClientAliveInterval 15
ClientAliveCountMax 3
LogLevel VERBOSE
Banner /etc/issue.net
Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr
MACs hmac-sha2-512-etm@openssh.com,hmac-sha2-256-etm@openssh.com
KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org
END
chmod 600 /etc/ssh/sshd_config /etc/ssh/sshd_config.d/10-hardening.conf
for banner in /etc/issue /etc/issue.net /etc/motd; do echo 'Authorized use only. Activity is recorded.' >$banner; done

# ---- kernel
# Debian sets some of these in 99-protect-links.conf, and the last file wins.
cat >/etc/sysctl.d/99-zz-hardening.conf <<'END'
kernel.kptr_restrict = 2
kernel.dmesg_restrict = 1
kernel.unprivileged_bpf_disabled = 1
kernel.yama.ptrace_scope = 2
kernel.kexec_load_disabled = 1
kernel.sysrq = 0
kernel.perf_event_paranoid = 3
kernel.randomize_va_space = 2
kernel.unprivileged_userns_clone = 0
kernel.core_pattern = core
dev.tty.ldisc_autoload = 0
vm.unprivileged_userfaultfd = 0
vm.mmap_min_addr = 65536
fs.protected_fifos = 2
fs.protected_hardlinks = 1
fs.protected_regular = 2
fs.protected_symlinks = 1
fs.suid_dumpable = 0
net.core.bpf_jit_harden = 2
net.ipv4.ip_forward = 0
net.ipv4.tcp_syncookies = 1
net.ipv4.icmp_echo_ignore_broadcasts = 1
net.ipv4.icmp_ignore_bogus_error_responses = 1
net.ipv4.conf.all.rp_filter = 1
net.ipv4.conf.default.rp_filter = 1
net.ipv4.conf.all.accept_redirects = 0
net.ipv4.conf.default.accept_redirects = 0
net.ipv4.conf.all.secure_redirects = 0
net.ipv4.conf.default.secure_redirects = 0
net.ipv4.conf.all.send_redirects = 0
net.ipv4.conf.default.send_redirects = 0
net.ipv4.conf.all.accept_source_route = 0
net.ipv4.conf.default.accept_source_route = 0
net.ipv4.conf.all.log_martians = 1
net.ipv4.conf.default.log_martians = 1
net.ipv6.conf.all.accept_redirects = 0
net.ipv6.conf.default.accept_redirects = 0
net.ipv6.conf.all.accept_source_route = 0
net.ipv6.conf.default.accept_source_route = 0
net.ipv6.conf.all.accept_ra = 0
net.ipv6.conf.default.accept_ra = 0
net.ipv6.conf.all.forwarding = 0
END
# ufw sets some of these again, in its own file.
sed -i -E 's/^#?(net\/ipv4\/conf\/(all|default)\/log_martians)=.*/\1=1/' /etc/ufw/sysctl.conf
for module in sctp dccp rds tipc atm appletalk ax25 netrom rose can x25 ipx decnet econet af_802154 p8022 p8023 psnap n_hdlc \
  cramfs freevxfs hfs hfsplus jffs2 udf squashfs gfs2 ksmbd usb-storage firewire-core firewire-ohci thunderbolt \
  pcspkr snd-pcsp joydev uvcvideo vivid; do
  printf 'install %s /bin/false\nblacklist %s\n' "$module" "$module"
done >/etc/modprobe.d/hardening.conf
printf '* hard core 0\n' >/etc/security/limits.d/core.conf
mkdir -p /etc/systemd/coredump.conf.d
printf '[Coredump]\nStorage=none\nProcessSizeMax=0\n' >/etc/systemd/coredump.conf.d/none.conf
systemctl mask -q ctrl-alt-del.target

# ---- file systems
cat >>/etc/fstab <<'END'
LABEL=home /home ext4 nodev,nosuid 0 0
LABEL=var /var ext4 nodev,nosuid 0 0
LABEL=var.tmp /var/tmp ext4 nodev,nosuid,noexec 0 0
LABEL=var.log /var/log ext4 nodev,nosuid,noexec 0 0
LABEL=var.log.audit /var/log/audit ext4 nodev,nosuid,noexec 0 0
tmpfs /tmp tmpfs mode=1777,nodev,nosuid,noexec 0 0
tmpfs /dev/shm tmpfs nodev,nosuid,noexec 0 0
END
chmod 600 /etc/crontab
chmod 700 /etc/cron.d /etc/cron.hourly /etc/cron.daily /etc/cron.weekly /etc/cron.monthly
echo root >/etc/cron.allow
chmod 640 /etc/cron.allow
chown root:crontab /etc/cron.allow
# Programs that only root is to use give nobody else root's rights.
chmod u-s /usr/bin/chfn /usr/bin/chsh /usr/bin/newgrp /usr/bin/mount /usr/bin/umount

# ---- firewall: only ssh, only from the network of the administrators, and not too often
ufw logging medium
ufw default deny incoming
ufw default allow outgoing
ufw default deny routed
ufw limit from 10.0.2.0/24 to any port 22 proto tcp comment 'administrators'
ufw limit from 2001:db8:5::/64 to any port 22 proto tcp
sed -i 's/^ENABLED=.*/ENABLED=yes/' /etc/ufw/ufw.conf

# ---- audit trail
sed -i -E 's/^max_log_file_action.*/max_log_file_action = keep_logs/; s/^space_left_action.*/space_left_action = email/
  s/^admin_space_left_action.*/admin_space_left_action = halt/; s/^disk_full_action.*/disk_full_action = halt/
  s/^disk_error_action.*/disk_error_action = halt/; s/^max_log_file = .*/max_log_file = 32/' /etc/audit/auditd.conf
{
  printf -- '-D\n-b 8192\n--backlog_wait_time 60000\n-f 1\n'
  for file in passwd group shadow gshadow security/opasswd nsswitch.conf pam.conf pam.d; do
    echo "-w /etc/$file -p wa -k identity"
  done
  printf -- '-w /etc/sudoers -p wa -k scope\n-w /etc/sudoers.d -p wa -k scope\n-w /var/log/sudo.log -p wa -k sudo_log\n'
  for arch in b64 b32; do
    echo "-a always,exit -F arch=$arch -C euid!=uid -F auid!=unset -S execve -k emulation"
    echo "-a always,exit -F arch=$arch -S adjtimex,settimeofday,clock_settime -k time"
    echo "-a always,exit -F arch=$arch -S sethostname,setdomainname -k locale"
    for code in EACCES EPERM; do
      echo "-a always,exit -F arch=$arch -S creat,open,openat,truncate,ftruncate -F exit=-$code -F auid>=1000 -F auid!=unset -k access"
    done
    echo "-a always,exit -F arch=$arch -S chmod,fchmod,fchmodat,chown,fchown,lchown,fchownat -F auid>=1000 -F auid!=unset -k perm"
    echo "-a always,exit -F arch=$arch -S setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr -F auid>=1000 -F auid!=unset -k perm"
    echo "-a always,exit -F arch=$arch -S mount -F auid>=1000 -F auid!=unset -k mounts"
    echo "-a always,exit -F arch=$arch -S unlink,unlinkat,rename,renameat -F auid>=1000 -F auid!=unset -k delete"
  done
  echo '-a always,exit -F arch=b64 -S init_module,finit_module,delete_module,create_module,query_module -F auid>=1000 -F auid!=unset -k modules'
  echo '-a always,exit -F path=/usr/bin/kmod -F perm=x -F auid>=1000 -F auid!=unset -k modules'
  for file in issue issue.net hosts networks network; do echo "-w /etc/$file -p wa -k locale"; done
  echo '-w /etc/localtime -p wa -k time'
  for program in $(find / -xdev -type f -perm /6000 | sort) /usr/bin/chcon /usr/bin/setfacl /usr/bin/chacl /usr/sbin/usermod; do
    echo "-a always,exit -F path=$program -F perm=x -F auid>=1000 -F auid!=unset -k privileged"
  done
  for file in /var/run/utmp /var/log/wtmp /var/log/btmp; do echo "-w $file -p wa -k session"; done
  for file in /var/log/lastlog /var/run/faillock; do echo "-w $file -p wa -k logins"; done
  for file in /etc/apparmor /etc/apparmor.d; do echo "-w $file -p wa -k confinement"; done
  for file in /etc/audit /etc/libaudit.conf; do echo "-w $file -p wa -k audit"; done
} >/etc/audit/rules.d/50-hardening.rules
echo '-e 2' >/etc/audit/rules.d/99-finalize.rules
rm -f /etc/audit/rules.d/audit.rules
chmod 640 /etc/audit/rules.d/*.rules
augenrules >/dev/null
chmod 640 /etc/audit/audit.rules /etc/audit/auditd.conf

# ---- logs, time, updates
mkdir -p /etc/systemd/journald.conf.d /var/log/journal
printf '[Journal]\nStorage=persistent\nCompress=yes\nForwardToSyslog=yes\n' >/etc/systemd/journald.conf.d/hardening.conf
sed -i -E 's/^pool .*/server ntp1.example.net iburst nts\nserver ntp2.example.net iburst nts\nserver ntp3.example.net iburst nts/' /etc/chrony/chrony.conf
printf 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n' >/etc/apt/apt.conf.d/20auto-upgrades

# ---- confinement: every profile is enforced
sed -i -E '/^ *(profile|\/).*\{$/{s/complain, ?//; s/, ?complain//; s/flags=\(complain\) ?//}' $(find /etc/apparmor.d -maxdepth 1 -type f)
printf '[sshd]\nenabled = true\nbackend = systemd\n' >/etc/fail2ban/jail.d/ssh.conf
systemctl enable -q apparmor ufw ssh auditd chrony rsyslog cron unattended-upgrades fail2ban dailyaidecheck.timer
