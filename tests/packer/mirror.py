"""A stand-in for Manjaro's mirror: packages of the names that are asked for, signed with a key made a moment ago. `base` is
busybox and programs that write down how they were called, so that the steps run to their end on a real disk."""
import base64
import hashlib
import io
import os
import tarfile

from mozilla import gpg, new_key

#: What manjaro-install asks for.
EMPTY = ("manjaro-release pacman-mirrors linux612 mkinitcpio grub openssh sudo curl cloud-init cloud-guest-utils e2fsprogs "
         "diffutils netplan less vim").split()
NOTES = "var/calls"
#: They note their call and do nothing else.
NOTED = "pacman pacman-key locale-gen mkinitcpio grub-install grub-mkconfig systemctl cloud-init".split()
APPLETS = "sh cat chmod cut echo env find id ln mkdir printf rm sed sync touch true truncate".split()


def base():
    """(path, content, mode); of a link its goal and "link"."""
    for folder in ("var", "var/tmp", "tmp", "root", "etc", "etc/ssh", "usr/share/zoneinfo"):
        yield folder, b"", "folder"
    with open("/bin/busybox", "rb") as file:
        yield "usr/bin/busybox", file.read(), 0o755
    for name in APPLETS:
        yield f"usr/bin/{name}", "busybox", "link"
    for name in NOTED:
        yield f"usr/bin/{name}", f'#!/bin/sh\necho "{name} $*" >>/{NOTES}\n'.encode(), 0o755
    yield "usr/bin/getent", b'#!/bin/sh\n[ "$2" = 0 ] && echo root:x:0:0::/root:/bin/sh\n', 0o755
    for name in ("bin", "sbin"):
        yield name, "usr/bin", "link"
    yield "etc/passwd", b"root:x:0:0::/root:/bin/sh\n", 0o644
    yield "etc/shadow", b"root:$6$a$b:19000::::::\n", 0o600
    yield "etc/default/grub", b'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\n', 0o644
    yield "etc/ssh/ssh_host_ed25519_key", b"a key\n", 0o600


def keyring(name, home, fingerprint):
    folder = "usr/share/pacman/keyrings"
    yield f"{folder}/{name}.gpg", gpg(home, "--armor", "--export", fingerprint).encode(), 0o644
    yield f"{folder}/{name}-trusted", f"{fingerprint}:4:\n".encode(), 0o644
    yield f"{folder}/{name}-revoked", b"", 0o644


class Mirror:
    """In `directory`, for a web server to show."""

    def __init__(self, directory):
        self.place, self.home = f"{directory}/core/x86_64", f"{directory}-keys"
        os.makedirs(self.place)
        os.makedirs(f"{directory}/extra/x86_64")
        self.fingerprint = new_key(self.home, "manjaro")
        self.described = {}
        for name in EMPTY:
            self.add(name, [])
        self.add("base", base())
        for name in ("manjaro", "archlinux"):
            self.add(f"{name}-keyring", keyring(name, self.home, self.fingerprint))
        self.write_database("core", self.described)
        self.write_database("extra", {}, f"{directory}/extra/x86_64")

    def add(self, name, files):
        file = f"{name}-1-1-any.pkg.tar.gz"
        information = f"pkgname = {name}\npkgver = 1-1\npkgdesc = a stand-in\nsize = 1\narch = any\n".encode()
        write_archive(f"{self.place}/{file}", [(".PKGINFO", information, 0o644), *files])
        gpg(self.home, "--detach-sign", "--output", f"{self.place}/{file}.sig", f"{self.place}/{file}")
        with open(f"{self.place}/{file}", "rb") as package, open(f"{self.place}/{file}.sig", "rb") as signature:
            content, signed = package.read(), base64.b64encode(signature.read()).decode()
        fields = {"FILENAME": file, "NAME": name, "VERSION": "1-1", "CSIZE": len(content), "ISIZE": 1, "ARCH": "any",
                  "SHA256SUM": hashlib.sha256(content).hexdigest(), "PGPSIG": signed}
        self.described[f"{name}-1-1/desc"] = "".join(f"%{key}%\n{value}\n\n" for key, value in fields.items()).encode()

    def write_database(self, name, described, place=None):
        write_archive(f"{place or self.place}/{name}.db", [(path, text, 0o644) for path, text in described.items()])


def write_archive(path, files):
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content, mode in files:
            entry = tarfile.TarInfo(name)
            if isinstance(mode, str):
                entry.type, entry.linkname = (tarfile.SYMTYPE, content) if mode == "link" else (tarfile.DIRTYPE, "")
                entry.mode = 0o755
                archive.addfile(entry)
            else:
                entry.size, entry.mode = len(content), mode
                archive.addfile(entry, io.BytesIO(content))
