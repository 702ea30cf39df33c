#!/bin/bash
# The volume stage (deploy/cloud-init/volume) with real loop devices, file systems and mounts, in a throw-away view of
# this machine's own root: above all, what it formats and what it never does. Needs root. The last line is
# "N passed, N failed, N skipped".
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."

if [ "${1:-}" != inside ]; then
  for program in losetup mkfs.ext4 mkfs.xfs mkswap sfdisk unshare; do
    command -v "$program" >/dev/null || missing=$program
  done
  [ "$(id -u)" = 0 ] || missing=root
  if [ -n "${missing:-}" ] || ! unshare -m true 2>/dev/null || ! device=$(losetup -f 2>/dev/null); then
    echo "   skipped: the volume's test needs ${missing:-namespaces and loop devices}"
    echo "0 passed, 0 failed, 1 skipped"
    exit 0
  fi
  exec unshare -m --propagation private bash tests/deploy/volume_test.sh inside
fi

# --- a machine to run it on: this one's files, with nothing written back -------------------------------------------
top=$(mktemp -d)
root=$top/root
mount -t tmpfs tmpfs "$top"
mkdir -p "$root" "$top/upper" "$top/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$top/upper,workdir=$top/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --rbind /sys "$root/sys"
mount -t tmpfs tmpfs "$root/run"
end() {
  umount -R "$root" || true
  for device in $(losetup -n -O NAME,BACK-FILE | awk -v top="$top/" 'index($2, top) == 1 {print $1}'); do losetup -d "$device"; done
  umount "$top" && rmdir "$top"
}
trap end EXIT

install -D -m 755 -t "$root/usr/local/lib/devbox" deploy/cloud-init/{begin,stage,volume}
mkdir -p "$root/etc/devbox" "$root/etc/ssh" "$root/etc/skel" "$root/home" "$root/opt/kept"
rm -rf "${root:?}"/home/* "$root"/etc/ssh/ssh_host_*
echo "hello" >"$root/etc/skel/greeting"
sed -i '/:1000:/d' "$root/etc/passwd" "$root/etc/group"
echo 'dev:x:1000:1000::/home/dev:/bin/bash' >>"$root/etc/passwd"
printf 'dev:x:1000:\n' >>"$root/etc/group"
# The only stand-in: services do not run here, so what is asked of them is written down.
cat >"$root/usr/local/bin/systemctl" <<'END'
#!/bin/sh
echo "$*" >>/run/systemctl
case "$*" in
  # A socket that is stopped takes its service along.
  "is-active docker.socket" | "is-active docker.service") ! grep -q "^stop .*docker.socket" /run/systemctl && echo active ;;
  "is-active containerd.service") ! grep -q "^stop .*containerd.service" /run/systemctl && echo activating && false ;;
  is-active*) echo inactive && false ;;
esac
END
chmod +x "$root/usr/local/bin/systemctl"

# --- what happens there -------------------------------------------------------------------------------------------
passed=0 failed=0 skipped=0
check() { # check WHAT COMMAND…
  local what=$1
  shift
  if "$@"; then return 0; fi
  broken="$broken$what; "
}
equal() { [ "$1" = "$2" ] || { echo "      \"$1\" is not \"$2\""; false; }; }
story() { # story NAME FUNCTION
  local name=$1
  broken=
  fresh
  "$2" >"$top/output" 2>&1 </dev/null || broken="${broken}it ended early; "
  if [ -z "$broken" ]; then
    passed=$((passed + 1))
    echo "   ok      $name"
  else
    failed=$((failed + 1))
    sed 's/^/      /' "$top/output"
    [ ! -f "$top/log" ] || sed 's/^/      | /' "$top/log"
    echo "   FAILED  $name: $broken"
  fi
  power_off
}

# A server that has nothing yet but the image and a volume of 600 MiB, blank.
fresh() {
  image=$top/volume
  rm -f "$image"
  truncate -s 600M "$image"
  new_server
}
new_server() {
  rm -rf "$root/var/lib/docker" "$root"/etc/ssh/ssh_host_*
  mkdir -p "$root/var/lib/docker"
  echo "of the image" >"$root/var/lib/docker/layer"
  cat >"$root/etc/devbox/env" <<'END'
DEVBOX_USER='dev'
DEVBOX_UID='1000'
DEVBOX_VOLUME='/run/volume'
DEVBOX_KEEP_DIRS='/var/lib/docker:/srv/a-b'
END
}
attach() { # attach [LOSETUP OPTION…]
  device=$(losetup -f --show "$@" "$image")
  ln -sfn "$device" "$root/run/volume"
}
power_off_home() {
  local mounted
  for mounted in /var/lib/docker /srv/a-b /var/lib/tailscale/certs /home; do
    ! mountpoint -q "$root$mounted" || umount "$root$mounted"
  done
}
power_off() {
  power_off_home
  [ -z "${device:-}" ] || losetup -d "$device"
  device=
  rm -rf "$root/run/devbox" "$root/run/volume" "$root/run/systemctl"
}
# Runs the stage; `said` is its last line without the time.
run() {
  chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /usr/local/lib/devbox/volume >"$top/log" 2>&1 </dev/null || true
  said=$(tail -n 1 "$root/run/devbox/stages" | cut -f 2- | tr '\t' ' ' | sed 's/ *$//')
}
boot() { # boot [LOSETUP OPTION…]
  attach "$@"
  run
}
refuses() { # refuses DETAIL: and the volume is what it was
  cp --sparse=always "$image" "$top/before"
  boot
  check "says why" equal "$said" "volume failed $1"
  check "not mounted" has_no_home
  check "the volume is untouched" cmp "$image" "$top/before"
}
never="it is never formatted"

blank() {
  boot
  check "ok" equal "$said" "volume ok"
  check "on /home" equal "$(findmnt -no SOURCE,FSTYPE "$root/home" | tr -s ' ')" "$device ext4"
  check "noatime, nodev" grep -q "noatime.*nodev\|nodev.*noatime" <(findmnt -no OPTIONS "$root/home")
  check "named" equal "$(blkid -p -s LABEL -o value "$device")" devbox-home
  check "nearly all of it is used" test "$(blocks)" -ge "$((599 * 256))"
  check "home from skel" equal "$(stat -c '%u:%g %a' "$root/home/dev") $(cat "$root/home/dev/greeting")" "1000:1000 750 hello"
  check "owned" equal "$(stat -c %u "$root/home/dev/greeting")" 1000
  check "private" equal "$(stat -c '%u %a' "$root/home/.devbox" "$root/var/lib/tailscale/certs" | sort -u)" "0 700"
  rm "$root/home/dev/greeting"
  run
  check "again, nothing changes" equal "$said $(ls "$root/home/dev")" "volume ok "
}
has_no_home() { ! mountpoint -q "$root/home"; }
blocks() { dumpe2fs -h "$device" 2>/dev/null | sed -n 's/^Block count: *//p'; }

