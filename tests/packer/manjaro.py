"""Manjaro's steps as in the rescue system, onto a loop device: to the end with a stand-in for the mirror, which these machines
do not reach, and what they refuse. Run in namespaces of its own. The last line is "N passed, N failed, N skipped"."""
import argparse
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, f"{HERE}/../lab", f"{HERE}/../peers"]

from ground import sh  # noqa: E402
from mirror import Mirror, NOTES  # noqa: E402
from told import check, count, told  # noqa: E402
from tree import Tree  # noqa: E402
from vendors import serve  # noqa: E402

#: A container has no udev, which makes the nodes of partitions, and not every kernel looks for those of a loop device.
UDEVADM = '''#!/bin/sh
partx --delete /dev/DISK 2>/dev/null
partx --add /dev/DISK
for p in /sys/block/DISK/DISK*; do
  [ -b /dev/${p##*/} ] || mknod /dev/${p##*/} b $(tr : " " <$p/dev)
done
'''

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rootfs", required=True)
options = parser.parse_args()
place = tempfile.mkdtemp(prefix="devbox-packer-")
sh("mount", "-t", "tmpfs", "packer", place)
mirror = Mirror(f"{place}/manjaro")
url = serve(f"{place}/manjaro")
sh("truncate", "-s", "4G", f"{place}/disk")
disk = sh("losetup", "--find", "--show", "--partscan", f"{place}/disk").strip()
rescue = Tree(f"{place}/rescue", [options.rootfs])
rescue.write("usr/local/bin/udevadm", UDEVADM.replace("DISK", os.path.basename(disk)), 0o755)
rescue.write("var/tmp/ground", open(f"{HERE}/../../deploy/packer/steps/ground", encoding="utf-8").read())


def install(**changes):
    """manjaro-install, on a disk that nothing has mounted."""
    rescue.run("sh", "-c", "umount -R /mnt 2>/dev/null; rm -rf /etc/pacman.d/gnupg")
    return rescue.step("manjaro-install", **{"DISK": disk, "MANJARO_MIRROR": url, "MANJARO_KERNEL": "linux612",
                                             "MANJARO_KEY": mirror.fingerprint, **changes})


def ends_with(sentence, said):
    status, text = said
    check((status, text.strip().splitlines()[-1]) == (1, f"devbox image: {sentence}"), f"{status}: {text[-3000:]}")


def stops_at_a_mirror_that_is_away():
    ends_with("http://127.0.0.1:9/core/x86_64/core.db cannot be had", install(MANJARO_MIRROR="http://127.0.0.1:9"))


def stops_at_another_key():
    ends_with(f"manjaro-keyring is not signed by {'0' * 40}", install(MANJARO_KEY="0" * 40))


def last_partition():
    return sh("lsblk", "-nrpo", "NAME", disk).split()[-1]


def runs_to_its_end():
    status, said = install()
    check(status == 0, said[-4000:])
    check(last_partition() == f"{disk}p2", f"{last_partition()} is the last")
    check(sh("blkid", "-s", "LABEL", "-o", "value", f"{disk}p2").strip() == "manjaro", "the last partition is not the root's")
    check("21686148-6449-6e6f-744e-656564454649" in sh("sfdisk", "--dump", disk).lower(), "there is no place for grub")


def left(path):
    with open(f"{place}/new/{path}", encoding="utf-8") as file:
        return file.read()


def has_what_it_needs():
    """On the new disk, as the next boot would find it."""
    os.makedirs(f"{place}/new")
    sh("mount", "-o", "ro", last_partition(), f"{place}/new")
    check(left("etc/fstab").split()[:3] == ["LABEL=manjaro", "/", "ext4"], left("etc/fstab"))
    check('GRUB_TIMEOUT=1\n' in left("etc/default/grub") and 'DEFAULT="console=tty1 console=ttyS0"' in left("etc/default/grub"),
          left("etc/default/grub"))
    check("datasource_list: [Hetzner, None]" in left("etc/cloud/cloud.cfg.d/90-devbox.cfg"), "cloud-init is not told where it is")
    check(left("etc/shadow").startswith("root:!"), "root can log in with a password")
    called = left(NOTES)
    for call in ("pacman-key --init", "pacman-key --populate archlinux manjaro", "locale-gen ", "mkinitcpio -P",
                 f"grub-install --target=i386-pc {disk}", "grub-mkconfig -o /boot/grub/grub.cfg", "cloud-init clean --logs",
                 "systemctl enable sshd.service systemd-networkd.service systemd-resolved.service",
                 "systemctl enable cloud-final.service"):
        check(f"{call}\n" in called, f"{call!r} is not among {called}")


def is_clean():
    for folder in ("var/cache/pacman/pkg", "var/tmp", "tmp"):
        check(not os.listdir(f"{place}/new/{folder}"), f"{folder} holds {os.listdir(f'{place}/new/{folder}')}")
    check(not os.path.exists(f"{place}/new/etc/ssh/ssh_host_ed25519_key"), "a host key is left")
    check(left("etc/machine-id") == "" and left("var/log/pacman.log") == "", "a machine-id or a log is left")
    sh("umount", f"{place}/new")


def refuses_a_changed_package():
    """The mirror describes it as it is, and is not trusted with that; only the signature is another's."""
    sign = f"{mirror.place}/less-1-1-any.pkg.tar.gz.sig"
    os.rename(sign, f"{place}/sign")
    mirror.add("less", [("usr/bin/less", b"#!/bin/sh\n", 0o755)])
    os.rename(f"{place}/sign", sign)
    mirror.described["less-1-1/desc"] = mirror.described["less-1-1/desc"].split(b"%PGPSIG%")[0]
    mirror.write_database("core", mirror.described)
    status, said = install()
    ends_with("Manjaro's packages cannot be installed", (status, said))
    check("less: signature" in said or "less-1-1-any.pkg.tar.gz is corrupted" in said, said[-3000:])


def tools_stop_at_the_mirror():
    rescue.write("etc/pacman.conf", "[options]\nArchitecture = x86_64\n[core]\nServer = http://127.0.0.1:9/$repo\n")
    ends_with("Manjaro's packages cannot be upgraded", rescue.step("tools-pacman"))


try:
    told("a mirror that cannot be had is named", stops_at_a_mirror_that_is_away)
    told("a keyring that another key signed is refused", stops_at_another_key)
    if told("with a mirror it is installed on the disk, behind grub's part", runs_to_its_end):
        told("what boots it and tells it who it is, is there", has_what_it_needs)
        told("nothing of the machine that built it is there", is_clean)
    told("a package that was changed is refused", refuses_a_changed_package)
    told("the tools of manjaro-dev stop at the mirror, and say so", tools_stop_at_the_mirror)
finally:
    rescue.run("sh", "-c", "umount -R /mnt 2>/dev/null")
    rescue.run("sh", "-c", f"partx --delete {disk}; rm -f {disk}p1 {disk}p2")
    sh("losetup", "--detach", disk)
sys.exit(count())
