"""A stand-in for packages.mozilla.org: a repository with one package, signed with a key that was made a moment ago."""
import hashlib
import os
import re
import subprocess

from ground import sh
from vendors import ARCHITECTURE


def new_key(home, name):
    """A key of its own, in a keyring of its own; its fingerprint."""
    os.makedirs(home, mode=0o700, exist_ok=True)
    gpg(home, "--passphrase", "", "--quick-generate-key", f"{name} <{name}@example.org>", "ed25519", "sign", "never")
    listed = gpg(home, "--with-colons", "--list-keys", f"{name}@example.org")
    return re.search(r"^fpr:+([0-9A-F]{40}):", listed, re.M)[1]


def gpg(home, *words):
    return sh("gpg", "--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", *words)


class Mozilla:
    """In `directory`, for a web server to show."""

    def __init__(self, directory):
        self.directory, self.home = directory, f"{directory}-keys"
        index = f"{directory}/dists/mozilla/main/binary-{ARCHITECTURE}"
        os.makedirs(index)
        self.fingerprint = new_key(self.home, "mozilla")
        with open(f"{directory}/repo-signing-key.gpg", "w", encoding="ascii") as file:
            file.write(gpg(self.home, "--armor", "--export", self.fingerprint))
        with open(f"{index}/Packages", "w", encoding="ascii") as file:
            file.write(self.package())
        with open(f"{index}/Packages", "rb") as file:
            packages = file.read()
        release = f"{directory}/dists/mozilla/Release"
        with open(release, "w", encoding="ascii") as file:
            file.write(f"Origin: stand-in\nSuite: mozilla\nCodename: mozilla\nArchitectures: {ARCHITECTURE}\nComponents: main\n"
                       f"Date: {subprocess.check_output(['date', '-Ru'], text=True)}SHA256:\n"
                       f" {hashlib.sha256(packages).hexdigest()} {len(packages)} main/binary-{ARCHITECTURE}/Packages\n")
        gpg(self.home, "--clearsign", "--output", f"{directory}/dists/mozilla/InRelease", release)

    def package(self):
        """Makes firefox; its paragraph of the index."""
        tree, name = f"{self.home}/firefox", "firefox.deb"
        control = f"Package: firefox\nVersion: 150~stand-in\nArchitecture: {ARCHITECTURE}\nMaintainer: nobody\nDescription: a stand-in\n"
        for path, text, mode in (("DEBIAN/control", control, 0o644), ("usr/bin/firefox", "#!/bin/sh\necho stand-in\n", 0o755)):
            os.makedirs(os.path.dirname(f"{tree}/{path}"), exist_ok=True)
            with open(f"{tree}/{path}", "w", encoding="ascii") as file:
                file.write(text)
            os.chmod(f"{tree}/{path}", mode)
        os.chmod(tree, 0o755)
        sh("dpkg-deb", "--build", "--root-owner-group", tree, f"{self.directory}/{name}")
        with open(f"{self.directory}/{name}", "rb") as file:
            content = file.read()
        return f"{control}Filename: {name}\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n\n"

    def environment(self, url):
        return {"MOZILLA_MIRROR": url, "MOZILLA_KEY": self.fingerprint}