another_server() {
  boot
  echo mine >"$root/home/dev/file"
  echo cert >"$root/var/lib/tailscale/certs/alice.crt"
  echo new >"$root/var/lib/docker/container"
  echo too >"$root/srv/a-b/file"
  local keys
  keys=$(cat "$root"/etc/ssh/ssh_host_*_key)
  check "there are host keys" test -n "$keys"
  check "docker was stopped and started" equal "$(grep -v '^is-active' "$root/run/systemctl" | tr '\n' ';')" \
    "stop docker.socket docker.service containerd.service;start --no-block docker.socket docker.service containerd.service;"
  power_off
  new_server
  echo "of another image" >"$root/var/lib/docker/layer"
  ssh-keygen -q -t ed25519 -N '' -f "$root/etc/ssh/ssh_host_ed25519_key"
  boot
  check "ok" equal "$said" "volume ok"
  check "the file" equal "$(cat "$root/home/dev/file")" mine
  check "the certificate" equal "$(cat "$root/var/lib/tailscale/certs/alice.crt")" cert
  check "what was kept" equal "$(cat "$root/var/lib/docker/layer" "$root/var/lib/docker/container" "$root/srv/a-b/file" | tr '\n' ';')" \
    "of the image;new;too;"
  check "a name of its own" test -d "$root/home/.devbox/keep/srv-a--b"
  check "the same host keys" equal "$(cat "$root"/etc/ssh/ssh_host_*_key)" "$keys"
  check "each with its public half" equal "$(ssh-keygen -y -f "$root/etc/ssh/ssh_host_ed25519_key")" \
    "$(cat "$root/etc/ssh/ssh_host_ed25519_key.pub")"
  check "private ones" equal "$(stat -c %a "$root"/etc/ssh/ssh_host_*_key | sort -u)" 600
  check "sshd reads them" grep -q "^try-reload-or-restart ssh" "$root/run/systemctl"
}

