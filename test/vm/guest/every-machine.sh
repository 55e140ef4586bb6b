# What every machine of these tests has: a name, one network card, a service that records, a quick start.
echo "recorded" >/etc/hostname
printf '127.0.0.1 localhost recorded\n::1 localhost ip6-localhost\n' >/etc/hosts
: >/etc/resolv.conf
echo '/dev/disk/by-id/virtio-root / ext4 defaults 0 1' >/etc/fstab
echo b9d1f0c7a2e84c53a6b0e5d48f7c1320 >/etc/machine-id
cat >/etc/systemd/network/10-card.network <<'END'
[Match]
Type=ether
[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
LinkLocalAddressing=ipv6
IPv6AcceptRA=no
END
cat >/etc/systemd/system/recorder.service <<'END'
[Unit]
Description=Records this machine and switches it off
After=multi-user.target
[Service]
ExecStart=/opt/recorder/start.sh
StandardOutput=tty
TTYPath=/dev/ttyS0
[Install]
WantedBy=graphical.target
END
# An emulated machine is slow: services that only need time are not to be ended.
mkdir -p /etc/systemd/system.conf.d
printf '[Manager]\nDefaultTimeoutStartSec=900\nDefaultDeviceTimeoutSec=900\n' >/etc/systemd/system.conf.d/slow.conf
# Only what the disk needs goes into the first file system.
printf 'MODULES=list\nCOMPRESS=zstd\nFSTYPE=ext4\n' >/etc/initramfs-tools/conf.d/small
printf 'virtio_pci\nvirtio_blk\next4\n' >/usr/share/initramfs-tools/modules.d/small
systemctl enable -q systemd-networkd recorder
# They would start by themselves at some time, and find no network.
systemctl mask -q systemd-networkd-wait-online.service e2scrub_all.timer e2scrub_reap.service fstrim.timer
# Keys for this machine only; nothing trusts them.
ssh-keygen -q -A
