#!/bin/bash
# tests/lab/rootfs.sh TREE   makes the disk of a workspace, as a snapshot's before its first boot: Debian 12 with
# systemd, cloud-init and sshd. tailscaled and a stand-in for code-server are laid over it. About a minute, 500 MB.
set -euo pipefail
tree=$1

packages=(
  systemd systemd-sysv dbus cloud-init openssh-server sudo
  iproute2 iptables ca-certificates curl e2fsprogs python3 procps git tmux make
)
# shellcheck disable=SC2016 # $(SITE) is apt's
mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep '/debian/\?$' | head -n 1 || true)
rm -rf --one-file-system "$tree.part"
mmdebstrap --quiet --variant=minbase --include="$(IFS=,; echo "${packages[*]}")" \
  --aptopt='APT::Install-Recommends "false"' --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  bookworm "$tree.part" ${mirror:+"$mirror"}

# The lab gives the address from outside, and the image has no locales; the rest is cloud-init's own.
printf 'network: {config: disabled}\nlocale: false\ndatasource_list: [NoCloud]\n' \
  >"$tree.part/etc/cloud/cloud.cfg.d/90-lab.cfg"
for unit in networkd-wait-online.service networkd.service networkd.socket resolved.service; do
  ln -sf /dev/null "$tree.part/etc/systemd/system/systemd-$unit"
done
# What is made at the first boot of each machine.
: >"$tree.part/etc/machine-id"
: >"$tree.part/etc/resolv.conf"
rm -f "$tree.part"/etc/ssh/ssh_host_*
install -d "$tree.part/var/log/journal" # so that a machine's journal can be read when it is gone
mv "$tree.part" "$tree"
