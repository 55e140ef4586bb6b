#!/bin/bash
# Builds the disk of one machine from Debian's packages: build-image.sh FOLDER MACHINE NODE PACKAGE…
#
# It leaves vmlinuz, initrd.img, disk.raw and one image for each further file system in FOLDER/MACHINE. Packages are kept
# in FOLDER/packages. Everything is mounted in a namespace of its own, and what runs inside the new root directory has a
# network of its own with nothing in it: neither mounts nor packet filters of the building machine are touched.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -z "${IN_NAMESPACE:-}" ]; then
  IN_NAMESPACE=1 exec unshare --mount --propagation private bash "${BASH_SOURCE[0]}" "$@"
fi
folder=$1 machine=$2 node=$3
shift 3
suite=bookworm
packages=$folder/packages directory=$folder/$machine
root=$directory/root
mkdir -p "$packages" "$directory"
case $root in /?*/root) ;; *) echo "odd folder: $folder" >&2; exit 1 ;; esac

inside() {
  unshare --net chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
    DEBIAN_FRONTEND=noninteractive "$@"
}

install_packages() { # package…
  # The mirror is the one that this machine's own apt uses.
  local mirror
  mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 2>/dev/null | awk -v s="$suite" '$1 == s { print $2; exit }')
  rm -rf --one-file-system "$root"
  debootstrap --foreign --variant=minbase --cache-dir="$packages" --include="$(IFS=,; echo "$*")" \
    "$suite" "$root" "${mirror:-http://deb.debian.org/debian}"
  inside /debootstrap/debootstrap --second-stage
  rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/etc/ssh/ssh_host_*
  # The mirror is a name of the building machine.
  printf 'deb http://deb.debian.org/debian %s main\n' "$suite" >"$root/etc/apt/sources.list"
}

# The installed packages are kept beside the list of their names: a change of the settings costs seconds.
kept=$directory/packages.tar
if [ ! -e "$kept" ] || [ "$(cat "$directory/packages.txt" 2>/dev/null)" != "$*" ]; then
  install_packages "$@"
  tar -C "$root" --xattrs --xattrs-include='*' --numeric-owner -cf "$kept.part" .
  mv "$kept.part" "$kept"
  echo "$*" >"$directory/packages.txt"
else
  rm -rf --one-file-system "$root"
  mkdir "$root"
  tar -C "$root" --xattrs --xattrs-include='*' --numeric-owner -xf "$kept"
fi

# Settings of every machine, then its own, made inside: under emulation they would take minutes.
mount -t proc proc "$root/proc"
for name in null zero random urandom; do [ -e "$root/dev/$name" ] || cp -a "/dev/$name" "$root/dev/$name"; done
install -D -m 755 "$node" "$root/opt/recorder/node"
install -m 755 "$here/guest/start.sh" "$root/opt/recorder/start.sh"
for script in every-machine "$machine"; do
  cp "$here/guest/$script.sh" "$root/root/settings.sh"
  inside bash -eu /root/settings.sh
  rm "$root/root/settings.sh"
done
inside update-initramfs -u >/dev/null
umount "$root/proc"

cp "$(echo "$root"/boot/vmlinuz-*)" "$directory/vmlinuz"
cp "$(echo "$root"/boot/initrd.img-*)" "$directory/initrd.img"

# File systems of their own have labels in fstab, `LABEL=var.log /var/log`: deepest first, each leaves an empty directory.
rm -f "$directory"/disk*.raw
mapfile -t mounts < <(awk '$1 ~ /^LABEL=/ { print $2 }' "$root/etc/fstab" | sort -r)
number=1
for mount in "${mounts[@]}"; do
  image=$directory/disk$number.raw label=${mount#/}
  truncate -s 512M "$image"
  mke2fs -q -F -t ext4 -L "${label//\//.}" -E lazy_itable_init=1,lazy_journal_init=1 -d "$root$mount" "$image"
  find "$root$mount" -mindepth 1 -delete
  number=$((number + 1))
done
truncate -s 4G "$directory/disk.raw"
mke2fs -q -F -t ext4 -E lazy_itable_init=1,lazy_journal_init=1 -d "$root" "$directory/disk.raw"
rm -rf --one-file-system "$root"
