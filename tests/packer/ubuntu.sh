#!/bin/bash
# tests/packer/ubuntu.sh TREE   makes the disk of a stock Ubuntu 24.04 as tests/lab/rootfs.sh does Debian's, from the mirror
# that debootstrap knows, whose key is known by its fingerprint. Half a minute, 300 MB. Ends with 3 where the mirror is not reached.
set -euo pipefail
tree=$1
mirror=$(sed -n 's/^\s*default_mirror \(.*archive\..*\)/\1/p' /usr/share/debootstrap/scripts/gutsy | head -n 1)
fingerprint=F6ECB3762474EDA9D21B7022871920D1991BC93C # the archive's, of 2018

packages=(
  apt ubuntu-keyring systemd systemd-sysv dbus cloud-init openssh-server sudo
  iproute2 iptables ca-certificates curl e2fsprogs python3 procps
)
keys=$(mktemp -d)
trap 'rm -rf "$keys"' EXIT
mkdir -m 700 "$keys/gnupg"
chmod 755 "$keys" # apt reads as a user of its own
curl -fsSL --max-time 60 -o "$keys/all" "$mirror/project/ubuntu-archive-keyring.gpg" || exit 3
gpg --homedir "$keys/gnupg" --batch -q --import "$keys/all"
gpg --homedir "$keys/gnupg" --batch -q --output "$keys/one" --export "$fingerprint!"
sources=$keys/sources.list
for suite in noble noble-updates noble-security; do
  echo "deb $mirror $suite main universe"
done >"$sources"

rm -rf --one-file-system "$tree.part"
mmdebstrap --quiet --variant=minbase --keyring="$keys/one" --include="$(IFS=,; echo "${packages[*]}")" \
  --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  noble "$tree.part" "$sources"

printf 'network: {config: disabled}\nlocale: false\napt: {preserve_sources_list: true}\ndatasource_list: [NoCloud]\n' \
  >"$tree.part/etc/cloud/cloud.cfg.d/90-lab.cfg"
for unit in systemd-networkd-wait-online.service systemd-networkd.service systemd-networkd.socket systemd-resolved.service; do
  ln -sf /dev/null "$tree.part/etc/systemd/system/$unit"
done
: >"$tree.part/etc/machine-id"
: >"$tree.part/etc/resolv.conf"
rm -f "$tree.part"/etc/ssh/ssh_host_*
install -d "$tree.part/var/log/journal" # so that a machine's journal can be read when it is gone
mv "$tree.part" "$tree"