lost_host_key() {
  boot
  : >"$root/home/.devbox/ssh/ssh_host_ed25519_key"
  power_off
  new_server
  boot
  check "ok" equal "$said" "volume ok"
  check "a new one is kept" cmp "$root/etc/ssh/ssh_host_ed25519_key" "$root/home/.devbox/ssh/ssh_host_ed25519_key"
}

grown() {
  boot
  echo mine >"$root/home/dev/file"
  power_off
  truncate -s 900M "$image"
  boot
  check "ok" equal "$said $(cat "$root/home/dev/file")" "volume ok mine"
  check "all of it is used" equal "$(blocks)" "$((900 * 256))"
}

late() {
  (
    sleep 2
    attach
  ) &
  run
  device=$(readlink "$root/run/volume")
  check "ok" equal "$said" "volume ok"
}

of_hetzner() {
  mkfs.ext4 -q "$image"
  boot
  check "ok" equal "$said" "volume ok"
  check "as it was made" equal "$(blkid -p -s LABEL -o value "$device")" ""
}

xfs() { mkfs.xfs -q -f "$image" && refuses "the volume holds xfs and not ext4: $never"; }
swap() { mkswap -q "$image" && refuses "the volume holds swap and not ext4: $never"; }
gpt() { echo 'label: gpt' | sfdisk -q "$image" && refuses "the volume holds gpt and not ext4: $never"; }
two() {
  mkfs.ext4 -q "$image"
  printf 'LUKS\272\276\000\001' | dd of="$image" conv=notrunc status=none
  boot
  check "not taken for one of them" grep -q "^volume failed the volume holds " <<<"$said"
}
put() { printf x | dd of="$image" bs=1 seek="$1" conv=notrunc status=none; }
unknown="the volume holds something unknown: $never"
early_garbage() { put 1000 && refuses "$unknown"; }
late_garbage() {
  dd if=/dev/urandom of="$image" bs=1M seek=410 count=8 conv=notrunc status=none
  refuses "$unknown"
}
last_byte() { put $((600 * 1048576 - 1)) && refuses "$unknown"; }
headless() { # its first 16 MiB are lost; the spare superblocks and all files are there
  mkfs.ext4 -q "$image"
  dd if=/dev/zero of="$image" bs=1M count=16 conv=notrunc status=none
  refuses "$unknown"
}

read_only() {
  boot -r
  check "says why" equal "$said" "volume failed the volume is read-only"
}

damaged() {
  boot
  power_off
  dd if=/dev/urandom of="$image" bs=4096 seek=2 count=600 conv=notrunc status=none
  boot
  check "says why" grep -q "^volume failed the volume's file system is damaged" <<<"$said"
  check "not mounted" has_no_home
}

# The server is deleted while mkfs works: what is there then is neither blank nor a file system.
half_made() {
  printf '#!/bin/sh\nfor last; do :; done\necho junk | dd of=/run/volume bs=1M seek=20 conv=notrunc\nexit 1\n' >"$root/usr/local/bin/mkfs.ext4"
  chmod +x "$root/usr/local/bin/mkfs.ext4"
  boot
  rm "$root/usr/local/bin/mkfs.ext4"
  check "says why" equal "$said" "volume failed the volume could not be formatted"
  run
  check "formatted then" equal "$said" "volume ok"
  check "and no more" equal "$(tail -c 4096 "$image" | tr -d '\0\n')" ""
}

# The file system is complete, and only the note that it is being made was not taken away.
nearly_made() {
  printf '#!/bin/sh\n/usr/sbin/mkfs.ext4 "$@"; exit 1\n' >"$root/usr/local/bin/mkfs.ext4"
  chmod +x "$root/usr/local/bin/mkfs.ext4"
  boot
  rm "$root/usr/local/bin/mkfs.ext4"
  run
  check "formatted then" equal "$said" "volume ok"
}

# Somebody copied the note to where it would stand, on a volume that was in use.
forged() {
  boot
  echo mine >"$root/home/dev/file"
  power_off
  sed -n 's/^mark="\(.*\)"$/\1/p' deploy/cloud-init/volume | dd of="$image" bs=4096 seek=$((600 * 256 - 1)) conv=notrunc,sync status=none
  boot
  check "ok" equal "$said $(cat "$root/home/dev/file")" "volume ok mine"
}

