#!/bin/bash
# tests/packer/manjaro.sh ROOTFS   runs manjaro-install as in a rescue system, onto a loop device, until its mirror is
# asked, which these machines do not reach. In a mount namespace of its own.
set -euo pipefail
rootfs=$1
place=$(mktemp -d)
mount -t tmpfs packer "$place"
mkdir "$place/upper" "$place/work" "$place/tree"
mount -t overlay overlay -o "lowerdir=$rootfs,upperdir=$place/upper,workdir=$place/work" "$place/tree"
for each in /dev /proc /sys; do mount --rbind "$each" "$place/tree$each"; done
cp /etc/resolv.conf /etc/hosts "$place/tree/etc/"
mkdir -p "$place/tree/var/tmp"
cp deploy/packer/steps/* "$place/tree/var/tmp/"
truncate -s 4G "$place/disk"
disk=$(losetup --find --show --partscan "$place/disk")
trap 'umount -R "$place/tree/mnt" 2>/dev/null || true; losetup --detach "$disk"' EXIT
# A container has no udev, which makes the nodes of partitions.
# shellcheck disable=SC2016 # expanded in there
printf '#!/bin/sh\nfor p in /sys/block/%s/%s*; do [ -b /dev/${p##*/} ] || mknod /dev/${p##*/} b $(tr : " " <$p/dev); done\n' \
  "${disk##*/}" "${disk##*/}" >"$place/tree/usr/local/bin/udevadm"
chmod 755 "$place/tree/usr/local/bin/udevadm"

passed=0 failed=0
told() {
  local sentence=$1
  shift
  if "$@"; then passed=$((passed + 1)) && echo "   ok      $sentence"; else failed=$((failed + 1)) && echo "   FAILED  $sentence"; fi
}
said=$(env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TRIES=1 DISK="$disk" MANJARO_MIRROR=http://127.0.0.1:9/manjaro \
  MANJARO_KEY=3B794DE6D4320FCE594F4171279E7CF5D8D56EC8 MANJARO_KERNEL=linux612 \
  chroot "$place/tree" bash /var/tmp/manjaro-install 2>&1) && status=0 || status=$?
last=$(tail -n 1 <<<"$said")
told "it ends at Manjaro's mirror, and says so" \
  test "$status $last" = "1 devbox image: http://127.0.0.1:9/manjaro/core/x86_64/core.db cannot be had"
told "pacman and pacstrap are installed in the rescue system by then" \
  chroot "$place/tree" sh -c '{ command -v pacman && command -v pacstrap && command -v pacman-key; } >/dev/null'
told "the root file system is the last on the disk, behind grub's part" \
  test "$(blkid -s LABEL -o value "$(lsblk -nrpo NAME "$disk" | tail -n 1)")" = manjaro
[ "$failed" = 0 ] || tail -n 15 <<<"$said"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
