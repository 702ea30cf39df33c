"""A disk without a machine: layers of directories and what is changed in them, in which steps are run as root."""
import os
import shutil
import subprocess

from ground import sh

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = f"{HERE}/../../deploy/packer/steps"


class Tree:
    """In `directory`, which is in memory and ends with our mount namespace."""

    def __init__(self, directory, layers, online=True):
        for folder in ("upper", "work", "root"):
            os.makedirs(f"{directory}/{folder}")
        self.root = f"{directory}/root"
        sh("mount", "-t", "overlay", "overlay", "-o",
           f"lowerdir={':'.join(layers)},upperdir={directory}/upper,workdir={directory}/work", self.root)
        furnish(self.root)
        for step in os.listdir(STEPS):
            shutil.copy(f"{STEPS}/{step}", f"{self.root}/var/tmp/{'devbox-ground' if step == 'ground' else step}")
        if online:
            for each in ("resolv.conf", "hosts"):
                shutil.copy(f"/etc/{each}", f"{self.root}/etc/{each}")

    def path(self, name):
        return f"{self.root}/{name}"

    def write(self, name, text, mode=0o644):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)

    def run(self, *words, **environment):
        """A program in there: its exit status and what it said."""
        return run_in(self.root, *words, **environment)

    def step(self, name, **environment):
        """As Packer runs it: by its first line, with TRIES=1 for there is nothing to wait for."""
        os.chmod(self.path(f"var/tmp/{name}"), 0o755)
        return self.run(f"/var/tmp/{name}", TRIES="1", **environment)


def furnish(root):
    for each in ("dev", "proc", "sys"):
        sh("mount", "--rbind", f"/{each}", f"{root}/{each}")


def run_in(root, *words, **environment):
    done = subprocess.run(["chroot", root, *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", check=False,
                          env={"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
                               **environment})
    return done.returncode, done.stdout