other_user() {
  sed -i 's/^dev:x:1000:/dev:x:1001:/' "$root/etc/passwd"
  boot
  sed -i 's/^dev:x:1001:/dev:x:1000:/' "$root/etc/passwd"
  check "says why" equal "$said" "volume failed the user dev of this image is 1001, and files on the volume are of 1000"
}
no_user() {
  sed -i 's/^dev:x:1000:/ubuntu:x:1000:/' "$root/etc/passwd"
  boot
  sed -i 's/^ubuntu:x:1000:/dev:x:1000:/' "$root/etc/passwd"
  check "says why" equal "$said" "volume failed there is no user dev: in this image 1000 is ubuntu"
}


# As when a container of another mount namespace has it: the check refuses a file system that is in use.
elsewhere() {
  boot
  echo mine >"$root/home/dev/file"
  power_off_home
  mkdir -p "$top/elsewhere"
  mount "$device" "$top/elsewhere"
  run
  umount "$top/elsewhere"
  check "ok" equal "$said $(cat "$root/home/dev/file")" "volume ok mine"
}

slow_copy() {
  echo "DEVBOX_COPY_LIMIT='1'" >>"$root/etc/devbox/env"
  printf '#!/bin/sh\ncase $* in */.devbox/copy) exec sleep 30 ;; esac\nexec /bin/cp "$@"\n' >"$root/usr/local/bin/cp"
  chmod +x "$root/usr/local/bin/cp"
  boot
  rm "$root/usr/local/bin/cp"
  check "says why" equal "$said" \
    "volume failed copying /var/lib/docker of the image onto the volume took more than 1 s: keep_dirs without it, or less in it"
  sed -i '/COPY_LIMIT/d' "$root/etc/devbox/env"
  run
  check "done then" equal "$said $(cat "$root/var/lib/docker/layer")" "volume ok of the image"
}

containerd() {
  sed -i "s|^DEVBOX_KEEP_DIRS=.*|DEVBOX_KEEP_DIRS='/var/lib/containerd'|" "$root/etc/devbox/env"
  boot
  check "ok" equal "$said" "volume ok"
  check "docker was stopped for it" grep -q "^stop docker.socket docker.service containerd.service$" "$root/run/systemctl"
  umount "$root/var/lib/containerd"
}

without_cmp() {
  mkdir "$top/without"
  mv "$root/usr/bin/cmp" "$top/without/"
  boot
  mv "$top/without/cmp" "$root/usr/bin/"
  check "says why" equal "$said" \
    "volume failed this image has no cmp (package diffutils), without which a blank volume is not told from a full one"
}

story "a blank volume is formatted once and becomes /home" blank
story "another server with the volume has its files, host keys and certificates" another_server
story "a host key that was lost on the volume is replaced" lost_host_key
if (((0x$(awk '/^CapEff/ {print $2}' /proc/self/status) >> 24) & 1)); then # CAP_SYS_RESOURCE
  story "a volume that was made larger is used as a whole" grown
else
  echo "   skipped a volume that was made larger: the kernel lets nobody grow a mounted file system here"
  skipped=1
fi
story "a volume that comes late is waited for" late
story "a volume that Hetzner has formatted as ext4 is taken as it is" of_hetzner
story "XFS is never formatted" xfs
story "swap is never formatted" swap
story "a partition table is never formatted" gpt
story "two signatures are never formatted" two
story "garbage in the first block is never formatted" early_garbage
story "a few MiB of garbage far behind are never formatted" late_garbage
story "a single byte at the very end is enough" last_byte
story "an ext4 that lost its first 16 MiB is never formatted" headless
story "a read-only volume is refused" read_only
story "a damaged file system is not repaired by force" damaged
story "a format that was cut short is begun again" half_made
story "so is one whose last word is missing" nearly_made
story "a volume in use is not formatted whatever stands in its last block" forged
story "a volume that something else has mounted still is mounted again unchecked" elsewhere
story "a copy that takes too long ends with its own sentence, and is begun again" slow_copy
story "docker rests while containerd's directory moves" containerd
story "an image without cmp is refused" without_cmp
story "a user of another number is refused" other_user
story "an image where somebody else has the number is refused" no_user
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
