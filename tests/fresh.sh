#!/bin/bash
# tests/fresh.sh SUITE COMMAND…   runs COMMAND in a clone of this checkout's HEAD inside a bare Debian SUITE (bookworm,
# trixie): a minimal root with git and nothing else. The bare root is kept in FRESH_DIR, what COMMAND does to its copy
# is thrown away. Exit 77 when this machine cannot do that; else COMMAND's own.
set -euo pipefail
project=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
cache=${FRESH_DIR:-/var/tmp/devbox-fresh}

cannot() {
  echo "fresh: $*" >&2
  exit 77
}

# The mounts live in a namespace of their own and end with it.
if [ "${1:-}" != --inside ]; then
  [ $# -ge 2 ] || { echo "usage: tests/fresh.sh SUITE COMMAND…" >&2; exit 2; }
  [ "$(id -u)" = 0 ] || cannot "a bare Debian root can only be made by root."
  command -v debootstrap >/dev/null || cannot "debootstrap is not installed."
  unshare --mount --pid --fork mount -t tmpfs none /mnt 2>/dev/null || cannot "this machine does not let root mount."
  exec unshare --mount --pid --fork --kill-child "${BASH_SOURCE[0]}" --inside "$@"
fi
suite=$2
shift 2

mkdir -p "$cache"
if [ ! -d "$cache/$suite" ]; then
  # shellcheck disable=SC2016 # $(SITE) is apt's
  mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep '/debian/\?$' | head -n 1 || true)
  debootstrap --variant=minbase --include=ca-certificates,git "$suite" "$cache/$suite.part" ${mirror:+"$mirror"} >&2 ||
    cannot "debootstrap could not make $suite."
  mv "$cache/$suite.part" "$cache/$suite"
fi

root=$(mktemp -d "$cache/$suite.XXXXXX")
trap 'umount -R "$root/dev" "$root/proc" 2>/dev/null; rm -rf --one-file-system "$root"' EXIT
cp -a "$cache/$suite/." "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount --make-rslave "$root/dev"
# How this machine reaches the network: its resolver, and the authorities that it trusts.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
# A minimal root does not know its own name.
[ -s "$root/etc/hosts" ] || echo "127.0.0.1 localhost" >"$root/etc/hosts"
git clone -q "$project" "$root/srv/devbox"

status=0
env -i HOME=/srv PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 ${CI:+CI="$CI"} \
  chroot "$root" /bin/bash -c 'cd /srv/devbox && exec "$@"' fresh "$@" || status=$?
exit "$status"
