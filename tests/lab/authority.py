"""A certificate authority of the lab's: Let's Encrypt cannot reach a tailnet that has no way out."""
import contextlib
import os
import shutil

from ground import sh


class Authority:
    """`file` is its own certificate."""

    def __init__(self, ground):
        self.ground, self.file, self._key = ground, ground.file("ca.pem"), ground.file("ca.key")
        sh("openssl", "req", "-x509", *NEW_KEY, "-keyout", self._key, "-out", self.file, "-days", "2",
           "-subj", "/CN=lab")

    def certify(self, name):
        """The files of a key and of a certificate for that name."""
        key, request, certificate, names = (self.ground.file(f"{name}.{kind}")
                                            for kind in ("key", "csr", "crt", "names"))
        with open(names, "w", encoding="ascii") as file:
            file.write(f"subjectAltName=DNS:{name}\n")
        sh("openssl", "req", *NEW_KEY, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        sh("openssl", "x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self._key, "-CAcreateserial",
           "-days", "60", "-extfile", names, "-out", certificate)
        return key, certificate

    def is_trusted(self, root):
        """By a machine from its first boot on."""
        with open(self.file, encoding="ascii") as own, \
                open(f"{root}/etc/ssl/certs/ca-certificates.crt", "a", encoding="ascii") as trusted:
            trusted.write(own.read())

    def seed(self, volume, name):
        """A certificate as a workspace before has left it on its volume."""
        sh("mkfs.ext4", "-q", "-F", volume)
        with mounted(volume, self.ground.file("seed")) as home:
            os.makedirs(f"{home}/.devbox/certs", mode=0o700)
            for file in self.certify(name):
                shutil.copy(file, f"{home}/.devbox/certs/")


NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


@contextlib.contextmanager
def mounted(image, where):
    os.makedirs(where, exist_ok=True)
    sh("mount", "-o", "loop", image, where)
    try:
        yield where
    finally:
        sh("umount", where)
