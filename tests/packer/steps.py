"""Steps of deploy/packer by themselves, as root in trees and on loop devices: what they refuse, and what no build here shows.
Run by tests/suites/packer.sh in namespaces of its own. The last line is "N passed, N failed, N skipped"."""
import argparse
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path += [HERE, f"{HERE}/../lab", f"{HERE}/../peers"]

from ground import sh  # noqa: E402
from told import check, count, told  # noqa: E402
from tree import Tree, furnish, run_in, STEPS  # noqa: E402
from vendors import ARCHITECTURE, Vendors  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
for option in ("--tailnet", "--rootfs"):
    parser.add_argument(option, required=True)
options = parser.parse_args()
place = tempfile.mkdtemp(prefix="devbox-packer-")
sh("mount", "-t", "tmpfs", "packer", place)
vendors = Vendors(f"{place}/vendors", options.tailnet)
trees = 0


def new_tree():
    global trees
    trees += 1
    return Tree(f"{place}/tree-{trees}", [options.rootfs])


def last_line(said):
    return (said.strip().splitlines() or [""])[-1]


def stops(sentence, **changes):
    """The step `programs` ends with it, and nothing was installed."""
    tree = new_tree()
    status, said = tree.step("programs", **{**vendors.environment(), **changes})
    check((status, last_line(said)) == (1, f"devbox image: {sentence}"), f"{status}: {said}")
    for program in ("usr/sbin/tailscaled", "usr/bin/tailscale", "usr/local/bin/code-server"):
        check(not os.path.lexists(tree.path(program)), f"{program} was installed")


def refuses_another_archive():
    for name, file in vendors.files.items():
        stops(f"{vendors.url}/{file} is not what its checksum says", **{f"{name}_SHA256_{ARCHITECTURE.upper()}": "0" * 64})


def refuses_an_archive_without_checksum():
    for name, program in (("TAILSCALE", "tailscale"), ("CODE_SERVER", "code-server")):
        stops(f"{program} has no checksum: give the SHA-256 of {vendors.url}/{vendors.files[name]} to the build "
              "(deploy/packer/README.md)", **{f"{name}_SHA256_{ARCHITECTURE.upper()}": ""})


def names_what_cannot_be_had():
    stops(f"http://127.0.0.1:9/tailscale_1_{ARCHITECTURE}.tgz cannot be had", TAILSCALE_MIRROR="http://127.0.0.1:9")


def installs_both():
    tree = new_tree()
    status, said = tree.step("programs", **vendors.environment())
    check(status == 0, said)
    status, said = tree.run("sh", "-c", "tailscale version && test -x /usr/local/lib/code-server/bin/code-server && "
                            "test -x /usr/local/bin/code-server && test ! -e /var/tmp/devbox-programs")
    check(status == 0, said)


def names_each_lack():
    tree = new_tree()
    os.remove(tree.path("usr/bin/cmp"))
    for name, text in (("etc/machine-id", "0" * 32 + "\n"), ("var/lib/tailscale/tailscaled.state", "{}"),
                       ("var/lib/cloud/instance/boot-finished", ""), ("root/.ssh/authorized_keys", ""),
                       ("etc/ssh/ssh_host_ed25519_key", "")):
        tree.write(name, text)
    tree.run("useradd", "--uid", "1000", "debian")
    expected = [f"devbox image: {lack}" for lack in (
        "there is no cmp", "there is no tailscale", "there is no tailscaled", "there is no code-server",
        "1000 is debian, and has to be the workspace's user", "it has a machine-id", "it has a tailnet's identity",
        "it has cloud-init's state", "it lets the builder's key in", "it has the host key /etc/ssh/ssh_host_ed25519_key")]
    status, said = tree.step("contract")
    check((status, said.splitlines()) == (1, expected), said)


def gives_space_back():
    """On a disk of its own, which the kernel tells what is no longer used."""
    image, root = f"{place}/disk", f"{place}/disk-root"
    sh("truncate", "-s", "2G", image)
    sh("mkfs.ext4", "-q", image)
    os.makedirs(root)
    sh("mount", "-o", "loop", image, root)
    try:
        sh("cp", "-a", f"{options.rootfs}/.", root)
        sh("cp", f"{STEPS}/clean", f"{root}/var/tmp/")
        os.makedirs(f"{root}/home/debian/.cache")
        with open(f"{root}/var/cache/apt/archives/large.deb", "wb") as file:
            file.write(os.urandom(256 << 20))
        with open(f"{root}/var/log/syslog", "w", encoding="ascii") as file:
            file.write("a line\n" * 1000)
        sh("sync", "--file-system", root)
        before = os.stat(image).st_blocks // 2048
        furnish(root)
        run_in(root, "useradd", "--uid", "1000", "debian")
        status, said = run_in(root, "sh", "/var/tmp/clean")
        check(status == 0 and "/: " in said and "bytes) trimmed" in said, said)
        check(os.path.getsize(f"{root}/var/log/syslog") == 0 and not os.listdir(f"{root}/tmp"), "a log or a temporary file is left")
        check(run_in(root, "getent", "passwd", "1000")[0] == 2 and not os.path.exists(f"{root}/home/debian"), "1000 is left")
        after = os.stat(image).st_blocks // 2048
        check(before - after >= 200, f"{before} MB before, {after} MB after")
        return f"{before} MB before, {after} MB after"
    finally:
        sh("umount", "--recursive", "--lazy", root)


told("an archive with another checksum is refused, and nothing is installed", refuses_another_archive)
told("an archive without a checksum is refused", refuses_an_archive_without_checksum)
told("an archive that cannot be had is named", names_what_cannot_be_had)
told("the vendors' archives are unpacked to where the bot starts them", installs_both)
told("the contract names each lack of an image", names_each_lack)
told("what was deleted is given back to the disk", gives_space_back)
sys.exit(count())
